"""Smooth warps that never fold: the flow of a stationary velocity field, by scaling and squaring (Arsigny 2006)."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array

STEPS = 6
"""Squarings: 64 small steps, each of them far below a voxel of the velocity's grid."""


def flow(velocity: Array) -> Array:
    """Displacement after unit time along a velocity field.

    Args:
        velocity: float32 (3, I, J, K), in voxels of its own grid.

    Returns:
        float32 (3, I, J, K), voxels: x -> x + displacement is a diffeomorphism as far as the grid resolves it.
    """
    displacement = (velocity / 2**STEPS).astype(np.float32)
    grid = np.indices(velocity.shape[1:], dtype=np.float32)
    for _ in range(STEPS):
        at = grid + displacement
        displacement = displacement + np.stack(
            [ndimage.map_coordinates(part, at, order=1, mode="nearest") for part in displacement]
        )
    return np.asarray(displacement)


def finer(values: Array, shape: tuple[int, int, int], factor: float) -> Array:
    """Values of a coarse grid on one `factor` times as fine that begins at the same voxel centre.

    Cubic B-splines without prefilter: smoother than the coarse values, and never beyond their extremes.

    Args:
        values: float32 (C, I, J, K).
        shape: of the fine grid; the coarse one must reach as far.
        factor: fine voxels to a coarse one.
    """
    out = values
    for axis, n in enumerate(shape, start=1):
        weights = _cubic(n, values.shape[axis], factor)
        out = np.moveaxis(np.tensordot(weights, out, (1, axis)), 0, axis)
    return np.ascontiguousarray(out, dtype=np.float32)


def jacobian_determinant(displacement: Array) -> Array:
    """Determinant of the Jacobian of x -> x + displacement; 0 and below is folding.

    Args:
        displacement: (3, I, J, K), voxels.
    """
    rows = [np.stack(np.gradient(part)) for part in displacement]
    jacobian = np.stack(rows) + np.eye(3)[:, :, None, None, None]
    return np.asarray(np.linalg.det(np.moveaxis(jacobian, (0, 1), (-2, -1))))


def _cubic(n: int, knots: int, factor: float) -> Array:
    at = np.arange(n)[:, None] / factor
    distance = np.abs(at - np.arange(-1, knots + 1)[None])
    weights = np.where(
        distance < 1, (4 - 6 * distance**2 + 3 * distance**3) / 6, np.clip(2 - distance, 0, None) ** 3 / 6
    )
    weights[:, 1] += weights[:, 0]  # the border counts on beyond the grid
    weights[:, -2] += weights[:, -1]
    inner = weights[:, 1:-1]
    return np.asarray(inner / np.maximum(inner.sum(1, keepdims=True), 1e-6), dtype=np.float32)
