"""Whether a case is one that the method was made for: a single, deep lesion of a patient of 4 to 86 years."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.messages import Message

Array = npt.NDArray[Any]
SMALLEST_REGION_ML = 0.5
SUPERFICIAL_MM = 20.0
CONVEXITY_ABOVE_Z_MM = 0.0
"""Only the surface above counts: a suprasellar or pontine lesion is deep although the skull base is near."""
NEAR_SURFACE_MM = 4.0
MOST_NEAR_SURFACE = 0.05
"""Of a ball of 3 cm that just touches the surface, a twentieth lies within 4 mm of it."""
AGES = (4, 86)
"""Youngest and oldest patient of the paper's data."""


def intended_use_remarks(grid: InputGrid, region: Array, brain: Array, age: float | None = None) -> tuple[Message, ...]:
    """What the method was made for, always, and where this case leaves it.

    Args:
        grid: of the two masks.
        region: bool (I, J, K), the localised region.
        brain: bool (I, J, K), of the patient.
        age: in years; None where it is not known.
    """
    remarks = [Message("diagnosis.intended_use")]
    labels, _ = ndimage.label(region, np.ones((3, 3, 3)))
    sizes_ml = np.bincount(labels.ravel())[1:] * grid.spacing_mm**3 / 1000
    several = int((sizes_ml >= SMALLEST_REGION_ML).sum())
    if several > 1:
        remarks.append(Message("diagnosis.several_regions", {"n": several}))
    if len(sizes_ml):
        largest = labels == 1 + int(sizes_ml.argmax())
        depth = depth_below_convexity(grid, largest, template_brain(grid))
        if depth is not None and depth < SUPERFICIAL_MM:
            remarks.append(Message("diagnosis.superficial", {"depth_mm": depth}))
        share = share_near_surface(grid, region, brain)
        if share > MOST_NEAR_SURFACE:
            remarks.append(Message("diagnosis.touches_surface", {"share": share, "near_mm": NEAR_SURFACE_MM}))
    if age is not None and not AGES[0] <= age < AGES[1] + 1:
        remarks.append(Message("diagnosis.age", {"youngest": AGES[0], "oldest": AGES[1]}))
    return tuple(remarks)


def depth_below_convexity(grid: InputGrid, region: Array, brain: Array) -> float | None:
    """Millimetres from the region's centre to the surface of `brain` above the skull base; None without a region."""
    where = np.argwhere(region)
    distance = _below_convexity(grid, brain)
    if not len(where) or distance is None:
        return None
    centre = np.round(where.mean(axis=0)).astype(int)
    return float(distance[tuple(centre)])


def share_near_surface(grid: InputGrid, region: Array, brain: Array) -> float:
    """Share of the region within `NEAR_SURFACE_MM` of the surface of `brain` above the skull base."""
    distance = _below_convexity(grid, brain)
    if distance is None or not region.any():
        return 0.0
    return float((distance[region] <= NEAR_SURFACE_MM).mean())


@lru_cache(maxsize=4)
def template_brain(grid: InputGrid) -> Array:
    """The brain of the template, bool on `grid`: no patient's brain mask has a lesion cut out of it there."""
    from vb_desktop.pipeline.mri_processor.template import template_mask

    return grid.sample(template_mask()) > 0.5


def _below_convexity(grid: InputGrid, brain: Array) -> Array | None:
    z = grid.origin_mm[2] + grid.spacing_mm * np.arange(grid.shape[2])
    outside = ~np.asarray(brain, dtype=bool) & (z > CONVEXITY_ABOVE_Z_MM)
    return np.asarray(ndimage.distance_transform_edt(~outside, sampling=grid.spacing_mm)) if outside.any() else None
