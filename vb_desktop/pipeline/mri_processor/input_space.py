"""Inputs on which part of the work is already done: skull stripped, or in the template's space."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.skull_stripping import PLAUSIBLE_ML, one_piece

LEAST_BACKGROUND = 0.05


def mask_of_stripped(volume: Volume) -> Volume:
    """The brain mask of a skull-stripped scan: what is not 0, holes filled.

    Raises:
        ProcessingFailed: the scan is not skull stripped.
    """
    inside = volume.voxels != 0
    background = 1.0 - float(inside.mean())
    mask = one_piece(inside)
    ml = float(mask.sum()) * volume.voxel_ml
    if background < LEAST_BACKGROUND:
        raise ProcessingFailed("mri_processor.not_stripped_background", percent=f"{100 * background:.1f}")
    if not PLAUSIBLE_ML[0] <= ml <= PLAUSIBLE_ML[1]:
        raise ProcessingFailed("mri_processor.not_stripped_volume", ml=round(ml))
    return volume.like(mask.astype(np.uint8))


def is_stripped(volume: Volume) -> bool:
    """Whether a scan looks skull stripped."""
    try:
        mask_of_stripped(volume)
    except ProcessingFailed:
        return False
    return True
