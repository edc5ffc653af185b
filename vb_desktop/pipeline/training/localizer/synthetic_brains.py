"""Tumour-free brains drawn from the template on the detector's grid, in varied contrast."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.mri_processor.template import template_map
from vb_desktop.pipeline.training.synthetic_tumour import smooth_noise
from vb_desktop.pipeline.tumor_localizer.detector_grid import LOWEST, SHAPE, STEP_MM, template_tissue, to_detector_grid


def template_brain(rng: np.random.Generator) -> tuple[Array, Array]:
    """A brain without a lesion.

    Returns:
        image: float32 `SHAPE`, white matter near 0, not yet normalised; `LOWEST` outside.
        brain: bool `SHAPE`.
    """
    amplitude = rng.uniform(0.5, 3.0) / STEP_MM
    at = np.stack([axis + amplitude * smooth_noise(rng, SHAPE, 8) for axis in np.indices(SHAPE, dtype=np.float32)])
    grey, white, t1 = (ndimage.map_coordinates(part, at, order=1) for part in (*template_tissue(), _t1()))
    brain = ndimage.binary_fill_holes(t1 > rng.uniform(0.08, 0.3))
    fluid = np.clip(1 - grey - white, 0, 1)
    tissue = rng.uniform(-1.8, -0.5) * grey + rng.uniform(-6.5, -2.5) * fluid
    detail = (t1 - float(np.median(t1[white > 0.9]))) * rng.uniform(5, 12)
    mix = rng.uniform(0.1, 0.9)
    image = mix * detail + (1 - mix) * tissue
    image += rng.uniform(0, 0.35) * smooth_noise(rng, SHAPE, rng.uniform(2, 5))
    image += _vessels(rng, fluid, grey, brain)
    image += rng.uniform(0, 0.4) * smooth_noise(rng, SHAPE, 20)
    return np.where(brain, image, LOWEST).astype(np.float32), brain


def _vessels(rng: np.random.Generator, fluid: Array, grey: Array, brain: Array) -> Array:
    """Bright vessels: where two noises cross zero, in the fluid and along the rim and the falx."""
    tubes = np.abs(smooth_noise(rng, SHAPE, 6)) + np.abs(smooth_noise(rng, SHAPE, 6))
    vessels = np.clip(1 - tubes / rng.uniform(0.06, 0.22), 0, 1) * np.clip(fluid + 0.3 * grey, 0, 1)
    rim = np.clip(1 - ndimage.distance_transform_edt(brain) * STEP_MM / rng.uniform(2.5, 6), 0, 1)
    rim *= np.clip(smooth_noise(rng, SHAPE, rng.uniform(2, 5)) - rng.uniform(0.3, 1.5), 0, 1)
    x = np.arange(SHAPE[0])
    middle = np.exp(-(((x - 39.5) * STEP_MM / rng.uniform(1.5, 3)) ** 2))[:, None, None] * fluid
    return np.asarray(rng.uniform(0, 9) * vessels + rng.uniform(0, 8) * rim + rng.uniform(0, 5) * middle)


@cache
def _t1() -> Array:
    found = template_map("t1")
    if found is None:
        raise FileNotFoundError("the MNI152 maps of nilearn are not installed")
    return to_detector_grid(found.like(found.voxels / 255))
