"""How bright the tissues of the aligned brain are: whether it is T1-weighted, and whether contrast agent was given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from vb_desktop.pipeline.case import Array, ProcessedScan
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.template import TEMPLATE_NAME, template_map, template_mask

_STEP = 2
"""Every second voxel along each axis is looked at: the figures stay the same and cost an eighth."""

_RIM_MM = 4
"""Dura, fat and what else a brain mask leaves at its rim say nothing of the brain."""

_SURE, _SURE_GREY = 0.9, 0.8
_NEITHER = 0.16
_LEAST_VOXELS = 100


_NEIGHBOURHOOD_MM = 4.0
_MOST_SPREADS = 6.0


@dataclass(frozen=True, slots=True)
class TissueContrast:
    """Brightness of tissues against each other, in units of the spread of the brain.

    The spread is 1.4826 times the median absolute deviation, so that an enhancing tumour does not widen it.

    Attributes:
        white_over_fluid: white matter over the darker quarter of what should be cerebrospinal fluid. T1: positive.
        white_over_grey: white matter over grey matter. T1: positive, little after contrast agent in a spin echo.
        bright_spots: how far the brightest 0.1 % stand out of their neighbourhood (Gaussian, 4 mm), in spreads of
            that difference. Vessels, choroid plexus and dural sinuses take up contrast agent in every patient; without
            it white matter is about the brightest tissue of a T1-weighted brain. Against the neighbourhood, since
            against white matter what was left of a bias field looked like contrast agent.
    """

    white_over_fluid: float
    white_over_grey: float
    bright_spots: float


def tissue_contrast(processed: ProcessedScan) -> TissueContrast:
    """Measure the aligned brain where the template has its tissues.

    Returns:
        All not-a-number where the brain covers too little of a tissue, or shows nothing.
    """
    brain = processed.mask.voxels[::_STEP, ::_STEP, ::_STEP] > 0
    values = processed.volume.voxels[::_STEP, ::_STEP, ::_STEP]
    white, grey, fluid, inner = (brain & where for where in _tissues())
    nothing = TissueContrast(np.nan, np.nan, np.nan)
    if min(int(where.sum()) for where in (white, grey, fluid)) < _LEAST_VOXELS:
        return nothing
    middle, spread = _middle_and_spread(values[brain])
    if not spread > 0:
        return nothing
    scaled = (values - middle) / spread
    of_white = float(np.median(scaled[white]))
    spots = (scaled - _neighbourhood(scaled, brain))[inner]
    _, local_spread = _middle_and_spread(spots)
    return TissueContrast(
        white_over_fluid=of_white - float(np.percentile(scaled[fluid], 25)),
        white_over_grey=of_white - float(np.median(scaled[grey])),
        bright_spots=float(np.percentile(spots, 99.9)) / local_spread if local_spread > 0 else 0.0,
    )


def _middle_and_spread(values: Array) -> tuple[float, float]:
    middle = float(np.median(values))
    return middle, 1.4826 * float(np.median(np.abs(values - middle)))


def _neighbourhood(scaled: Array, brain: Array) -> Array:
    """Mean of the brain round each voxel; what is far too bright counts less, so that it still stands out."""
    from scipy import ndimage

    sigma = _NEIGHBOURHOOD_MM / _STEP
    tamed = np.where(brain, np.clip(scaled, -_MOST_SPREADS, _MOST_SPREADS), 0.0).astype(np.float32)
    weight = ndimage.gaussian_filter(brain.astype(np.float32), sigma)
    return np.asarray(ndimage.gaussian_filter(tamed, sigma) / np.maximum(weight, 1e-3))


@cache
def _tissues() -> tuple[Array, Array, Array, Array]:
    """Where the template is surely white matter, grey matter, fluid; and its brain without the rim; bool, coarse."""
    from scipy import ndimage

    step = (slice(None, None, _STEP),) * 3
    brain = template_mask().voxels[step] > 0
    inner = ndimage.binary_erosion(brain, iterations=_RIM_MM // _STEP)
    white, grey = (one[step] / 255.0 for one in (_map("wm"), _map("gm")))
    return inner & (white > _SURE), inner & (grey > _SURE_GREY), inner & (white + grey < _NEITHER), inner


def _map(kind: Literal["wm", "gm"]) -> Array:
    found = template_map(kind)
    if found is None:
        raise ProcessingFailed("mri_processor.no_template", name=TEMPLATE_NAME)
    return found.voxels
