"""Gantry tilt: slices that are stacked at a slant, brought to a rectangular grid without turning them."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Array, Volume


def slant_degrees(affine: Array) -> float:
    """Angle between the way from slice to slice and the normal of the slices.

    Args:
        affine: (4, 4) whose axes i and j are at right angles to each other.
    """
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    step = affine[:3, 2]
    cosine = abs(step @ normal) / (np.linalg.norm(step) * np.linalg.norm(normal))
    return float(np.degrees(np.arccos(np.clip(cosine, 0, 1))))


def straight_grid(shape: tuple[int, int, int], affine: Array) -> tuple[tuple[int, int, int], Array, Array]:
    """The rectangular grid that holds all slices where they are; each slice lies on one of its planes.

    Args:
        shape: columns, rows, slices.
        affine: (4, 4) of the slanted stack.

    Returns:
        Its shape; its affine; and (K, 2): for each slice, where in it the first voxel of its plane lies (i, j).
    """
    axes = affine[:3, :2] / np.linalg.norm(affine[:3, :2], axis=0)
    edges = np.linalg.norm(affine[:3, :2], axis=0)
    slide = axes.T @ affine[:3, 2] / edges  # voxels along i and j from slice to slice
    slides = np.arange(shape[2])[:, None] * slide
    first = np.floor(slides.min(axis=0) + 1e-6)
    last = np.ceil(slides.max(axis=0) - 1e-6)
    straight = affine.copy()
    straight[:3, 2] = affine[:3, 2] - axes @ (slide * edges)
    straight[:3, 3] = affine[:3, 3] + affine[:3, :2] @ first
    columns, rows = (int(n) for n in np.array(shape[:2]) + last - first)
    return (columns, rows, shape[2]), straight, first - slides


def straighten(volume: Volume) -> Volume:
    """Shift each slice within its plane, by linear interpolation.

    Args:
        volume: float32, slices along k, slanted.

    Returns:
        float32 on the grid of `straight_grid`; the lowest value of the volume where no slice was.
    """
    from scipy.ndimage import affine_transform

    i, j, slices = volume.voxels.shape
    shape, affine, starts = straight_grid((i, j, slices), volume.affine)
    outside = float(np.nanmin(volume.voxels))
    voxels = np.empty(shape, dtype=np.float32)
    for k, start in enumerate(starts):
        voxels[:, :, k] = affine_transform(
            volume.voxels[:, :, k], np.eye(2), offset=start, output_shape=shape[:2], order=1, cval=outside
        )
    return Volume(voxels, affine)
