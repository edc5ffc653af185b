"""Whether a case is one that the method was made for: a single, deep lesion (what the image alone can tell)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.messages import Message

SMALLEST_REGION_ML = 0.5
SUPERFICIAL_MM = 20.0
CONVEXITY_ABOVE_Z_MM = 0.0
"""Only the surface above counts: a suprasellar or pontine lesion is deep although the skull base is near."""


def intended_use_remarks(grid: InputGrid, region: npt.NDArray[Any], brain: npt.NDArray[Any]) -> tuple[Message, ...]:
    """What the method was made for, always, and where this case leaves it.

    Args:
        grid: of the two masks.
        region: bool (I, J, K), the localised region.
        brain: bool (I, J, K).
    """
    remarks = [Message("diagnosis.intended_use")]
    labels, _ = ndimage.label(region, np.ones((3, 3, 3)))
    sizes_ml = np.bincount(labels.ravel())[1:] * grid.spacing_mm**3 / 1000
    several = int((sizes_ml >= SMALLEST_REGION_ML).sum())
    if several > 1:
        remarks.append(Message("diagnosis.several_regions", {"n": several}))
    depth = depth_below_convexity(grid, region, brain)
    if depth is not None and depth < SUPERFICIAL_MM:
        remarks.append(Message("diagnosis.superficial", {"depth_mm": depth}))
    return tuple(remarks)


def depth_below_convexity(grid: InputGrid, region: npt.NDArray[Any], brain: npt.NDArray[Any]) -> float | None:
    """Millimetres from the region's centre to the brain's surface above the skull base; None without a region."""
    where = np.argwhere(region)
    if not len(where):
        return None
    centre = np.round(where.mean(axis=0)).astype(int)
    z = grid.origin_mm[2] + grid.spacing_mm * np.arange(grid.shape[2])
    outside = ~np.asarray(brain, dtype=bool) & (z > CONVEXITY_ABOVE_Z_MM)
    if not outside.any():
        return None
    distance = ndimage.distance_transform_edt(~outside, sampling=grid.spacing_mm)
    return float(distance[tuple(centre)])
