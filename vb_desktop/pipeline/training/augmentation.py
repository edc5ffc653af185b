"""Augmentation of volume and prior alike (paper, Sec. 5)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import standardise

Array = npt.NDArray[Any]


def augment(
    rng: np.random.Generator,
    image: Array,
    prior: Array,
    *,
    rotate: float = 0.5,
    mirror: float = 0.5,
    noise: float = 0.15,
    gamma: float = 0.15,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Augment one case; intensities change on a scale of [0, 1] inside the brain and are standardised after it.

    Args:
        rng: decides.
        image: (I, J, K) with I = J, standardised in the brain, exactly 0 outside.
        prior: (I, J, K) in [0, 1].
        rotate: probability of a rotation by 90, 180 or 270 degrees in the axial plane.
        mirror: probability of a left-right mirror.
        noise: probability of Gaussian noise, standard deviation 0.01.
        gamma: probability of a gamma in [0.9, 1.1].

    Returns:
        Image and prior, float32.
    """
    if rng.uniform() < rotate:
        turns = int(rng.integers(1, 4))
        image, prior = np.rot90(image, turns, (0, 1)), np.rot90(prior, turns, (0, 1))
    if rng.uniform() < mirror:
        image, prior = image[::-1], prior[::-1]
    add, bend = rng.uniform() < noise, rng.uniform() < gamma
    if add or bend:
        brain = image != 0
        low, high = float(image[brain].min()), float(image[brain].max())
        scaled = np.clip((image - low) / max(high - low, 1e-6), 0, 1)
        if add:
            scaled = np.clip(scaled + 0.01 * rng.standard_normal(scaled.shape, dtype=np.float32), 0, 1)
        if bend:
            scaled = scaled ** rng.uniform(0.9, 1.1)
        image = standardise(scaled, brain)
    return np.ascontiguousarray(image, np.float32), np.ascontiguousarray(prior, np.float32)
