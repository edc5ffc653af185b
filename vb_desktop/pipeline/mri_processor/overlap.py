"""How well two brains lie on each other."""

from __future__ import annotations

from functools import cache

import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.mri_processor.template import template, template_mask

_BINS = 48
_NEAR_BINS = 32
_NEAR_STEP = 4
_TURN_DEGREES, _SHIFT_MM = 10.0, 8.0


def dice(one: Volume, other: Volume) -> float:
    """Dice coefficient of two masks on one grid; 0 when both are empty."""
    a, b = one.voxels > 0, other.voxels > 0
    total = int(a.sum()) + int(b.sum())
    return 2.0 * int((a & b).sum()) / total if total else 0.0


def mutual_information(one: Array, other: Array) -> float:
    """Mutual information of two sets of N values in nats; outliers beyond 0.5 and 99.5 % count as the last bin."""
    return _information(np.clip(one, *np.percentile(one, [0.5, 99.5])), other, _BINS)


def information_around(volume: Volume, mask: Volume) -> tuple[float, float]:
    """How much a brain in template space looks like the template where it lies, and at best if it were moved a little.

    Mutual information where both are brain, in nats, on every fourth voxel; grey values beyond four spreads of the
    brain's median count as the last bin, so that enhancing tumour does not use up the bins.

    Args:
        volume: on the template's grid.
        mask: brain, same grid.

    Returns:
        The information as it is, and the most after a turn of 10 degrees or a shift of 8 mm about or along one axis.
    """
    from scipy import ndimage

    inside = mask.voxels > 0
    values = volume.voxels[inside]
    if not values.size:
        return 0.0, 0.0
    middle = float(np.median(values))
    spread = 1.4826 * float(np.median(np.abs(values - middle)))
    clipped = np.clip(volume.voxels, middle - 4 * spread, middle + 4 * spread)
    points, like = _template_points()
    centre = points.mean(axis=0)
    smooth = ndimage.uniform_filter(np.where(inside, clipped, middle).astype(np.float32), 3)
    found = []
    for turn, shift in _moves():
        index = np.rint((points - centre) @ turn.T + centre + shift).astype(np.intp)
        held = ((index >= 0) & (index < smooth.shape)).all(axis=1)
        there = tuple(index[held].T)
        both = inside[there]
        found.append(_information(smooth[there][both], like[held][both], _NEAR_BINS))
    return found[0], max(found[1:])


@cache
def _template_points() -> tuple[Array, Array]:
    """Voxels (N, 3) of the template's brain, and what it shows there."""
    from scipy import ndimage

    index = np.argwhere(template_mask().voxels[::_NEAR_STEP, ::_NEAR_STEP, ::_NEAR_STEP] > 0) * _NEAR_STEP
    return index, ndimage.uniform_filter(template().voxels, 3)[tuple(index.T)]


def _moves() -> list[tuple[Array, Array]]:
    """As it is; then a turn about, and a shift along, each axis of the 1 mm grid, both ways."""
    moves = [(np.eye(3), np.zeros(3))]
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        for way in (-1.0, 1.0):
            turn = np.eye(3)
            turn[a, a] = turn[b, b] = np.cos(np.radians(_TURN_DEGREES))
            turn[a, b] = -way * np.sin(np.radians(_TURN_DEGREES))
            turn[b, a] = -turn[a, b]
            shift = np.zeros(3)
            shift[axis] = way * _SHIFT_MM
            moves += [(turn, np.zeros(3)), (np.eye(3), shift)]
    return moves


def _information(one: Array, other: Array, bins: int) -> float:
    if one.size < 2:
        return 0.0
    joint = np.histogram2d(one, other, bins=bins)[0]
    joint /= joint.sum()
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    seen = joint > 0
    return float((joint[seen] * np.log(joint[seen] / apart[seen])).sum())
