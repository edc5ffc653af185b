"""The detector's own grid: MNI space, 2 mm, symmetric about the midline, whatever grid the scan lies on."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Volume

STEP_MM = 2.0
SHAPE = (81, 98, 82)
AFFINE = np.array([[2.0, 0, 0, -80], [0, 2, 0, -112], [0, 0, 2, -72], [0, 0, 0, 1]])
"""x from -80 to 80 mm, so that flipping the first axis mirrors about x = 0."""


def to_working_grid(volume: Volume, smooth_mm: float = 1.0) -> Array:
    """Resample a template-space volume: float32 `SHAPE`, linear, smoothed before (standard deviation in mm)."""
    voxels = volume.voxels.astype(np.float32)
    if smooth_mm > 0:
        voxels = ndimage.gaussian_filter(voxels, smooth_mm / np.array(volume.spacing), truncate=3.0)
    return _resample(voxels, np.linalg.inv(volume.affine) @ AFFINE, SHAPE)


def from_working_grid(values: Array, like: Volume) -> Array:
    """Bring values of the working grid to the grid of `like`: float32, linear, 0 outside."""
    return _resample(values.astype(np.float32), np.linalg.inv(AFFINE) @ like.affine, like.voxels.shape)


def _resample(voxels: Array, matrix: Array, shape: tuple[int, ...]) -> Array:
    moved: Array = ndimage.affine_transform(voxels, matrix[:3, :3], matrix[:3, 3], output_shape=shape, order=1)
    return moved


def within(mask: Array, radius_mm: float) -> Array:
    """Voxels not farther than `radius_mm` from the mask (dilation with an exact ball)."""
    if not mask.any():
        return mask
    near: Array = ndimage.distance_transform_edt(~mask) * STEP_MM <= radius_mm
    return near


def depth_mm(mask: Array) -> Array:
    """Distance of each voxel of the mask to the outside, mm; the border of the grid is outside."""
    inner: Array = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1, 1:-1] * STEP_MM
    return inner


def opened(mask: Array, radius_mm: float) -> Array:
    """What a ball of that radius can reach from inside: threads thinner than it are gone."""
    return within(depth_mm(mask) > radius_mm, radius_mm)


def closed(mask: Array, radius_mm: float) -> Array:
    """Gaps narrower than the ball are filled."""
    margin = int(np.ceil(radius_mm / STEP_MM)) + 1
    padded = np.pad(mask, margin)
    inner = depth_mm(within(padded, radius_mm)) > radius_mm
    return inner[margin:-margin, margin:-margin, margin:-margin]
