"""Has what was extracted the shape of a brain, or does a piece miss, or stick to it?"""

from __future__ import annotations

from functools import cache

import numpy as np

from vb_desktop.pipeline.case import Array, ProcessedScan
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.gates.record import at_most, record
from vb_desktop.pipeline.mri_processor.template import template_mask

GOOD_ML, MOST_ML = 10.0, 40.0
_STEP = 2
_THIN = 2
"""A difference thinner than four voxels of 2 mm is how masks differ at their rim."""


def brain_shape(processed: ProcessedScan) -> GateRecord:
    """No large piece of the template's brain is missing, and none sticks to it. Value: mL of the largest, MNI space."""
    brain, like = _coarse(processed.mask.voxels), _template()
    missing, surplus = _largest_ml(like & ~brain), _largest_ml(brain & ~like)
    worst = max(missing, surplus)
    state, limit = at_most(worst, GOOD_ML, MOST_ML)
    sentence = None if state == "green" else f"{state}.{'missing' if missing >= surplus else 'surplus'}"
    return record("brain_shape", state, worst, limit, sentence=sentence, value=f"{worst:.0f}")


def _largest_ml(difference: Array) -> float:
    from scipy import ndimage

    pieces, count = ndimage.label(ndimage.binary_opening(difference, iterations=_THIN))
    return float(np.bincount(pieces.ravel())[1:].max()) * _STEP**3 / 1000.0 if count else 0.0


def _coarse(mask: Array) -> Array:
    return np.asarray(mask[::_STEP, ::_STEP, ::_STEP] > 0)


@cache
def _template() -> Array:
    return _coarse(template_mask().voxels)
