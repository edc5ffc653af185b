"""The grid that the network sees, and the one way from template space to it, for training and application alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.case import Volume

Array = npt.NDArray[Any]
Z_LIMIT = 8.0
"""z-scores beyond are cut: single outlier voxels must not rule the scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputGrid:
    """A box of cubic voxels in MNI152 space, RAS+.

    2 mm keep a lesion of 1 cm at 5 voxels across. The axial plane is square, as the rotation by 90 degrees of the
    augmentation needs, and the grid lies symmetric about x = 0, so that mirroring is exact.

    Attributes:
        shape: voxels along I, J, K.
        spacing_mm: edge of a voxel.
        origin_mm: RAS+ mm of the centre of the first voxel.
    """

    shape: tuple[int, int, int] = (96, 96, 80)
    spacing_mm: float = 2.0
    origin_mm: tuple[float, float, float] = (-95.0, -112.0, -74.0)

    @property
    def affine(self) -> Array:
        """Voxel index -> RAS+ mm, float64 (4, 4)."""
        affine = np.diag([self.spacing_mm] * 3 + [1.0])
        affine[:3, 3] = self.origin_mm
        return affine

    def cells(self, stride: int, first_cell: float) -> Array:
        """Affine of a backbone's feature cells: cell index -> RAS+ mm."""
        affine = np.diag([self.spacing_mm * stride] * 3 + [1.0])
        affine[:3, 3] = np.asarray(self.origin_mm) + first_cell * self.spacing_mm
        return affine

    @property
    def is_symmetric(self) -> bool:
        """Whether mirroring left-right maps the grid onto itself."""
        return abs(2 * self.origin_mm[0] + self.spacing_mm * (self.shape[0] - 1)) < 1e-3 * self.spacing_mm

    def sample(self, volume: Volume) -> npt.NDArray[np.float32]:
        """A template-space volume on this grid: float32 of `shape`, 0 where the volume does not reach."""
        return resample(volume.voxels, volume.affine, self.affine, self.shape)


def resample(voxels: Array, source: Array, target: Array, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Linear interpolation on another grid with the same axes.

    Onto a coarser grid the kernel widens, so that no voxel is skipped.

    Args:
        voxels: (I, J, K).
        source: affine of `voxels`, index -> RAS+ mm.
        target: affine of the result; its axes must be parallel to the source's, in the same order.
        shape: of the result.

    Returns:
        float32 of `shape`; outside the source counts as 0.
    """
    step = np.linalg.inv(source) @ target
    if not np.allclose(step[:3, :3], np.diag(np.diag(step)[:3]), atol=1e-4):
        raise ValueError("both grids must have parallel axes in the same order, got an oblique pair")
    out = np.asarray(voxels, dtype=np.float32)
    for axis in np.argsort(np.asarray(shape) / out.shape):  # shrinking axes first: less to compute
        weights = _tent(shape[axis], out.shape[axis], float(step[axis, axis]), float(step[axis, 3]))
        out = np.moveaxis(np.tensordot(weights, out, (1, axis)), 0, axis)
    return np.ascontiguousarray(out)


def _tent(n: int, m: int, step: float, offset: float) -> npt.NDArray[np.float32]:
    """Weights (n, m): result i is centred at source index `offset + step * i`."""
    half = max(abs(step), 1.0)
    pad = int(np.ceil(half)) + 1
    # Also over indices beyond the edge, so that what lies outside pulls towards 0 instead of being made up.
    near = np.arange(m + 2 * pad)[None] - pad
    centre = np.clip(offset + step * np.arange(n), -pad, m - 1 + pad)[:, None]
    weights = np.clip(1 - np.abs(centre - near) / half, 0, None)
    weights /= np.maximum(weights.sum(1, keepdims=True), 1e-6)
    return np.asarray(weights[:, pad : m + pad], dtype=np.float32)


def standardise(image: Array, brain: Array) -> npt.NDArray[np.float32]:
    """Mean 0 and standard deviation 1 inside the brain, 0 outside; outliers cut at `Z_LIMIT`.

    Args:
        image: (I, J, K), any scale.
        brain: bool (I, J, K), not empty.
    """
    inside = image[brain].astype(np.float64)
    z = (image - inside.mean()) / max(float(inside.std()), 1e-6)
    z = np.clip(z, -Z_LIMIT, Z_LIMIT)
    inside = z[brain]
    z = (z - inside.mean()) / max(float(inside.std()), 1e-6)
    return np.where(brain, z, 0.0).astype(np.float32)


def network_input(
    grid: InputGrid, volume: Volume, mask: Volume, prior: Volume
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """What the network gets of a processed scan.

    Args:
        grid: the network's.
        volume: z-scored brain, template space.
        mask: brain mask, same space.
        prior: refined prior in [0, 1], same space.

    Returns:
        Image float32 standardised in the brain, prior float32 in [0, 1] inside the brain, brain bool; each of
        `grid.shape`.
    """
    brain = grid.sample(mask) > 0.5
    if not brain.any():
        raise ValueError("the brain mask must reach the network's grid, got an empty one")
    image = standardise(grid.sample(volume), brain)
    inside = np.where(brain, np.clip(grid.sample(prior), 0.0, 1.0), 0.0).astype(np.float32)
    return image, inside, brain
