"""Eq. 4: boxes stacked to a volume, Gaussian smoothing, grey dilation; a continuous prior in [0, 1]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Box, CoarsePrior, Volume
from vb_desktop.pipeline.config import CoarseConfig

_FINE_MM = 1.0  # a dilation of 2 mm is nothing on a 3 mm grid, so coarser grids are worked on in finer steps
_STEP_MM = 3.0  # a large ball is dilated in steps of this radius: the cost grows with the cube of the radius
_TAIL = 4.0  # standard deviations after which the Gaussian is cut


def coarse_prior(boxes: Sequence[Box], mask: Volume, config: CoarseConfig) -> CoarsePrior:
    """Turn boxes into a continuous prior (Eq. 4).

    The stack is 1 inside a box, whatever its confidence: a box is a statement, and the prior > 0.5 its region.

    Args:
        boxes: at least one; half-open voxel ranges of `mask`.
        mask: brain mask of the processed scan, template space.
        config: sigma, dilation and gap in millimetres.

    Returns:
        float32 in [0, 1] on the grid of `mask`, 0 outside the brain.
    """
    if not boxes:
        raise ValueError("boxes must hold at least one box")
    boxes = list(boxes) + bridges(boxes, mask.spacing[2], config.gap_mm)
    spacing = np.array(mask.spacing)
    margin = np.ceil((_TAIL * config.sigma_mm + config.dilation_mm) / spacing).astype(int) + 1
    ranges = np.array([[(b.i0, b.i1), (b.j0, b.j1), (b.k, b.k + 1)] for b in boxes])
    low = np.maximum(ranges[:, :, 0].min(axis=0) - margin, 0)
    high = np.minimum(ranges[:, :, 1].max(axis=0) + margin, mask.voxels.shape)
    pieces = np.maximum(np.round(spacing / _FINE_MM), 1).astype(int)

    stack = np.zeros((high - low) * pieces, dtype=np.float32)
    for start_stop in ranges:
        stack[tuple(slice(*((edge - low[a]) * pieces[a])) for a, edge in enumerate(start_stop))] = 1.0
    smoothed = ndimage.gaussian_filter(stack, config.sigma_mm / (spacing / pieces), mode="nearest", truncate=_TAIL)
    grown = _dilate(smoothed, config.dilation_mm, spacing / pieces)

    prior = np.zeros(mask.voxels.shape, dtype=np.float32)
    prior[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = _mean_of_pieces(grown, pieces)
    return CoarsePrior(mask.like(np.clip(prior, 0.0, 1.0) * (mask.voxels > 0)))


def bridges(boxes: Sequence[Box], spacing_k: float, gap_mm: float) -> list[Box]:
    """Boxes for the slices that were missed between two boxes of the same region.

    A box whose next slice has no box over it is joined to the nearest one above, if that lies within `gap_mm`
    (millimetres of missing slices); the edges between are interpolated linearly.
    """
    by_slice: dict[int, list[Box]] = {}
    for box in boxes:
        by_slice.setdefault(box.k, []).append(box)
    found = []
    for below in boxes:
        for k in range(below.k + 1, max(by_slice) + 1):
            if (k - below.k - 1) * spacing_k > gap_mm:
                break
            above = [box for box in by_slice.get(k, ()) if overlaps(below, box)]
            if above:
                found += [interpolated(below, box, middle) for box in above for middle in range(below.k + 1, k)]
                break
    return found


def overlaps(a: Box, b: Box) -> bool:
    """Whether two boxes share ground in the plane, whatever their slices."""
    return a.i0 < b.i1 and b.i0 < a.i1 and a.j0 < b.j1 and b.j0 < a.j1


def interpolated(below: Box, above: Box, k: int) -> Box:
    """The box of slice k between two others, edges linear; everything else as of `below`."""
    share = (k - below.k) / (above.k - below.k)
    i0, i1, j0, j1 = (
        round((1 - share) * x + share * y)
        for x, y in zip((below.i0, below.i1, below.j0, below.j1), (above.i0, above.i1, above.j0, above.j1), strict=True)
    )
    return replace(below, k=k, i0=i0, i1=max(i1, i0 + 1), j0=j0, j1=max(j1, j0 + 1))


def _dilate(values: Array, radius_mm: float, spacing: Array) -> Array:
    while radius_mm > 0:
        step = min(radius_mm, _STEP_MM)
        reach = np.floor(step / spacing + 1e-6).astype(int)
        offsets = np.meshgrid(*[np.arange(-r, r + 1) * s for r, s in zip(reach, spacing, strict=True)], indexing="ij")
        ball = sum(offset**2 for offset in offsets) <= step**2 + 1e-6
        values = ndimage.grey_dilation(values, footprint=ball, mode="nearest")
        radius_mm -= step
    return values


def _mean_of_pieces(fine: Array, pieces: Array) -> Array:
    i, j, k = (np.array(fine.shape) // pieces).tolist()
    pi, pj, pk = pieces.tolist()
    mean: Array = fine.reshape(i, pi, j, pj, k, pk).mean(axis=(1, 3, 5))
    return mean
