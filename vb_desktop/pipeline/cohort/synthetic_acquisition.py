"""What the scanner does: residual bias, resolution, Rician noise, and its own unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.cohort import synthetic_parameters as given
from vb_desktop.pipeline.training.synthetic_tumour import smooth_noise, uniform


def acquire(rng: np.random.Generator, image: Array, brain: Array) -> tuple[Array, dict[str, Any]]:
    """A scan of the image as it comes out of the registration.

    Args:
        rng: of the case.
        image: float32 (I, J, K), white matter at 1, voxels of 1 mm.
        brain: bool.

    Returns:
        int16, at least 1 in the brain, 0 outside; and what was drawn.
    """
    bias, noise, blur = uniform(rng, given.BIAS), uniform(rng, given.NOISE), uniform(rng, given.BLUR_MM)
    thick = uniform(rng, given.THICK_MM) if rng.uniform() < given.THICK_SHARE else 0.0
    axis = int(rng.choice(3, p=given.THICK_AXES))
    scale = uniform(rng, given.SCALE)
    image = np.where(brain, image, 0) * np.exp(bias * smooth_noise(rng, image.shape, given.BIAS_MM))
    if thick:
        image = _noisy(rng, _slices(image, axis, thick), noise / float(np.sqrt(thick)))
        image = _resampled(image, axis, thick, brain.shape[axis])
    else:
        image = ndimage.gaussian_filter(_noisy(rng, image.astype(np.float32), noise), blur)
    scan = np.where(brain, np.clip(np.round(scale * image), 1, 32767), 0).astype(np.int16)
    said = {"bias": bias, "noise": noise, "slice_mm": thick or 1.0, "slice_axis": axis if thick else None}
    return scan, said


def _slices(image: Array, axis: int, thick: float) -> Array:
    """Slices of `thick` mm: the mean over the slab, by the running sum."""
    n = image.shape[axis]
    edges = np.minimum(np.arange(int(np.ceil(n / thick)) + 1) * thick, n)
    total = np.concatenate([np.zeros_like(np.take(image, [0], axis)), np.cumsum(image, axis, dtype=np.float64)], axis)
    low = np.floor(edges).astype(int)
    share = (edges - low).reshape([-1 if a == axis else 1 for a in range(3)])
    at = np.take(total, low, axis) * (1 - share) + np.take(total, np.minimum(low + 1, n), axis) * share
    width = np.diff(edges).reshape([-1 if a == axis else 1 for a in range(3)])
    return np.asarray(np.diff(at, axis=axis) / np.maximum(width, 1e-6), dtype=np.float32)


def _resampled(slices: Array, axis: int, thick: float, n: int) -> Array:
    """Linear interpolation back to 1 mm."""
    at = np.clip((np.arange(n) + 0.5) / thick - 0.5, 0, slices.shape[axis] - 1)
    low = np.minimum(at.astype(int), max(slices.shape[axis] - 2, 0))
    share = (at - low).reshape([-1 if a == axis else 1 for a in range(3)]).astype(np.float32)
    above = np.minimum(low + 1, slices.shape[axis] - 1)
    return np.asarray(np.take(slices, low, axis) * (1 - share) + np.take(slices, above, axis) * share)


def _noisy(rng: np.random.Generator, image: Array, sigma: float) -> Array:
    real = image + sigma * rng.standard_normal(image.shape, dtype=np.float32)
    return np.asarray(np.hypot(real, sigma * rng.standard_normal(image.shape, dtype=np.float32)), dtype=np.float32)
