"""How far the boxes and the priors can be trusted: one grade a question, each with its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import Array, Box, CoarsePrior, Grade, RefinedPrior, Volume
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.tumor_localizer.coarse_prior import bridges, overlaps

STEADY_IOU = 0.4
"""Mean overlap of neighbouring slices below which boxes are called unsteady."""
AREA_FACTOR = 3.0
LOW_CONFIDENCE = 0.7
MIRRORED_IOU = 0.4
"""Two boxes of a slice are each other's mirror image where one overlaps the other's mirror image by this IoU."""
MIDLINE_MM = 10.0
"""A box with its middle this close to the midline lies on no side."""
AGREEMENT = 0.5
"""Dice of MLP and coarse prior below which the two are said to disagree."""


def grade_boxes(boxes: Sequence[Box], grid: Volume, gap_mm: float) -> tuple[Grade, ...]:
    """Grade the boxes among themselves.

    Args:
        boxes: of one localisation, none of them a bridge; in force.
        grid: of the processed scan, template space; its voxels are not looked at.
        gap_mm: up to how many millimetres of missing slices are bridged.

    Returns:
        Isolated slices, slice-to-slice overlap, jumps of area, missing slices, left-right consistency, regions.
    """
    if not boxes:
        return ()
    by_slice = _by_slice(boxes)
    return (
        _isolated(boxes, by_slice),
        _steadiness(by_slice),
        _area_jumps(by_slice),
        _missing(boxes, grid.spacing[2], gap_mm),
        _sides(by_slice, grid),
        _one_region(boxes, grid.spacing[2], gap_mm),
    )


def grade_priors(coarse: CoarsePrior, refined: RefinedPrior) -> tuple[Grade, ...]:
    """Grade the priors: whether there is a region at all, and whether the MLP agrees with the boxes.

    Args:
        coarse: Eq. 4.
        refined: Eq. 5, of the same scan.
    """
    region = refined.volume.voxels > 0.5
    ml = float(region.sum()) * refined.volume.voxel_ml
    if ml == 0:
        empty = Grade("empty_prior", "poor", 0.0, 0.0, Message("tumor_localizer.no_region"))
        return (empty,)
    grades = [Grade("empty_prior", "good", ml, 0.0, Message("evidence.empty_prior.good", {"ml": ml}))]
    mlp, boxed = refined.mlp.voxels > 0.5, coarse.volume.voxels > 0.5
    both = float(mlp.sum() + boxed.sum())
    if refined.mlp.voxels.any() and both:
        dice = 2.0 * float((mlp & boxed).sum()) / both
        inside = float((mlp & boxed).sum()) / max(float(boxed.sum()), 1.0)
        params = {"dice": dice, "percent": 100.0 * inside, "threshold": AGREEMENT}
        grades.append(_grade("mlp_agreement", dice >= AGREEMENT, dice, AGREEMENT, params))
    return tuple(grades)


def doubts(grades: Sequence[Grade]) -> tuple[Message, ...]:
    """The sentences of the grades that are not good."""
    return tuple(grade.message for grade in grades if grade.state != "good")


def regions(boxes: Sequence[Box]) -> int:
    """How many separate regions boxes form; boxes are joined where they meet on the same or a neighbouring slice."""
    by_slice = _by_slice(boxes)
    left = set(range(len(boxes)))
    index = {id(box): n for n, box in enumerate(boxes)}
    count = 0
    while left:
        count += 1
        open_ = [left.pop()]
        while open_:
            box = boxes[open_.pop()]
            for k in (box.k - 1, box.k, box.k + 1):
                for other in by_slice.get(k, ()):
                    if index[id(other)] in left and overlaps(box, other):
                        left.discard(index[id(other)])
                        open_.append(index[id(other)])
    return count


def _isolated(boxes: Sequence[Box], by_slice: dict[int, list[Box]]) -> Grade:
    alone = [b for b in boxes if not any(overlaps(b, n) for k in (b.k - 1, b.k + 1) for n in by_slice.get(k, ()))]
    slices = ", ".join(str(k) for k in sorted({b.k for b in alone}))
    params = {"count": len(alone), "total": len(boxes), "slices": slices}
    return _grade("isolated_slices", not alone, len(alone), 0, params)


def _steadiness(by_slice: dict[int, list[Box]]) -> Grade:
    overlap = [_union_iou(by_slice[a], by_slice[b]) for a, b in _neighbours(by_slice)]
    if not overlap:
        return Grade("unsteady", "doubtful", None, STEADY_IOU, Message("evidence.unsteady.none"))
    iou = float(np.mean(overlap))
    return _grade("unsteady", iou >= STEADY_IOU, iou, STEADY_IOU, {"iou": iou, "threshold": STEADY_IOU})


def _area_jumps(by_slice: dict[int, list[Box]]) -> Grade:
    areas = {k: sum((b.i1 - b.i0) * (b.j1 - b.j0) for b in found) for k, found in by_slice.items()}
    jumps = sum(max(areas[a], areas[b]) > AREA_FACTOR * min(areas[a], areas[b]) for a, b in _neighbours(by_slice))
    return _grade("area_jumps", not jumps, jumps, 0, {"count": jumps, "factor": AREA_FACTOR})


def _missing(boxes: Sequence[Box], spacing_k: float, gap_mm: float) -> Grade:
    missing = len({b.k for b in bridges(boxes, spacing_k, gap_mm)})
    return _grade("missing_slices", not missing, missing, 0, {"count": missing})


def _sides(by_slice: dict[int, list[Box]], grid: Volume) -> Grade:
    """Boxes that change side between slices, or lie in mirrored pairs as healthy structures do."""
    sides = {k: {side for box in found if (side := _side(box, grid))} for k, found in by_slice.items()}
    changes = sum(bool(sides[a]) and bool(sides[b]) and not sides[a] & sides[b] for a, b in _neighbours(by_slice))
    if changes:
        return Grade("sides", "doubtful", changes, 0, Message("evidence.sides.change", {"count": changes}))
    pairs = [k for k, found in by_slice.items() if _has_mirrored_pair(found, grid)]
    if pairs:
        params = {"count": len(pairs), "total": len(by_slice)}
        return Grade("sides", "doubtful", len(pairs), 0, Message("evidence.sides.mirrored", params))
    return Grade("sides", "good", 0, 0, Message("evidence.sides.good"))


def _one_region(boxes: Sequence[Box], spacing_k: float, gap_mm: float) -> Grade:
    count = regions([*boxes, *bridges(boxes, spacing_k, gap_mm)])
    return _grade("several_regions", count == 1, count, 1, {"count": count})


def _grade(id_: str, good: bool, value: float, threshold: float, params: dict[str, Any]) -> Grade:
    message = Message(f"evidence.{id_}.good" if good else f"tumor_localizer.{id_}", params)
    return Grade(id_, "good" if good else "doubtful", float(value), float(threshold), message)


def _by_slice(boxes: Sequence[Box]) -> dict[int, list[Box]]:
    found: dict[int, list[Box]] = {}
    for box in boxes:
        found.setdefault(box.k, []).append(box)
    return found


def _neighbours(by_slice: dict[int, list[Box]]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in pairwise(sorted(by_slice)) if b == a + 1]


def _right_mm(box: Box, grid: Volume) -> tuple[float, float]:
    """Right-left extent, RAS+ mm, smaller first."""
    edges = grid.to_mm(np.array([[box.i0 - 0.5, box.j0, box.k], [box.i1 - 0.5, box.j0, box.k]]))[:, 0]
    return float(edges.min()), float(edges.max())


def _side(box: Box, grid: Volume) -> str:
    low, high = _right_mm(box, grid)
    middle = (low + high) / 2
    return "" if abs(middle) < MIDLINE_MM else "left" if middle < 0 else "right"


def _has_mirrored_pair(boxes: Sequence[Box], grid: Volume) -> bool:
    placed = [(*_right_mm(box, grid), float(box.j0), float(box.j1), _side(box, grid)) for box in boxes]
    for n, (low, high, j0, j1, side) in enumerate(placed):
        for other_low, other_high, other_j0, other_j1, other_side in placed[n + 1 :]:
            if side and other_side and side != other_side:
                wide = min(high, -other_low) - max(low, -other_high)
                deep = min(j1, other_j1) - max(j0, other_j0)
                shared = max(wide, 0.0) * max(deep, 0.0)
                both = (high - low) * (j1 - j0) + (other_high - other_low) * (other_j1 - other_j0) - shared
                if shared > MIRRORED_IOU * both:
                    return True
    return False


def _union_iou(first: Sequence[Box], second: Sequence[Box]) -> float:
    i1 = max(b.i1 for b in (*first, *second))
    j1 = max(b.j1 for b in (*first, *second))
    drawn: Array = np.zeros((2, i1, j1), dtype=bool)
    for layer, found in zip(drawn, (first, second), strict=True):
        for box in found:
            layer[box.i0 : box.i1, box.j0 : box.j1] = True
    return float(drawn.all(axis=0).sum() / drawn.any(axis=0).sum())
