"""The two diameters of RANO on one slice: the longest, and the longest perpendicular to it.

Both are taken on the outline of the region, not between voxel centres: the outline lies half a voxel outside the
last voxel of a binary region, and where the prior passes its threshold in a smooth one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vb_desktop.pipeline.case import Array


@dataclass(frozen=True, slots=True, eq=False)
class Diameters:
    """Two lines on one slice.

    Attributes:
        long_mm: length of the longest diameter.
        perp_mm: length of the longest perpendicular line.
        long_ends: its two ends, fractional pixel indices (2, 2).
        perp_ends: the two ends of the perpendicular, fractional pixel indices (2, 2).
    """

    long_mm: float
    perp_mm: float
    long_ends: Array
    perp_ends: Array


def outlines(plane: Array, level: float = 0.5) -> list[Array]:
    """Closed outlines of `plane` > `level` in fractional pixel indices, the longest first.

    Args:
        plane: (I, J), float.
        level: the threshold.

    Returns:
        One (N, 2) array an outline; the last point repeats the first.
    """
    from skimage.measure import find_contours

    padded = np.pad(np.asarray(plane, dtype=np.float64), 1)
    return sorted((line - 1.0 for line in find_contours(padded, level)), key=len, reverse=True)


def diameters(plane: Array, in_plane: Array, level: float = 0.5) -> Diameters | None:
    """Measure the region `plane` > `level`.

    Args:
        plane: (I, J), float; one region.
        in_plane: (3, 2), millimetres in the patient for one step along each of the two axes.
        level: the threshold.

    Returns:
        None where nothing is above the threshold.
    """
    lines = outlines(plane, level)
    if not lines:
        return None
    # An orthonormal frame of the plane, so that oblique and sheared pixels are measured in true millimetres.
    to_mm: Array = np.linalg.qr(in_plane)[1]
    outer = lines[0] @ to_mm.T
    hull = _hull(outer)
    apart = np.linalg.norm(hull[:, None] - hull[None], axis=-1)
    a, b = np.unravel_index(int(apart.argmax()), apart.shape)
    ends = np.stack([hull[a], hull[b]])
    length = float(apart[a, b])
    along = (ends[1] - ends[0]) / length
    perp, perp_ends = _longest_chord([line @ to_mm.T for line in lines], along)
    back = np.linalg.inv(to_mm).T
    return Diameters(length, perp, ends @ back, perp_ends @ back)


def _hull(points: Array) -> Array:
    from scipy.spatial import ConvexHull, QhullError

    try:
        return np.asarray(points[ConvexHull(points).vertices])
    except QhullError:  # all on one line
        return points


def _longest_chord(lines: list[Array], along: Array) -> tuple[float, Array]:
    """The longest line inside the outlines, perpendicular to `along`."""
    across = np.array([-along[1], along[0]])
    edges = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in lines])
    t, s = edges @ along, edges @ across
    best, where = 0.0, np.zeros((2, 2))
    # Between two vertices the length of a chord changes linearly: the longest one passes a vertex. A hair to either
    # side of it avoids counting the vertex twice.
    levels = np.unique(t)
    hair = 1e-6 * (float(levels[-1] - levels[0]) + 1e-12)
    for level in np.concatenate([levels[:-1] + hair, levels[1:] - hair]):
        crosses = (t.min(axis=1) < level) & (t.max(axis=1) > level)
        if not crosses.any():
            continue
        share = (level - t[crosses, 0]) / (t[crosses, 1] - t[crosses, 0])
        hits = np.sort(s[crosses, 0] + share * (s[crosses, 1] - s[crosses, 0]))
        gaps = hits[1::2] - hits[: len(hits) - len(hits) % 2 : 2]
        i = int(gaps.argmax())
        if gaps[i] > best:
            best = float(gaps[i])
            where = np.stack([level * along + hits[2 * i] * across, level * along + hits[2 * i + 1] * across])
    return best, where
