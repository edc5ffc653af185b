"""Resampling between grids that share one world, and the axis-aligned grid that estimates are made on."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Volume


def resample(volume: Volume, affine: Array, shape: tuple[int, ...], order: int = 1) -> Volume:
    """Sample a volume on another grid of the same world.

    Args:
        volume: any grid; RAS+ mm.
        affine: (4, 4) of the new grid, voxel index -> RAS+ mm.
        shape: (I, J, K) of the new grid.
        order: 0 nearest, 1 linear.

    Returns:
        float32 voxels; 0 outside the volume.
    """
    step = np.linalg.inv(volume.affine) @ affine
    source = volume.voxels.astype(np.float32, copy=False)
    if source.shape == tuple(shape) and np.allclose(step, np.eye(4), rtol=0, atol=1e-6):  # the same grid
        return Volume(source.copy(), np.asarray(affine, dtype=np.float64))
    voxels = ndimage.affine_transform(source, step[:3, :3], step[:3, 3], tuple(shape), order=order, output=np.float32)
    return Volume(voxels, np.asarray(affine, dtype=np.float64))


def world_grid(mask: Volume, spacing_mm: float, margin_mm: float) -> tuple[Array, tuple[int, int, int]]:
    """The grid along the world's axes that just holds a mask and a margin.

    Estimates made on it (bias field, warp) depend on the anatomy alone, not on how the scanner laid its voxels.

    Returns:
        affine (4, 4) with `spacing_mm` on its diagonal, and the shape.
    """
    inside = np.argwhere(mask.voxels > 0)
    low, high = inside.min(axis=0), inside.max(axis=0)
    corners = np.array(np.meshgrid(*zip(low - 0.5, high + 0.5, strict=True))).reshape(3, -1).T
    world = mask.to_mm(corners)
    start, end = world.min(axis=0) - margin_mm, world.max(axis=0) + margin_mm
    i, j, k = (int(n) for n in np.ceil((end - start) / spacing_mm) + 1)
    affine = np.diag([spacing_mm, spacing_mm, spacing_mm, 1.0])
    affine[:3, 3] = start
    return affine, (i, j, k)
