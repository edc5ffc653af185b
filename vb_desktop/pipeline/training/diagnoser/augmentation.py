"""Augmentation of volume and prior alike (paper, Sec. 5), on intensities in [0, 1]; the z-score comes after it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import standardise
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]


def augment(
    rng: np.random.Generator, image: Array, brain: Array, prior: Array, recipe: DiagnoserRecipe
) -> tuple[Floats, Floats]:
    """Augment one case.

    Args:
        rng: decides.
        image: (I, J, K) with I = J, in [0, 1] inside the brain.
        brain: bool (I, J, K), not empty.
        prior: (I, J, K) in [0, 1].
        recipe: with the four probabilities. Rotation by 90, 180 or 270 degrees in the axial plane; left-right mirror;
            Gaussian noise of standard deviation 0.01; gamma in [0.9, 1.1].

    Returns:
        Image, standardised inside the brain and 0 outside, and prior; float32.
    """
    parts = [np.asarray(image, np.float32), np.asarray(brain, bool), np.asarray(prior, np.float32)]
    if rng.uniform() < recipe.rotate:
        turns = int(rng.integers(1, 4))
        parts = [np.rot90(part, turns, (0, 1)) for part in parts]
    if rng.uniform() < recipe.mirror:
        parts = [part[::-1] for part in parts]
    image, brain, prior = parts
    if rng.uniform() < recipe.noise:
        image = np.clip(image + np.float32(0.01) * rng.standard_normal(image.shape, dtype=np.float32), 0, 1)
    if rng.uniform() < recipe.gamma:
        image = np.clip(image, 0, 1) ** rng.uniform(0.9, 1.1)
    return np.ascontiguousarray(standardise(image, brain)), np.ascontiguousarray(prior, np.float32)
