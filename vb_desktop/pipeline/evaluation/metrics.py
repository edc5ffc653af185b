"""How well boxes and priors agree with an expert's tumour core: per slice and in 3D (issue definitions).

All on the template's grid, where the boxes live; slices with less than 20 mm2 of core are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Box, Volume

LEAST_MM2 = 20.0
HIT_MM = 4.0
HIT_MOST = 5.0
"""A hit: within this distance of the core, and the prior at most this many times the core."""


@dataclass(frozen=True, slots=True)
class SliceScores:
    """Per slice of one case.

    Attributes:
        tumour_slices: slices with at least `LEAST_MM2` of core.
        found_slices: of these, with a box.
        free_slices: slices with brain and no core at all.
        false_slices: of these, with a box.
        iou_common: mean IoU of the boxes with the core's bounding box over tumour slices with a box; None without any.
        iou_all: the same over all tumour slices, 0 where there is no box; None without tumour slices.
    """

    tumour_slices: int
    found_slices: int
    free_slices: int
    false_slices: int
    iou_common: float | None
    iou_all: float | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Voxels of a region against those of the core."""

    recall: float
    precision: float
    dice: float


def slice_scores(
    boxes: Sequence[Box], core: Array, slices: Sequence[int], spacing: tuple[float, float, float]
) -> SliceScores:
    """Score boxes slice by slice.

    Args:
        boxes: of one case.
        core: bool (I, J, K); all False for a control.
        slices: those that hold brain.
        spacing: mm.
    """
    by_slice: dict[int, list[Box]] = {}
    for box in boxes:
        by_slice.setdefault(box.k, []).append(box)
    tumour = free = found = false = 0
    ious = []
    for k in slices:
        area = float(np.count_nonzero(core[:, :, k])) * spacing[0] * spacing[1]
        here = by_slice.get(k, [])
        if area == 0:
            free += 1
            false += bool(here)
        elif area >= LEAST_MM2:
            tumour += 1
            found += bool(here)
            ious.append(box_iou(here, core[:, :, k]))
    common = [iou for iou in ious if iou is not None]
    return SliceScores(
        tumour_slices=tumour,
        found_slices=found,
        free_slices=free,
        false_slices=false,
        iou_common=float(np.mean(common)) if common else None,
        iou_all=float(np.sum(common) / tumour) if tumour else None,
    )


def box_iou(boxes: Sequence[Box], core: Array) -> float | None:
    """IoU of the area under the boxes of a slice with the bounding box of the slice's core; None without boxes.

    Args:
        boxes: of the slice.
        core: bool (I, J), not empty.
    """
    if not boxes:
        return None
    drawn = np.zeros((2, *core.shape), bool)
    for box in boxes:
        drawn[0, box.i0 : box.i1, box.j0 : box.j1] = True
    i, j = np.nonzero(core)
    drawn[1, i.min() : i.max() + 1, j.min() : j.max() + 1] = True
    return float(drawn.all(axis=0).sum() / drawn.any(axis=0).sum())


def is_hit(region: Array, core: Array, spacing: tuple[float, float, float]) -> bool:
    """Whether the region is at the tumour.

    The centre of mass of its largest component lies in the core dilated by 4 mm, and the region is at most 5 times the
    core.

    Args:
        region: bool (I, J, K), refined prior > 0.5.
        core: bool, not empty.
        spacing: mm.
    """
    if not region.any() or np.count_nonzero(region) > HIT_MOST * np.count_nonzero(core):
        return False
    labels, _ = ndimage.label(region)
    largest = labels == int(np.bincount(labels.ravel())[1:].argmax()) + 1
    centre = np.argwhere(largest).mean(axis=0)
    distance = np.sqrt((((np.argwhere(core) - centre) * np.array(spacing)) ** 2).sum(axis=1)).min()
    return bool(distance <= HIT_MM)


def overlap(region: Array, core: Array) -> Overlap:
    """Recall, precision and Dice of a region; precision 0 where the region is empty."""
    both = int(np.count_nonzero(region & core))
    here, there = int(np.count_nonzero(region)), int(np.count_nonzero(core))
    return Overlap(
        recall=both / there if there else 0.0,
        precision=both / here if here else 0.0,
        dice=2 * both / (here + there) if here + there else 0.0,
    )


def region_of(prior: Volume | None, like: Array) -> Array:
    """Where a prior exceeds 0.5; nowhere without a prior."""
    return np.zeros(like.shape, bool) if prior is None else prior.voxels > 0.5
