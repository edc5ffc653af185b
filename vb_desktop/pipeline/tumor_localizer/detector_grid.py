"""The grid and the intensities that the slice detector sees, whatever grid the scan lies on."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, ProcessedScan, Volume
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.mri_processor.template import template_map

STEP_MM = 2.0
SHAPE = (80, 96, 80)
AFFINE = np.array([[2.0, 0, 0, -79], [0, 2, 0, -112], [0, 0, 2, -73], [0, 0, 0, 1]])
"""x from -79 to 79 mm, so that flipping the first axis mirrors about x = 0; sizes that the network can halve."""
LOWEST, HIGHEST = -5.0, 8.0
"""Intensities are cut here: darker is no tissue, brighter is a vessel as well as a tumour."""
_SMOOTH_MM = 0.7  # against aliasing, from 1 mm to 2 mm
_LEAST_VOXELS = 2000
_TISSUES: tuple[Literal["gm"], Literal["wm"]] = ("gm", "wm")


def to_detector_grid(volume: Volume, smooth_mm: float = _SMOOTH_MM) -> Array:
    """Resample a template-space volume: float32 `SHAPE`, linear, smoothed before (standard deviation in mm)."""
    voxels = volume.voxels.astype(np.float32)
    if smooth_mm > 0:
        voxels = ndimage.gaussian_filter(voxels, smooth_mm / np.array(volume.spacing), truncate=3.0)
    matrix = np.linalg.inv(volume.affine) @ AFFINE
    moved: Array = ndimage.affine_transform(voxels, matrix[:3, :3], matrix[:3, 3], output_shape=SHAPE, order=1)
    return moved


def from_detector_grid(values: Array, like: Volume) -> Array:
    """Bring values of the detector's grid to the grid of `like`: float32, linear, 0 outside."""
    matrix = np.linalg.inv(AFFINE) @ like.affine
    moved: Array = ndimage.affine_transform(
        values.astype(np.float32), matrix[:3, :3], matrix[:3, 3], output_shape=like.voxels.shape, order=1
    )
    return moved


def detector_input(processed: ProcessedScan) -> tuple[Array, Array]:
    """The scan as the detector sees it.

    Args:
        processed: template space.

    Returns:
        image: float32 `SHAPE`, 0 = white matter, 1 = the brain's robust standard deviation, `LOWEST` outside the brain.
        brain: bool `SHAPE`.

    Raises:
        LocalizationFailed: there is too little brain.
    """
    share = to_detector_grid(Volume((processed.mask.voxels > 0).astype(np.float32), processed.mask.affine))
    brain = share > 0.5
    # Smoothed inside the brain only, so that the outside does not leak into the rim.
    inside = Volume(processed.volume.voxels * (processed.mask.voxels > 0), processed.volume.affine)
    image = to_detector_grid(inside) / np.maximum(share, 0.25)
    return normalised(image, brain), brain


def normalised(image: Array, brain: Array) -> Array:
    """Intensities with white matter at 0 and the brain's robust standard deviation as unit, `LOWEST` outside.

    Medians and quartiles, because a mean would be moved by a large or bright tumour.
    """
    white = brain & (template_tissue()[1] > 0.85)
    if np.count_nonzero(white) < _LEAST_VOXELS:
        raise LocalizationFailed("tumor_localizer.no_brain")
    low, high = np.percentile(image[brain], [25, 75])
    spread = max(float(high - low) / 1.349, 1e-6)
    scaled = (image - float(np.median(image[white]))) / spread
    return np.where(brain, np.clip(scaled, LOWEST, HIGHEST), LOWEST).astype(np.float32)


@cache
def template_tissue() -> Array:
    """Grey and white matter of the template, float32 (2, *SHAPE) in [0, 1]."""
    maps = []
    for name in _TISSUES:
        found = template_map(name)
        if found is None:
            raise LocalizationFailed("tumor_localizer.no_tissue_map", name=f"MNI152 {name}")
        maps.append(to_detector_grid(found.like(found.voxels / 255)))
    return np.stack(maps).astype(np.float32)
