"""The pool of synthetic cases: drawn once from the real ones and the template, then sampled by every fold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.training.localizer.grid_case import BRAIN_BIT, UNSURE_BIT, GridCase, healed, marks_of
from vb_desktop.pipeline.training.localizer.moved_lesions import move_lesion
from vb_desktop.pipeline.training.localizer.synthetic_brains import template_brain
from vb_desktop.pipeline.training.localizer.synthetic_lesions import Lesion, clipped, draw_lesions
from vb_desktop.pipeline.tumor_localizer.detector_grid import normalised

SHARES = {"moved": 0.33, "drawn": 0.35, "drawn in template": 0.20, "healed": 0.08, "template": 0.04}
"""Kinds of synthetic cases and how often each is drawn; the last two have no lesion."""


_Drawn: TypeAlias = tuple[tuple[str, ...], Lesion, Array]


def synthetic_case(real: Sequence[GridCase], number: int, seed: int) -> GridCase:
    """One case of the pool, by its number."""
    rng = np.random.default_rng([seed, number])
    kinds, shares = zip(*SHARES.items(), strict=True)
    while True:
        kind = str(rng.choice(kinds, p=np.asarray(shares) / sum(shares)))
        drawn = _draw(rng, real, kind)
        if drawn is not None:
            patients, lesion, unsure = drawn
            break
    lesion = clipped(lesion)
    brain = lesion.brain
    return GridCase(
        f"{kind} {number}",
        patients,
        normalised(lesion.image, brain).astype(np.float16),
        marks_of(core=lesion.core, whole=lesion.whole, enhancing=lesion.enhancing, brain=brain)
        | (UNSURE_BIT * (unsure & brain)).astype(np.uint8),
    )


def _draw(rng: np.random.Generator, real: Sequence[GridCase], kind: str) -> _Drawn | None:
    if kind.endswith("template"):
        image, brain = template_brain(rng)
        lesion = Lesion.none(image, brain) if kind == "template" else draw_lesions(rng, image, brain, _inner(brain))
        return (), lesion, np.zeros_like(brain)
    host = real[int(rng.integers(len(real)))]
    found = healed(host, rng)
    if found is None:
        return None
    image, left = found
    brain = host.mark(BRAIN_BIT)
    patients: tuple[str, ...] = (host.name,)
    if rng.uniform() < 0.5:
        image, left, brain = image[::-1].copy(), left[::-1], brain[::-1]
    if kind == "healed":
        lesion = Lesion.none(image, brain)
    elif kind == "drawn":
        lesion = draw_lesions(rng, image, brain, _inner(brain) & ~left)
    else:
        donor = real[int(rng.integers(len(real)))]
        moved = move_lesion(rng, donor, image, brain)
        if moved is None:
            return None
        lesion, patients = moved, tuple(sorted({host.name, donor.name}))
    return patients, lesion, left & ~lesion.core


def _inner(brain: Array) -> Array:
    """Where the centre of a lesion may lie."""
    inner: Array = ndimage.binary_erosion(brain, iterations=2)
    return inner
