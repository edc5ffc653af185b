"""Which axial slices a report shows."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Array

LEAST_AREA = 0.1
"""Slices on which the region is smaller than this share of its largest area are not chosen."""


def key_slices(mask: Array, count: int) -> list[int]:
    """The slice where the region is largest, and others evenly through it.

    Args:
        mask: (I, J, K) bool, canonical (RAS) grid.
        count: at most so many slices.

    Returns:
        Slice indices from inferior to superior; empty where the mask is.
    """
    areas = mask.sum(axis=(0, 1))
    inside = np.flatnonzero(areas)
    if inside.size <= count:
        return [int(k) for k in inside]
    # The ends of a region are a few voxels only and say little.
    chosen = evenly_spaced(mask & (areas >= LEAST_AREA * areas.max()), count)
    largest = int(areas.argmax())
    nearest = int(np.abs(np.array(chosen) - largest).argmin())
    chosen[nearest] = largest
    return chosen


def evenly_spaced(mask: Array, count: int) -> list[int]:
    """The middles of `count` equal parts of the slices that the mask reaches.

    Args:
        mask: (I, J, K) bool, canonical (RAS) grid.
        count: at most so many slices.

    Returns:
        Slice indices from inferior to superior, each once.
    """
    inside = np.flatnonzero(mask.any(axis=(0, 1)))
    if inside.size == 0:
        return []
    middles = (np.arange(count) + 0.5) * inside.size / count
    return [int(k) for k in np.unique(inside[middles.astype(int)])]


def largest_slice(mask: Array) -> int:
    """The slice on which the mask has most voxels."""
    return int(mask.sum(axis=(0, 1)).argmax())
