"""Boxes as polygons on one slice of the shown grid."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.case_record import BoxRecord


def mni_polygon(box: BoxRecord) -> Array:
    """Corners (4, 3) of a box in (z, y, x) voxels of the processed scan.

    The range i0 <= i < i1 covers whole voxels; a voxel's centre is at its index.
    """
    low_x, high_x, low_y, high_y = box.i0 - 0.5, box.i1 - 0.5, box.j0 - 0.5, box.j1 - 0.5
    return np.array(
        [[box.k, low_y, low_x], [box.k, low_y, high_x], [box.k, high_y, high_x], [box.k, high_y, low_x]], dtype=float
    )


def native_polygon(box: BoxRecord, scan: Volume) -> Array:
    """Corners (4, 3) of a box in (z, y, x) voxels of the scan, on the slice nearest to them all.

    Registration tilts a template slice against the scan's slices, so the polygon is the box projected on one of them.
    """
    corners = scan.to_index(np.array(box.native_corners_mm))[:, ::-1]
    k = np.clip(round(float(corners[:, 0].mean())), 0, scan.voxels.shape[2] - 1)
    return np.column_stack([np.full(4, float(k)), corners[:, 1:]])


def polygons(boxes: Iterable[BoxRecord], grid: Volume, space: str) -> list[Array]:
    """Polygons of all boxes in (z, y, x) voxels of `grid`, the scan or the processed scan."""
    return [native_polygon(box, grid) if space == "native" else mni_polygon(box) for box in boxes]
