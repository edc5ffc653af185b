"""Plain measures of what the network is given, and the gates on them: is a case of the kind that training saw?

The distance between features can miss what the network has learned to ignore; these can't.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.messages import Message

Array = npt.NDArray[Any]
Ranges = dict[str, tuple[float, float]]
MARGIN = 0.1
"""Of the training's range, on either side: so much outside still counts as seen."""

MEASURES = (
    "brain_ml", "brain_skewness", "brain_bright", "brain_sharpness",
    "region_ml", "region_lateral_mm", "region_y_mm", "region_z_mm", "region_intensity",
)  # fmt: skip


def case_measures(grid: InputGrid, image: Array, prior: Array, brain: Array) -> dict[str, float]:
    """Measure what a network is given.

    Args:
        grid: of all three.
        image: (I, J, K), standardised in the brain.
        prior: (I, J, K) in [0, 1].
        brain: bool (I, J, K), not empty.

    Returns:
        Intensities in standard deviations of the brain: `brain_skewness` (third moment), `brain_bright` (99.5th
        percentile), `brain_sharpness` (mean gradient inside the brain, per mm), `region_intensity` (mean where the
        prior is above 0.5). Places in MNI152: centre of the region, `region_lateral_mm` being its distance from the
        midline. Those of the region are absent where there is none.
    """
    ml = grid.spacing_mm**3 / 1000
    z = image[brain].astype(np.float64)
    gradient = np.sqrt(sum(np.square(part) for part in np.gradient(image.astype(np.float32), grid.spacing_mm)))
    inner = brain & np.roll(brain, 1, 0) & np.roll(brain, -1, 0) & np.roll(brain, 1, 2) & np.roll(brain, -1, 2)
    found = {
        "brain_ml": float(brain.sum()) * ml,
        "brain_skewness": float((z**3).mean()),
        "brain_bright": float(np.percentile(z, 99.5)),
        "brain_sharpness": float(gradient[inner].mean()) if inner.any() else 0.0,
    }
    region = np.asarray(prior) > 0.5
    if region.any():
        x, y, mm = grid.affine[:3, :3] @ np.argwhere(region).mean(axis=0) + grid.affine[:3, 3]
        found |= {
            "region_ml": float(region.sum()) * ml,
            "region_lateral_mm": abs(float(x)),
            "region_y_mm": float(y),
            "region_z_mm": float(mm),
            "region_intensity": float(image[region].mean()),
        }
    return found


def fit_ranges(cases: Sequence[Mapping[str, float]]) -> Ranges:
    """Smallest and largest of each measure among the training cases, widened by `MARGIN` of their distance.

    Args:
        cases: `case_measures` of each training case.
    """
    ranges = {}
    for name in MEASURES:
        values = [case[name] for case in cases if name in case]
        if values:
            low, high = min(values), max(values)
            wide = MARGIN * (high - low)
            ranges[name] = (low - wide, high + wide)
    for name in ("brain_ml", "region_ml", "region_lateral_mm", "brain_sharpness"):  # none can be below 0
        if name in ranges:
            ranges[name] = (max(ranges[name][0], 0.0), ranges[name][1])
    return ranges


def outside(measures: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]) -> list[Message]:
    """A sentence for each measure that lies outside what the training cases had."""
    return [
        Message(f"diagnosis.outside.{name}", {"value": measures[name], "low": low, "high": high})
        for name, (low, high) in ranges.items()
        if name in MEASURES and name in measures and not low <= measures[name] <= high
    ]
