"""What the voxel-wise MLP sees of a voxel: intensity, texture, edges and the difference from the mirrored side."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.recent import Recent, volume_key

SCALES_MM = (1.0, 2.0, 4.0)
TEXTURE_MM = (2.0, 4.0)
FEATURES = ("intensity", "gauss_1", "gauss_2", "gauss_4", "std_2", "std_4", "gradient_1", "mirror_2", "mirror_4")

_kept: Recent[Array] = Recent(1)
"""Some 60 MB: features depend on the scan alone, and a reader corrects the boxes of one scan many times."""


def voxel_features(volume: Volume, mask: Array) -> Array:
    """Features of every brain voxel; those of the last scan are kept.

    Args:
        volume: z-scored, template space: x = 0 is the midline.
        mask: (I, J, K), brain.

    Returns:
        float32 (N, 9) in the order of `FEATURES`, N brain voxels in C order; not to be written to.
    """
    key = volume_key(volume, volume.like(mask))
    return _kept.get(key, lambda: _features(volume, mask))


def _features(volume: Volume, mask: Array) -> Array:
    inside = mask > 0
    box = _bounding_box(volume, inside)
    voxels = volume.voxels[box].astype(np.float32)
    brain = inside[box]
    spacing = np.array(volume.spacing)

    def smooth(values: Array, sigma_mm: float) -> Array:
        smoothed: Array = ndimage.gaussian_filter(values, sigma_mm / spacing, truncate=3.0)
        return smoothed

    smoothed = {mm: smooth(voxels, mm) for mm in SCALES_MM}
    squared = voxels * voxels
    columns = [voxels, *(smoothed[mm] for mm in SCALES_MM)]
    columns += [np.sqrt(np.maximum(smooth(squared, mm) - smoothed[mm] ** 2, 0)) for mm in TEXTURE_MM]
    columns.append(ndimage.gaussian_gradient_magnitude(voxels, 1.0 / spacing).astype(np.float32))
    columns += [smoothed[mm] - smoothed[mm][::-1] for mm in TEXTURE_MM]
    features = np.stack([column[brain] for column in columns], axis=1)
    features.flags.writeable = False
    return features


def _bounding_box(volume: Volume, inside: Array) -> tuple[slice, slice, slice]:
    """Box around the brain that is symmetric about x = 0 as far as the grid allows, so that mirroring is a flip."""
    edges = [np.flatnonzero(inside.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    (i0, i1), (j0, j1), (k0, k1) = ((int(e[0]), int(e[-1])) for e in edges)
    middle = float(volume.to_index(np.zeros((1, 3)))[0, 0])
    twice = round(2 * middle)
    first = min(i0, twice - i1)
    if first < 0 or twice - first >= inside.shape[0]:  # the midline lies too far to the side: mirror about the grid
        first, twice = 0, inside.shape[0] - 1
    return slice(first, twice - first + 1), slice(j0, j1 + 1), slice(k0, k1 + 1)
