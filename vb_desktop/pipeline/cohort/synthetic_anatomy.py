"""A patient's anatomy: the template's tissue maps, warped without folding and given individual folding and contrast."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.cohort import synthetic_parameters as given
from vb_desktop.pipeline.cohort.diffeomorphism import finer, flow
from vb_desktop.pipeline.mri_processor.template import template, template_map, template_mask
from vb_desktop.pipeline.training.synthetic_tumour import smooth_noise, uniform

Rng = np.random.Generator
COARSE = 4
"""Voxels of 1 mm to one of the velocity's grid."""
_MARGIN = 8
_DEEP_MM = 18.0
_GLOMUS = ((25.0, -40.0, 10.0), (25.0, -32.0, -2.0), (18.0, -30.0, 16.0))
_VEINS = ((0.0, -12.0, 14.0), (0.0, -24.0, 12.0), (0.0, -34.0, 10.0), (0.0, -42.0, 8.0), (0.0, -50.0, 10.0))
_PINEAL = (0.0, -29.0, 1.0)
_STALK = ((0.0, 2.0, -16.0), (0.0, 3.0, -20.0))


@dataclass(frozen=True, slots=True, eq=False)
class TemplateAnatomy:
    """The template's brain, cut out at its rim.

    Attributes:
        maps: float32 (6, I, J, K) in [0, 1]: white matter, grey matter, T1, brain, choroid plexus and veins, glands.
        ventricles: float32 (I, J, K) in [0, 1].
        depth_mm: float32 (I, J, K), distance to the brain's surface, 0 outside.
        start: voxel of the template's grid at which the cut begins.
        origin_mm: RAS+ mm of its first voxel.
    """

    maps: Array
    ventricles: Array
    depth_mm: Array
    start: tuple[int, int, int]
    origin_mm: Array

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of the cut, voxels of 1 mm."""
        i, j, k = self.ventricles.shape
        return i, j, k

    def index_of(self, mm: Array) -> Array:
        """Voxel (3,) of a place in RAS+ mm."""
        return np.asarray(mm, dtype=float) - self.origin_mm


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """A patient without a tumour, on the grid of `TemplateAnatomy`.

    Attributes:
        white: float32 in [0, 1].
        grey: float32 in [0, 1].
        fluid: float32 in [0, 1].
        brain: bool.
        image: float32, white matter at 1.
        displacement: float32 (3, ...) on the coarse grid, in its voxels.
    """

    white: Array
    grey: Array
    fluid: Array
    brain: Array
    image: Array
    displacement: Array


@cache
def template_anatomy() -> TemplateAnatomy:
    """What nilearn ships of the MNI152 brain, and where choroid plexus, great veins and glands lie in it."""
    whole = template_mask().voxels > 0
    found = [template_map(kind) for kind in ("wm", "gm", "t1")]
    if any(part is None for part in found):
        raise FileNotFoundError("the MNI152 maps of nilearn are not installed")
    edges = [np.flatnonzero(whole.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    cut = tuple(slice(int(e[0]) - _MARGIN, int(e[-1]) + 1 + _MARGIN) for e in edges)
    cut = tuple(slice(max(part.start, 0), min(part.stop, n)) for part, n in zip(cut, whole.shape, strict=True))
    white, grey, t1 = (part.voxels[cut] / 255 for part in found if part is not None)
    mask = whole[cut]
    origin = template().affine[:3, 3] + [part.start for part in cut]
    depth = ndimage.distance_transform_edt(mask).astype(np.float32)
    fluid = np.clip(1 - white - grey, 0, 1) * mask
    ventricles = ndimage.gaussian_filter(((fluid > 0.6) & (depth > _DEEP_MM)).astype(np.float32), 1.0)
    plexus = sum(_blob(mask.shape, origin, (side * x, y, z), 4.5) for x, y, z in _GLOMUS for side in (-1, 1))
    plexus = np.clip(plexus, 0, 1) * np.clip(2 * fluid, 0, 1)
    veins, glands = np.zeros(mask.shape, np.float32), np.zeros(mask.shape, np.float32)
    for at in _between(_VEINS):
        np.maximum(veins, _blob(mask.shape, origin, at, 2.2), out=veins)
    for at in (_PINEAL, *_between(_STALK)):
        np.maximum(glands, _blob(mask.shape, origin, at, 2.0), out=glands)
    maps = np.stack([white, grey, t1, mask, np.maximum(plexus, 0.8 * veins), glands]).astype(np.float32)
    i, j, k = (int(part.start) for part in cut)
    return TemplateAnatomy(maps, ventricles, depth, (i, j, k), np.asarray(origin))


def draw_anatomy(rng: Rng, age: float, hydrocephalus: bool, lesions: list[tuple[Array, float, float]]) -> Anatomy:
    """Draw a patient.

    Args:
        rng: of the case.
        age: years; ventricles widen with it.
        hydrocephalus: much wider ventricles.
        lesions: centre (RAS+ mm), radius in mm and push in mm of each mass.
    """
    base = template_anatomy()
    widening = uniform(rng, given.VENTRICLES_MM) + given.VENTRICLES_PER_YEAR_MM * (age - 20)
    if hydrocephalus:
        widening += uniform(rng, given.HYDROCEPHALUS_MM)
    coarse = tuple(int(np.ceil(n / COARSE)) + 2 for n in base.shape)
    velocity = np.zeros((3, *coarse), np.float32)
    for knots_mm, amplitude in given.WARP_MM:
        scale = uniform(rng, amplitude) / COARSE
        velocity += scale * np.stack([smooth_noise(rng, coarse, knots_mm / COARSE) for _ in range(3)])
    velocity -= widening / COARSE * _away_from_ventricles(coarse)
    for centre, radius, push in lesions:
        velocity -= _push(coarse, base.index_of(centre) / COARSE, radius / COARSE, push / COARSE)
    displacement = flow(velocity)
    at = np.indices(base.shape, dtype=np.float32)
    at += COARSE * finer(displacement, base.shape, COARSE)
    maps = [ndimage.map_coordinates(part, at, order=1, mode="constant") for part in base.maps]
    return _tissues(rng, maps, displacement)


def _tissues(rng: Rng, maps: list[Array], displacement: Array) -> Anatomy:
    """Individual folding (probabilities and noise decide which tissue is where) and T1-CE contrast."""
    white, grey, t1, mask, vessels, glands = maps
    shape = mask.shape
    rim = given.STRIPPING_MM * np.abs(smooth_noise(rng, shape, 12)) / 6
    brain = ndimage.gaussian_filter(mask, 1.5) > 0.5 + np.clip(rim, 0, 0.3)
    fluid = np.clip(1 - white - grey, 0, 1)
    amount = uniform(rng, given.INDIVIDUAL)
    noise = [amount * smooth_noise(rng, shape, 4.5) for _ in range(2)]
    # Noise counts where the template is undecided: at the folds, not in the deep white matter.
    unsure = np.clip(2 * (1 - np.maximum(np.maximum(white, grey), fluid)) + 0.15, 0, 1)
    scores = np.stack([white + unsure * noise[0], grey, fluid + unsure * noise[1]]) / 0.12
    scores = np.exp(scores - scores.max(0))
    white, grey, fluid = scores / scores.sum(0)
    contrast = white + uniform(rng, given.GREY) * grey + uniform(rng, given.FLUID) * fluid
    detail = t1 / max(float(np.median(t1[white > 0.9])), 1e-3)
    mix = uniform(rng, given.TEMPLATE_DETAIL)
    image = mix * detail + (1 - mix) * contrast
    tubes = np.abs(smooth_noise(rng, shape, 11)) + np.abs(smooth_noise(rng, shape, 11))
    sulci = np.clip(1 - tubes / 0.16, 0, 1) * np.clip(fluid + 0.25 * grey, 0, 1)
    image = image + uniform(rng, given.VESSELS) * sulci
    image = image + uniform(rng, given.CHOROID) * vessels + uniform(rng, given.GLANDS) * glands
    return Anatomy(white, grey, fluid, brain, image.astype(np.float32), displacement)


@cache
def _away_from_ventricles(coarse: tuple[int, ...]) -> Array:
    """Velocity of unit size that widens the ventricles; calm at the brain's surface."""
    outwards = -np.stack(np.gradient(_thin(ndimage.gaussian_filter(template_anatomy().ventricles, 6.0), coarse)))
    outwards /= np.sqrt((outwards**2).sum(0)).max() + 1e-9
    return np.asarray(outwards * np.clip(_coarse_depth(coarse) / 15, 0, 1), dtype=np.float32)


