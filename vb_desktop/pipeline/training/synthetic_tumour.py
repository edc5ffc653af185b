"""One synthetic tumour: outline, inner structure and surroundings, from the signs of its class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.training.synthetic_signs import Place, Range, Signs

Array = npt.NDArray[Any]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Tumour:
    """Where a tumour is and what it does to the image.

    Attributes:
        level: float32 (I, J, K), signed distance to the outline in mm, negative inside, undulating.
        centre: voxel indices (3,).
        radius_mm: mean radius.
        push: mass effect in mm at the outline.
    """

    level: Array
    centre: Array
    radius_mm: float
    push: float


def uniform(rng: Rng, bounds: Range) -> float:
    """A number between two bounds."""
    return float(rng.uniform(*bounds))


def smooth_noise(rng: Rng, shape: tuple[int, ...], scale: float) -> Array:
    """Gaussian noise smooth over `scale` voxels, float32 of `shape`, mean 0 and standard deviation 1."""
    grown = rng.standard_normal([int(np.ceil(n / scale)) + 4 for n in shape], dtype=np.float32)
    for axis, n in enumerate(shape):
        weights = _spline(n, grown.shape[axis], scale, rng.uniform())
        grown = np.moveaxis(np.tensordot(weights, grown, (1, axis)), 0, axis)
    grown = np.ascontiguousarray(grown)
    return np.asarray((grown - grown.mean()) / (grown.std() + 1e-6), dtype=np.float32)


def _spline(n: int, knots: int, scale: float, offset: float) -> Array:
    """Weights (n, knots) of a uniform cubic B-spline whose knots lie `scale` apart."""
    at = np.arange(n)[:, None] / scale + 1 + offset
    distance = np.abs(at - np.arange(knots)[None])
    near, far = (4 - 6 * distance**2 + 3 * distance**3) / 6, np.clip(2 - distance, 0, None) ** 3 / 6
    return np.asarray(np.where(distance < 1, near, far), dtype=np.float32)


def draw_centre(rng: Rng, signs: Signs) -> Array:
    """Millimetres (3,) of a centre, RAS+ in MNI152."""
    places, shares = zip(*signs.places, strict=True)
    place: Place = places[int(rng.choice(len(places), p=np.asarray(shares) / sum(shares)))]
    step = rng.standard_normal(3)
    step *= rng.uniform() ** (1 / 3) / np.linalg.norm(step)
    centre = np.asarray(place.centre_mm) + step * np.asarray(place.spread_mm)
    return np.asarray(centre if place.midline or rng.uniform() < 0.5 else centre * (-1, 1, 1))


def draw_tumour(rng: Rng, signs: Signs, grid: InputGrid) -> Tumour:
    """Outline of a tumour: an ellipsoid whose surface undulates."""
    radius = uniform(rng, signs.radius_mm)
    centre = (draw_centre(rng, signs) - grid.origin_mm) / grid.spacing_mm
    axes = radius * np.exp(rng.uniform(-0.18, 0.18, 3))
    ijk = np.stack(np.meshgrid(*(np.arange(n) for n in grid.shape), indexing="ij"), -1).astype(np.float32)
    rotation, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    mm = (ijk - centre.astype(np.float32)) * np.float32(grid.spacing_mm) @ rotation.astype(np.float32)
    relative = np.sqrt(((mm / axes.astype(np.float32)) ** 2).sum(-1))
    amplitude = uniform(rng, signs.irregularity)
    relative = relative - amplitude * smooth_noise(rng, grid.shape, 0.7 * radius / grid.spacing_mm)
    level = ((relative - 1) * radius).astype(np.float32)
    return Tumour(level, centre, radius, uniform(rng, signs.mass_effect) * radius)


def paint(rng: Rng, image: Array, tumour: Tumour, signs: Signs, white: Array, grid: InputGrid) -> Array:
    """The image with the tumour in it.

    Args:
        rng: of the case.
        image: float32 (I, J, K), white matter at 1.0; not changed.
        tumour: the outline.
        signs: of its class.
        white: white matter in [0, 1], same grid.
        grid: of all arrays.
    """
    level = tumour.level
    width = uniform(rng, signs.oedema_mm)
    if width > 0.5:  # oedema and infiltration are dark on T1 and follow the white matter
        halo = np.clip(1 - np.clip(level, 0, None) / width, 0, 1)
        halo *= 1 - signs.infiltration + signs.infiltration * white
        image = image * (1 - uniform(rng, (0.12, 0.3)) * halo)
    solid = uniform(rng, signs.enhancement) + uniform(rng, signs.texture) * smooth_noise(rng, grid.shape, 2.0)
    tissue = _structure(rng, solid, tumour, signs, grid)
    inside = ndimage.gaussian_filter((level < 0).astype(np.float32), 0.5)
    return np.asarray(image * (1 - inside) + tissue * inside, dtype=np.float32)


def _structure(rng: Rng, solid: Array, tumour: Tumour, signs: Signs, grid: InputGrid) -> Array:
    level, tissue = tumour.level, solid.copy()
    if rng.uniform() < signs.necrosis:
        rim = min(uniform(rng, signs.rim_mm), 0.6 * tumour.radius_mm)
        rim_here = rim * np.clip(1 + 0.4 * smooth_noise(rng, grid.shape, 4.0), 0.3, 2)
        core = np.clip(-level - rim_here, -1.5, 1.5) / 3 + 0.5
        dark = uniform(rng, signs.core)
        if rng.uniform() < signs.nodule:
            tissue = np.full_like(solid, dark)
            direction = rng.standard_normal(3)
            at = tumour.centre + 0.75 * tumour.radius_mm / grid.spacing_mm * direction / np.linalg.norm(direction)
            nodule = _ball(grid, at, uniform(rng, (0.3, 0.5)) * tumour.radius_mm)
            tissue = np.where(nodule, solid, tissue)
        else:
            tissue = tissue * (1 - core) + dark * core
    spots = int(rng.integers(signs.cysts[0], signs.cysts[1] + 1))
    for _ in range(spots):
        tissue = np.where(
            _ball(grid, _point_inside(rng, tumour), uniform(rng, (0.15, 0.32)) * tumour.radius_mm), 0.45, tissue
        )
    if rng.uniform() < signs.calcification:
        for _ in range(int(rng.integers(1, 5))):
            tissue = np.where(_ball(grid, _point_inside(rng, tumour), uniform(rng, (1.5, 3.5))), 0.15, tissue)
    return np.asarray(tissue, dtype=np.float32)


def _point_inside(rng: Rng, tumour: Tumour) -> Array:
    where = np.argwhere(tumour.level < -0.15 * tumour.radius_mm)
    return np.asarray(where[int(rng.integers(len(where)))] if len(where) else tumour.centre)


def _ball(grid: InputGrid, centre: Array, radius_mm: float) -> Array:
    axes = [(np.arange(n, dtype=np.float32) - c) * grid.spacing_mm for n, c in zip(grid.shape, centre, strict=True)]
    squares = axes[0][:, None, None] ** 2 + axes[1][None, :, None] ** 2 + axes[2][None, None, :] ** 2
    return np.asarray(squares < radius_mm**2)
