"""Synthetic T1-CE brains with one tumour of a known class, drawn on the network's grid (MNI152, 2 mm).

Anatomy: grey, white and T1 maps of the MNI152 template (nilearn), warped smoothly at random. Contrast, residual bias
field, vessels, noise and slice thickness vary. Tumours: `synthetic_signs`. What is drawn is simpler than patients are:
a model trained on it is a demonstration.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid, standardise
from vb_desktop.pipeline.case import CLASSES, Volume
from vb_desktop.pipeline.mri_processor.template import template_map
from vb_desktop.pipeline.training.synthetic_prior import synthetic_prior
from vb_desktop.pipeline.training.synthetic_signs import SIGNS, Signs
from vb_desktop.pipeline.training.synthetic_tumour import Tumour, draw_tumour, paint, smooth_noise, uniform

Array = npt.NDArray[Any]
SMALLEST_TUMOUR_ML = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticCase:
    """One case on the network's grid.

    Attributes:
        image: float32 (I, J, K), standardised in the brain, 0 outside.
        prior: float32 (I, J, K) in [0, 1], as the localiser would give it.
        brain: bool (I, J, K).
        tumour: bool (I, J, K), the truth, without oedema.
        label: index in `CLASSES`.
        signs: name of the appearance.
    """

    image: npt.NDArray[np.float32]
    prior: npt.NDArray[np.float32]
    brain: npt.NDArray[np.bool_]
    tumour: npt.NDArray[np.bool_]
    label: int
    signs: str


@dataclass(frozen=True, slots=True)
class SyntheticCohort:
    """Cases by number; the same seed and number give the same case. Classes take turns, so they are balanced.

    Attributes:
        n: number of cases.
        seed: of the cohort; cohorts of different seeds share no case.
        grid: the network's.
    """

    n: int
    seed: int
    grid: InputGrid = field(default_factory=InputGrid)

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, number: int) -> SyntheticCase:
        if not 0 <= number < self.n:
            raise IndexError(number)
        rng = np.random.default_rng([self.seed, number])
        label = number % len(CLASSES)
        appearances = SIGNS[CLASSES[label]]
        signs = appearances[int(rng.choice(len(appearances), p=[s.weight for s in appearances]))]
        return draw_case(rng, signs, label, self.grid)

    def __iter__(self) -> Iterator[SyntheticCase]:
        return (self[number] for number in range(self.n))


def draw_case(rng: np.random.Generator, signs: Signs, label: int, grid: InputGrid) -> SyntheticCase:
    """Draw one case with given signs."""
    for _ in range(20):
        tumour = draw_tumour(rng, signs, grid)
        white, grey, t1 = _warped_anatomy(rng, tumour, grid)
        brain = t1 > 0.1
        truth = (tumour.level < 0) & brain
        if truth.sum() * grid.spacing_mm**3 / 1000 >= SMALLEST_TUMOUR_ML:
            break
    else:
        raise ValueError(f"no tumour of {signs.name!r} meets the brain on this grid")
    image = paint(rng, _healthy(rng, white, grey, t1, grid), tumour, signs, white, grid)
    image = _acquire(rng, np.where(brain, image, 0), grid)
    prior = synthetic_prior(rng, truth, brain, grid)
    return SyntheticCase(standardise(image, brain), prior, brain, truth, label, signs.name)


def content_hash(cases: Iterator[SyntheticCase] | list[SyntheticCase]) -> str:
    """Sha256 of images, priors and labels (rounded, so that the last bits of a machine's arithmetic don't matter)."""
    digest = hashlib.sha256()
    for case in cases:
        digest.update(np.round(case.image * 64).astype(np.int16).tobytes())
        digest.update(np.round(case.prior * 64).astype(np.int8).tobytes())
        digest.update(bytes([case.label]))
    return digest.hexdigest()


@lru_cache(maxsize=2)
def _anatomy(grid: InputGrid) -> tuple[Array, Array, Array]:
    """White matter, grey matter and T1 of the template in [0, 1], float32 on the grid."""
    found = [template_map("wm"), template_map("gm"), template_map("t1")]
    maps = [grid.sample(Volume(volume.voxels / 255, volume.affine)) for volume in found if volume is not None]
    if len(maps) < len(found):
        raise FileNotFoundError("the MNI152 maps of nilearn are not installed")
    return maps[0], maps[1], maps[2]


def _warped_anatomy(rng: np.random.Generator, tumour: Tumour, grid: InputGrid) -> tuple[Array, Array, Array]:
    """Anatomy after a smooth random warp (what SyN leaves) and the tumour's mass effect."""
    ijk = np.indices(grid.shape, dtype=np.float32)
    amplitude = uniform(rng, (1.0, 3.0)) / grid.spacing_mm
    coordinates = np.stack([axis + amplitude * smooth_noise(rng, grid.shape, 14) for axis in ijk])
    away = ijk - tumour.centre.astype(np.float32)[:, None, None, None]
    distance = np.sqrt((away**2).sum(0)) + 1e-3
    reach = 1.5 * tumour.radius_mm / grid.spacing_mm
    push = (
        tumour.push
        / grid.spacing_mm
        * np.exp(-np.clip(distance * grid.spacing_mm - tumour.radius_mm, 0, None) / (reach * grid.spacing_mm))
    )
    coordinates -= (
        away / distance * np.minimum(push, 0.7 * distance)
    )  # sampled nearer to the centre: tissue moves outwards
    warped = [ndimage.map_coordinates(part, coordinates, order=1, mode="constant") for part in _anatomy(grid)]
    return warped[0], warped[1], warped[2]


def _healthy(rng: np.random.Generator, white: Array, grey: Array, t1: Array, grid: InputGrid) -> Array:
    """T1 contrast of the tissues with white matter at 1.0, some of the template's own detail, and enhancing vessels."""
    fluid = np.clip(1 - white - grey, 0, 1)
    image = white + uniform(rng, (0.68, 0.88)) * grey + uniform(rng, (0.2, 0.42)) * fluid
    detail = t1 / max(float(np.percentile(t1[white > 0.9], 50)), 1e-3)
    mix = uniform(rng, (0.2, 0.8))
    image = mix * detail + (1 - mix) * image
    image = image * (1 + uniform(rng, (0.0, 0.04)) * smooth_noise(rng, grid.shape, 3))
    tubes = np.abs(smooth_noise(rng, grid.shape, 7)) + np.abs(smooth_noise(rng, grid.shape, 7))
    vessels = np.clip(1 - tubes / uniform(rng, (0.1, 0.22)), 0, 1) * (fluid + 0.3 * grey)  # where two noises cross zero
    return np.asarray(image + uniform(rng, (0.2, 0.7)) * vessels, dtype=np.float32)


def _acquire(rng: np.random.Generator, image: Array, grid: InputGrid) -> Array:
    """Residual bias field, slice thickness, Rician noise."""
    image = image * np.exp(uniform(rng, (0.0, 0.12)) * smooth_noise(rng, grid.shape, 35))
    sigma = np.full(3, uniform(rng, (0.0, 0.45)))
    sigma[int(rng.integers(3))] = uniform(rng, (0.0, 1.1))
    image = ndimage.gaussian_filter(image, sigma)
    noise = uniform(rng, (0.005, 0.05))
    real = image + noise * rng.standard_normal(grid.shape, dtype=np.float32)
    return np.asarray(np.hypot(real, noise * rng.standard_normal(grid.shape, dtype=np.float32)))
