"""Has what was extracted the shape of a brain, or does a piece miss, or stick to it?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from vb_desktop.pipeline.case import Array, ProcessedScan, Volume
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.gates.record import at_most, record
from vb_desktop.pipeline.mri_processor.template import template_mask
from vb_desktop.pipeline.mri_processor.way_back import to_template

GOOD_ML, MOST_ML = 20.0, 40.0
_STEP = 2
_THIN = 2
"""A difference thinner than four voxels of 2 mm is how brains differ at their rim."""


def brain_shape(processed: ProcessedScan) -> GateRecord:
    """No large piece of the template's brain is missing, and none sticks to it.

    Before the warp: it would stretch the rest of the brain over a hole of 100 mL.

    Value: mL of the largest piece, MNI space, affine only.
    """
    brain, like = _before_the_warp(processed), _template().voxels > 0
    missing, surplus = _largest_ml(like & ~brain), _largest_ml(brain & ~like)
    worst = max(missing, surplus)
    state, limit = at_most(worst, GOOD_ML, MOST_ML)
    sentence = None if state == "green" else f"{state}.{'missing' if missing >= surplus else 'surplus'}"
    return record("brain_shape", state, worst, limit, sentence=sentence, value=f"{worst:.0f}")


def _before_the_warp(processed: ProcessedScan) -> Array:
    """The native brain mask on the template's coarse grid, carried there by the affine alone; bool."""
    affine = tuple(name for name in processed.transforms.forward if not name.endswith(".nii.gz"))
    mask = processed.native_mask.like((processed.native_mask.voxels > 0).astype(np.float32))
    return np.asarray(to_template(replace(processed.transforms, forward=affine), mask, _template()).voxels > 0.5)


def _largest_ml(difference: Array) -> float:
    from scipy import ndimage

    pieces, count = ndimage.label(ndimage.binary_opening(difference, iterations=_THIN))
    return float(np.bincount(pieces.ravel())[1:].max()) * _STEP**3 / 1000.0 if count else 0.0


@cache
def _template() -> Volume:
    mask = template_mask()
    coarse = np.ascontiguousarray(mask.voxels[::_STEP, ::_STEP, ::_STEP])
    return Volume(coarse, mask.affine @ np.diag([_STEP, _STEP, _STEP, 1.0]))
