"""A case on the detector's grid: what the detector sees, and what the expert marked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.evaluation.expert_cases import (
    ENHANCING,
    OEDEMA,
    ExpertCase,
    core_of,
    expert_labels,
    is_enhancing,
    labels_in_template,
    process,
)
from vb_desktop.pipeline.tumor_localizer.detector_grid import detector_input, to_detector_grid

CORE_BIT, WHOLE_BIT, ENHANCING_BIT, BRAIN_BIT, UNSURE_BIT = 1, 2, 4, 8, 16
"""Bits of `GridCase.marks`; unsure: what is left of a tumour that was healed, nothing is learned there."""


@dataclass(frozen=True, slots=True, eq=False)
class GridCase:
    """One real or synthetic case on the detector's grid.

    Attributes:
        name: of the case; for a synthetic one a number and its kind.
        patients: names of the real cases that any part of it comes from: it may only be trained on when none of them
            is held out.
        image: float16 `SHAPE`, as `detector_input` gives it.
        marks: uint8 `SHAPE`: bits for core, whole tumour (core and oedema), enhancing tumour, brain.
        enhancing: whether the tumour counts as enhancing; of no meaning for synthetic cases.
        sha256: of the image file; empty for synthetic cases.
    """

    name: str
    patients: tuple[str, ...]
    image: Array
    marks: Array
    enhancing: bool = False
    sha256: str = ""

    def mark(self, bit: int) -> Array:
        """One of the masks, bool."""
        return np.asarray((self.marks & bit) > 0)


def real_case(case: ExpertCase, config: Config, cache: Path) -> GridCase:
    """Process one real case and bring it to the detector's grid."""
    processed = process(case, config, cache)
    image, brain = detector_input(processed)
    labels = labels_in_template(case, processed)
    native = expert_labels(case)

    def share(mask: Array) -> Array:
        return to_detector_grid(Volume(mask.astype(np.float32), processed.volume.affine)) > 0.5

    marks = marks_of(
        core=share(core_of(labels)),
        whole=share(core_of(labels) | (labels == OEDEMA)),
        enhancing=share(labels == ENHANCING),
        brain=brain,
    )
    return GridCase(
        case.name,
        (case.name,),
        image.astype(np.float16),
        marks,
        is_enhancing(native.voxels, native.voxel_ml),
        case.sha256,
    )


def marks_of(*, core: Array, whole: Array, enhancing: Array, brain: Array) -> Array:
    """The masks as bits of one uint8 array; the core belongs to the whole, all lies in the brain."""
    whole = (whole | core) & brain
    bits = CORE_BIT * (core & brain) + WHOLE_BIT * whole + ENHANCING_BIT * (enhancing & brain) + BRAIN_BIT * brain
    return np.asarray(bits, dtype=np.uint8)


def healed(case: GridCase, rng: np.random.Generator) -> tuple[Array, Array] | None:
    """The case's brain without its tumour: the tumour replaced by the mirrored tissue of the other side.

    Args:
        case: a real case.
        rng: of the seam's softness.

    Returns:
        image float32 `SHAPE`, and the voxels that are still tumour (bool: where both sides have some), or None where
        more than a fifth of the tumour has tumour opposite.
    """
    whole = ndimage.binary_dilation(case.mark(WHOLE_BIT), iterations=3)
    both = whole & whole[::-1]
    if both.sum() > 0.2 * whole.sum():
        return None
    soft = ndimage.gaussian_filter(whole.astype(np.float32), rng.uniform(1.0, 2.5))
    soft = np.clip(2 * soft, 0, 1)
    image = case.image.astype(np.float32)
    image = image * (1 - soft) + image[::-1] * soft
    return image, both & case.mark(WHOLE_BIT)
