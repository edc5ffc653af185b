"""Does the scan hold the whole brain, or was it cut off at the top, the base or a side?"""

from __future__ import annotations

from functools import cache

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Array, ProcessedScan, Volume
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.gates.record import State, record
from vb_desktop.pipeline.mri_processor.template import template_mask

GOOD_CM2, MOST_CM2 = 25.0, 50.0
GOOD_OUTSIDE, MOST_OUTSIDE = 0.01, 0.03
_ROUND_CM2_PER_MM = 4.7
"""A cap of a ball of 75 mm radius grows by 2 pi 7.5 cm a centimetre: what the last slice of a whole brain may show."""

_WHERE = {"S": "top", "I": "base", "A": "front", "P": "back", "L": "left side", "R": "right side"}
_STEP = 8


def head_coverage(processed: ProcessedScan) -> GateRecord:
    """The brain ends rounded at all sides, and the template's brain lies inside the scan.

    Value: cm2 of the flattest end of the brain beyond what is round; where more than that the template's brain sticks
    out of the scan, the share outside.
    """
    where, area = flattest_end(processed.native_mask)
    outside = share_outside(processed)
    by_area, by_share = _state(area, GOOD_CM2, MOST_CM2), _state(outside, GOOD_OUTSIDE, MOST_OUTSIDE)
    said = {"where": where, "area": f"{area:.0f}", "percent": f"{100 * outside:.1f}"}
    if _RANK[by_share] > _RANK[by_area]:
        limit = MOST_OUTSIDE if by_share == "red" else GOOD_OUTSIDE
        return record("head_coverage", by_share, outside, limit, sentence=f"{by_share}.outside", **said)
    return record("head_coverage", by_area, area, MOST_CM2 if by_area == "red" else GOOD_CM2, **said)


def flattest_end(mask: Volume) -> tuple[str, float]:
    """Which end of the brain is cut most flatly, and the area of its last slice in cm2 beyond that of a round end."""
    inside = mask.voxels > 0
    best = ("top", 0.0)
    names = nib.aff2axcodes(mask.affine)
    for axis, name in enumerate(names):
        others = tuple(a for a in range(3) if a != axis)
        step = mask.spacing[axis]
        area = inside.sum(axis=others) * (1000.0 * mask.voxel_ml / step) / 100.0
        filled = np.flatnonzero(area)
        if not filled.size:
            continue
        for end, code in ((filled[0], _OPPOSITE[name]), (filled[-1], name)):
            flat = float(area[end]) - _ROUND_CM2_PER_MM * step
            if flat > best[1]:
                best = (_WHERE[code], flat)
    return best


def share_outside(processed: ProcessedScan) -> float:
    """Share of the template's brain that the alignment places outside the scan."""
    grid = processed.native_grid
    index = grid.to_index(processed.points_to_native(_points()))
    outside = (index < -0.5) | (index > np.array(grid.voxels.shape) - 0.5)
    return float(outside.any(axis=1).mean())


_RANK: dict[State, int] = {"green": 0, "amber": 1, "red": 2}
_OPPOSITE = {"S": "I", "I": "S", "A": "P", "P": "A", "L": "R", "R": "L"}


def _state(value: float, good: float, most: float) -> State:
    return "green" if value <= good else "amber" if value <= most else "red"


@cache
def _points() -> Array:
    """Points of the template's brain, 8 mm apart, RAS+ mm."""
    mask = template_mask()
    return mask.to_mm(np.argwhere(mask.voxels[::_STEP, ::_STEP, ::_STEP] > 0) * _STEP)
