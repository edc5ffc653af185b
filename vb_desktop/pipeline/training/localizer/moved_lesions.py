"""Real lesions moved into other real brains, with all that surrounds them (copy and paste with soft edges)."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.training.localizer.deep_places import deep_place
from vb_desktop.pipeline.training.localizer.grid_case import BRAIN_BIT, CORE_BIT, ENHANCING_BIT, WHOLE_BIT, GridCase
from vb_desktop.pipeline.training.localizer.synthetic_lesions import Lesion
from vb_desktop.pipeline.tumor_localizer.detector_grid import SHAPE

_LEAST_KEPT = 0.6  # of the core must lie in the new brain
_DEEP = 0.35  # go to one of `deep_places`


def move_lesion(rng: np.random.Generator, donor: GridCase, image: Array, brain: Array) -> Lesion | None:
    """The donor's lesion, turned, scaled, mirrored, shifted and changed in contrast, in another brain.

    Args:
        rng: of the case.
        donor: a real case.
        image: the other brain, float32 `SHAPE`.
        brain: its mask.

    Returns:
        None where no place was found.
    """
    whole = donor.mark(WHOLE_BIT)
    middle = np.array(ndimage.center_of_mass(donor.mark(CORE_BIT)))
    for _ in range(12):
        where = rng.uniform()
        target = middle if where < 0.2 else deep_place(rng)[1] if where < 0.2 + _DEEP else _place(rng, brain)
        shrink = (0.85, 2.0) if where < 0.2 or where >= 0.2 + _DEEP else (1.1, 2.6)  # deep tumours are smaller
        matrix = _turn(rng) @ np.diag(np.exp(rng.uniform(*np.log(shrink))) * np.exp(rng.uniform(-0.12, 0.12, 3)))
        if rng.uniform() < 0.5:
            matrix = matrix @ np.diag([-1, 1, 1])
        offset = middle - matrix @ target

        core = _moved(donor.mark(CORE_BIT), matrix, offset) > 0.5
        if core.sum() < 30 or (core & brain).sum() < _LEAST_KEPT * core.sum():
            continue
        region = _moved(ndimage.binary_dilation(whole, iterations=1), matrix, offset)
        inside = _moved(donor.mark(BRAIN_BIT), matrix, offset)  # do not carry the donor's outside along
        soft = np.clip(
            1.6 * ndimage.gaussian_filter((region > 0.5).astype(np.float32), rng.uniform(0.6, 1.2)) - 0.3, 0, 1
        )
        soft = soft * (inside > 0.95) * brain
        tissue = ndimage.affine_transform(
            donor.image.astype(np.float32), matrix, offset, SHAPE, order=1, mode="nearest"
        )
        enhancing = (_moved(donor.mark(ENHANCING_BIT), matrix, offset) > 0.5) & core
        scale = rng.uniform(0.7, 1.3)
        pasted = image * (1 - soft) + scale * tissue * soft
        core &= soft > 0.3
        if core.sum() < 30:
            continue
        return Lesion(
            pasted.astype(np.float32),
            core & brain,
            (_moved(whole, matrix, offset) > 0.5) & (soft > 0.3) | core,
            enhancing & core,
            brain,
        )
    return None


def _moved(values: Array, matrix: Array, offset: Array) -> Array:
    """`values` resampled, 0 outside."""
    return np.asarray(ndimage.affine_transform(values.astype(np.float32), matrix, offset, SHAPE, order=1))


def _turn(rng: np.random.Generator) -> Array:
    """A rotation of any angle about the vertical axis, and up to 25 degrees about the others."""
    a, b, c = rng.uniform(-np.pi, np.pi), *rng.uniform(-0.45, 0.45, 2)
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_y = np.array([[np.cos(c), 0, np.sin(c)], [0, 1, 0], [-np.sin(c), 0, np.cos(c)]])
    return np.asarray(about_z @ about_x @ about_y)


def _place(rng: np.random.Generator, brain: Array) -> Array:
    places = np.argwhere(ndimage.binary_erosion(brain, iterations=3))
    return np.asarray(places[int(rng.integers(len(places)))], dtype=np.float64)
