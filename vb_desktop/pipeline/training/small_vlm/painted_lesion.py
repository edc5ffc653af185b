"""A lesion painted on a slice without one, so that real brains and rare looks (small, faint, dark) are seen too."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Array = npt.NDArray[Any]


def paint_lesion(rng: np.random.Generator, pixels: Array) -> tuple[Array, Array] | None:
    """Paint one lesion well inside the brain of a picture.

    Args:
        rng: of the picture.
        pixels: uint8 (S, S), brain on black.

    Returns:
        Picture and lesion (bool), both (S, S); None where the slice has no room for one.
    """
    brain = ndimage.binary_fill_holes(pixels > 8)
    depth = ndimage.distance_transform_edt(brain)
    rows, columns = np.nonzero(depth > 8)
    if len(rows) < 200:
        return None
    at = int(rng.integers(len(rows)))
    radius = float(np.exp(rng.uniform(np.log(3.5), np.log(min(28.0, 2.0 * depth[rows[at], columns[at]] + 4)))))
    level = _level(rng, pixels.shape, (float(rows[at]), float(columns[at])), radius)
    lesion = (level < 0) & brain
    if np.count_nonzero(lesion) < 25:
        return None
    grey = pixels.astype(np.float32)
    tissue = float(np.median(grey[depth > 8]))
    halo = np.clip(1 - np.clip(level, 0, None) / rng.uniform(2, 16), 0, 1)
    grey *= 1 - rng.uniform(0, 0.3) * halo
    inside = ndimage.gaussian_filter((level < 0).astype(np.float32), rng.uniform(0.4, 1.2))
    inner = _inner(rng, level, radius, tissue)
    mixed = grey * (1 - inside) + inner * inside
    return np.clip(np.where(brain, mixed, grey), 0, 255).astype(np.uint8), lesion


def _level(rng: np.random.Generator, shape: tuple[int, ...], centre: tuple[float, float], radius: float) -> Array:
    """Signed distance-like level of an undulating ellipse, pixels, negative inside."""
    row, column = np.ogrid[: shape[0], : shape[1]]
    dy, dx = row - centre[0], column - centre[1]
    angle, stretch = rng.uniform(0, np.pi), np.exp(rng.uniform(-0.35, 0.35))
    u = (np.cos(angle) * dx + np.sin(angle) * dy) / stretch
    v = (-np.sin(angle) * dx + np.cos(angle) * dy) * stretch
    theta = np.arctan2(v, u)
    edge = np.ones_like(theta)
    for n in range(2, 8):
        edge += rng.normal(0, 0.22 / n) * np.cos(n * theta + rng.uniform(0, 2 * np.pi))
    level: Array = np.hypot(u, v) - radius * np.clip(edge, 0.4, 1.8)
    return level


def _inner(rng: np.random.Generator, level: Array, radius: float, tissue: float) -> Array:
    """Grey values inside: ring, solid, dark or patchy."""
    texture = ndimage.gaussian_filter(rng.standard_normal(level.shape).astype(np.float32), rng.uniform(1.0, 4.0))
    texture /= texture.std() + 1e-6
    bright = tissue + rng.uniform(35, 130)
    dark = tissue * rng.uniform(0.3, 0.85)
    kind = rng.choice(["ring", "solid", "dark", "patchy"], p=[0.35, 0.3, 0.2, 0.15])
    if kind == "ring":
        rim = rng.uniform(0.12, 0.5) * radius * np.clip(1 + 0.4 * texture, 0.2, 2)
        core = np.clip((-level - rim) / 2 + 0.5, 0, 1)
        base = bright * (1 - core) + dark * core
    elif kind == "solid":
        base = np.full_like(texture, bright)
    elif kind == "dark":
        base = np.full_like(texture, dark)
    else:
        mix = np.clip(0.5 + 0.6 * texture, 0, 1)
        base = bright * mix + dark * (1 - mix)
    filled: Array = base + rng.uniform(2, 14) * texture
    return filled
