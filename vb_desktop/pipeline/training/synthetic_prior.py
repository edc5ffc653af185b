"""The prior that a localiser would give for a synthetic tumour (like Eq. 3 and 4): boxes that miss and overshoot."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid

SIGMA_MM = 2.0
DILATION_MM = 2.0
DROPPED = 0.1
"""Share of slices on which the localiser overlooks the tumour."""


def synthetic_prior(
    rng: np.random.Generator, tumour: npt.NDArray[Any], brain: npt.NDArray[Any], grid: InputGrid
) -> npt.NDArray[np.float32]:
    """Stack jittered boxes slice by slice, smooth, dilate, keep within the brain.

    Args:
        rng: of the case.
        tumour: bool (I, J, K), the truth.
        brain: bool (I, J, K).
        grid: of both.

    Returns:
        float32 (I, J, K) in [0, 1]; at least one voxel above 0.5 where the tumour meets the brain.
    """
    stack = np.zeros(tumour.shape, dtype=np.float32)
    slices = np.flatnonzero(tumour.any(axis=(0, 1)))
    generosity = rng.uniform(-0.03, 0.15)
    shift = rng.normal(0, 0.04, 2)
    for k in slices:
        if rng.uniform() < DROPPED and len(slices) > 3:
            continue
        for_axis = []
        for axis in (0, 1):
            on = np.flatnonzero(tumour[:, :, k].any(axis=1 - axis))
            length = on[-1] + 1 - on[0]
            low = on[0] - length * (generosity - shift[axis] + rng.normal(0, 0.07))
            high = on[-1] + 1 + length * (generosity + shift[axis] + rng.normal(0, 0.07))
            low, high = max(round(low), 0), min(max(round(high), round(low) + 1), tumour.shape[axis])
            for_axis.append(slice(low, high))
        stack[for_axis[0], for_axis[1], k] = 1.0
    smoothed = ndimage.gaussian_filter(stack, SIGMA_MM / grid.spacing_mm, mode="constant")
    reach = max(round(DILATION_MM / grid.spacing_mm), 0)
    ball = (
        sum(np.square(axis) for axis in np.ogrid[-reach : reach + 1, -reach : reach + 1, -reach : reach + 1])
        <= reach**2
    )
    prior = np.where(brain, np.clip(ndimage.grey_dilation(smoothed, footprint=ball), 0, 1), 0)
    if not (prior > 0.5).any():  # a tumour of few voxels, smoothed away: the localiser's own output would be scaled too
        prior = np.where(brain & tumour, 1.0, prior)
    return prior.astype(np.float32)