@cache
def _coarse_depth(coarse: tuple[int, ...]) -> Array:
    return _thin(template_anatomy().depth_mm, coarse)


def _thin(values: Array, coarse: tuple[int, ...]) -> Array:
    """Every `COARSE`th voxel, 0 beyond the grid."""
    padded = np.zeros([n * COARSE for n in coarse], np.float32)
    padded[tuple(slice(n) for n in values.shape)] = values
    return padded[::COARSE, ::COARSE, ::COARSE]


def _push(coarse: tuple[int, ...], centre: Array, radius: float, push: float) -> Array:
    """Velocity away from a mass: grows to its rim, then fades; calm at the brain's surface."""
    away = np.indices(coarse, dtype=np.float32) - centre.astype(np.float32)[:, None, None, None]
    distance = np.sqrt((away**2).sum(0)) + 1e-3
    size = np.where(distance < radius, distance / radius, np.exp(-(distance - radius) / (1.2 * radius)))
    calm = np.clip(_coarse_depth(coarse) / 12, 0, 1)
    return np.asarray(push * size * calm * away / distance, dtype=np.float32)


def _blob(shape: tuple[int, ...], origin: Array, centre_mm: tuple[float, float, float], radius_mm: float) -> Array:
    """A soft ball: 1 within half the radius, 0 from one and a half radii on."""
    reach = 1.5 * radius_mm + 1
    near = tuple(
        slice(max(int(c - o - reach), 0), min(int(c - o + reach) + 2, n))
        for c, o, n in zip(centre_mm, origin, shape, strict=True)
    )
    axes = np.ogrid[near]
    squares = sum((axis + o - c) ** 2 for axis, o, c in zip(axes, origin, centre_mm, strict=True))
    ball = np.zeros(shape, np.float32)
    ball[near] = np.clip(1.5 - np.sqrt(squares) / radius_mm, 0, 1)
    return ball


def _between(points: tuple[tuple[float, float, float], ...], step: float = 2.0) -> list[tuple[float, float, float]]:
    """Points along a line through `points`."""
    line: list[tuple[float, float, float]] = [points[0]]
    for a, b in pairwise(points):
        start, end = np.asarray(a), np.asarray(b)
        n = max(1, int(np.linalg.norm(end - start) / step))
        line += [tuple((start + (end - start) * (m + 1) / n).tolist()) for m in range(n)]
    return line
