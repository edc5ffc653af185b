"""Colormaps of the priors and of Grad-CAM: each starts at black or at nothing."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from napari.utils.colormaps import Colormap, ensure_colormap

from napari_plugin.palette import PINK, VIOLET

_STEPS = 256
_HALF_LINE = 0.14
"""Half the width of the refined prior's line, in values of the prior."""
COARSE_FROM, REFINED_AT, GRAD_CAM_FROM = 0.0, 0.5, 0.2
"""Thresholds to begin with: nothing is drawn below them; the refined prior's line lies at its."""


def _rgb(colour: str) -> list[float]:
    return [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]


@lru_cache(maxsize=16)
def coarse_prior_map(threshold: float = COARSE_FROM) -> Colormap:
    """Black to violet, to be added to what lies below; black below the threshold."""
    values = np.linspace(0, 1, _STEPS)
    colours = np.hstack([values[:, None] * np.array(_rgb(VIOLET)), np.ones((_STEPS, 1))])
    colours[values < threshold, :3] = 0
    return Colormap(colours, name="coarse prior")


@lru_cache(maxsize=16)
def refined_prior_map(threshold: float = REFINED_AT) -> Colormap:
    """A line where the prior passes the threshold, a light fill above it, nothing below.

    The line is drawn by the values themselves, so a soft edge of the prior shows as a broad line.
    """
    values = np.linspace(0, 1, _STEPS)
    alpha = np.select([values < threshold - _HALF_LINE, values <= threshold + _HALF_LINE], [0.0, 1.0], default=0.16)
    alpha[0] = 0.0
    return Colormap(np.hstack([np.tile(_rgb(PINK), (_STEPS, 1)), alpha[:, None]]), name="refined prior")


@lru_cache(maxsize=16)
def grad_cam_map(threshold: float = GRAD_CAM_FROM) -> Colormap:
    """Inferno, transparent below the threshold."""
    values = np.linspace(0, 1, _STEPS)
    colours = np.array(ensure_colormap("inferno").map(values))
    colours[:, 3] = np.clip((values - threshold) / 0.15, 0, 1)
    return Colormap(colours, name="Grad-CAM")
