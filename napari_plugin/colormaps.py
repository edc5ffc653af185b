"""Colormaps of the priors and of Grad-CAM."""

from __future__ import annotations

from functools import cache

import numpy as np
from napari.utils.colormaps import Colormap, ensure_colormap

from napari_plugin.palette import PINK, VIOLET

_STEPS = 256


def _rgb(colour: str) -> list[float]:
    return [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]


@cache
def coarse_prior_map() -> Colormap:
    """Black to violet, to be added to what lies below."""
    return Colormap([[0, 0, 0, 1], [*_rgb(VIOLET), 1]], name="coarse prior")


@cache
def refined_prior_map() -> Colormap:
    """A line where the prior passes 0.5, a light fill above it, nothing below.

    The line is drawn by the values themselves, so a soft edge of the prior shows as a broad line.
    """
    values = np.linspace(0, 1, _STEPS)
    alpha = np.select([values < 0.36, values <= 0.64], [0.0, 1.0], default=0.16)
    return Colormap(np.hstack([np.tile(_rgb(PINK), (_STEPS, 1)), alpha[:, None]]), name="refined prior")


@cache
def grad_cam_map() -> Colormap:
    """Inferno, with the lowest 20 % transparent."""
    values = np.linspace(0, 1, _STEPS)
    colours = np.array(ensure_colormap("inferno").map(values))
    colours[:, 3] = np.clip((values - 0.2) / 0.15, 0, 1)
    return Colormap(colours, name="Grad-CAM")
