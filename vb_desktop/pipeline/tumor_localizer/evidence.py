"""What speaks against trusting the boxes: remarks for the reader of the report."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from vb_desktop.pipeline.case import Box
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.tumor_localizer.coarse_prior import bridges, overlaps

STEADY_IOU = 0.4
"""Mean overlap of neighbouring slices below which boxes are called unsteady."""
AREA_FACTOR = 3.0
LOW_CONFIDENCE = 0.7


def box_remarks(boxes: Sequence[Box], spacing_k: float, gap_mm: float) -> tuple[Message, ...]:
    """Remarks on the boxes among themselves.

    Args:
        boxes: of one localisation, none of them a bridge.
        spacing_k: distance of two slices, mm.
        gap_mm: up to how many millimetres of missing slices are bridged.
    """
    if not boxes:
        return ()
    by_slice: dict[int, list[Box]] = {}
    for box in boxes:
        by_slice.setdefault(box.k, []).append(box)
    remarks = []

    alone = [b for b in boxes if not any(overlaps(b, n) for k in (b.k - 1, b.k + 1) for n in by_slice.get(k, ()))]
    if alone:
        slices = ", ".join(str(k) for k in sorted({b.k for b in alone}))
        remarks.append(
            Message("tumor_localizer.isolated_slices", {"count": len(alone), "total": len(boxes), "slices": slices})
        )

    neighbours = [(a, b) for a, b in pairwise(sorted(by_slice)) if b == a + 1]
    overlap = [_union_iou(by_slice[a], by_slice[b]) for a, b in neighbours]
    if overlap and float(np.mean(overlap)) < STEADY_IOU:
        remarks.append(Message("tumor_localizer.unsteady", {"iou": float(np.mean(overlap)), "threshold": STEADY_IOU}))
    areas = {k: sum((b.i1 - b.i0) * (b.j1 - b.j0) for b in found) for k, found in by_slice.items()}
    jumps = sum(max(areas[a], areas[b]) > AREA_FACTOR * min(areas[a], areas[b]) for a, b in neighbours)
    if jumps:
        remarks.append(Message("tumor_localizer.area_jumps", {"count": jumps, "factor": AREA_FACTOR}))

    filled = bridges(boxes, spacing_k, gap_mm)
    if filled:
        remarks.append(Message("tumor_localizer.missing_slices", {"count": len({b.k for b in filled})}))
    count = regions([*boxes, *filled])
    if count > 1:
        remarks.append(Message("tumor_localizer.several_regions", {"count": count}))
    return tuple(remarks)


def regions(boxes: Sequence[Box]) -> int:
    """How many separate regions boxes form; boxes are joined where they meet on the same or a neighbouring slice."""
    by_slice: dict[int, list[Box]] = {}
    for box in boxes:
        by_slice.setdefault(box.k, []).append(box)
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


def _union_iou(first: Sequence[Box], second: Sequence[Box]) -> float:
    i1 = max(b.i1 for b in (*first, *second))
    j1 = max(b.j1 for b in (*first, *second))
    drawn = np.zeros((2, i1, j1), dtype=bool)
    for layer, found in zip(drawn, (first, second), strict=True):
        for box in found:
            layer[box.i0 : box.i1, box.j0 : box.j1] = True
    return float(drawn.all(axis=0).sum() / drawn.any(axis=0).sum())
