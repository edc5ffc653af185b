"""Lesions drawn into a brain on the detector's grid: ring, solid, patchy, cystic, dark, hardly changed.

Shapes, sizes (0.3 to 120 mL), places and contrasts vary widely on purpose: the detector shall learn what a mass is, not
how one scanner shows it. Intensities are those of `detector_input`: white matter 0, the brain's spread 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.training.localizer.deep_places import deep_place, with_cistern
from vb_desktop.pipeline.training.synthetic_tumour import smooth_noise
from vb_desktop.pipeline.tumor_localizer.detector_grid import SHAPE, STEP_MM, template_tissue

Rng = np.random.Generator
KINDS = {"ring": 0.24, "solid": 0.18, "patchy": 0.12, "cyst": 0.06, "cysts": 0.08, "dark": 0.20, "faint": 0.12}
"""Kind of lesion and how often it is drawn; cyst: one with a nodule, cysts: several in solid tissue."""
_DEEP = 0.45  # of the lesions lie at one of `deep_places`, the others anywhere
_ML = (0.3, 120.0)
_LEAST_VISIBLE_ML = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Lesion:
    """A brain with lesions.

    Attributes:
        image: float32 `SHAPE`.
        core: bool, the lesions without oedema.
        whole: bool, with oedema.
        enhancing: bool.
        brain: bool, with what fills a cistern.
    """

    image: Array
    core: Array
    whole: Array
    enhancing: Array
    brain: Array

    @classmethod
    def none(cls, image: Array, brain: Array) -> Lesion:
        """A brain without one."""
        nothing = np.zeros(SHAPE, bool)
        return cls(image.astype(np.float32), nothing, nothing, nothing, brain)


def draw_lesions(rng: Rng, image: Array, brain: Array, free: Array) -> Lesion:
    """Draw one lesion, sometimes two to four.

    Args:
        rng: of the case.
        image: float32 `SHAPE`.
        brain: bool.
        free: where the centre of a lesion that isn't deep may lie.
    """
    many = 1 if rng.uniform() < 0.85 else int(rng.integers(2, 5))
    drawn = Lesion.none(image, brain)
    kinds, shares = zip(*KINDS.items(), strict=True)
    kind = str(rng.choice(kinds, p=np.asarray(shares) / sum(shares)))
    for number in range(many):
        if rng.uniform() < _DEEP:
            place, centre = deep_place(rng)
            limits, basal = place.ml, place.basal
        else:
            places = np.argwhere(free & ~drawn.core)
            if not len(places):
                continue
            centre = places[int(rng.integers(len(places)))] + rng.uniform(-0.5, 0.5, 3)
            limits, basal = _ML, False
        if basal and kind in ("dark", "faint"):
            kind = "solid"  # outside the brain there is nothing that could shine through
        largest = limits[1] if many == 1 else min(limits[1], 15.0)
        ml = float(np.exp(rng.uniform(np.log(limits[0]), np.log(largest))))
        if kind in ("dark", "faint"):
            ml = max(ml, float(rng.uniform(2, 20)))  # smaller ones nobody can see
        added = _draw_one(rng, drawn, centre, kind, ml, basal)
        if number == 0 and added is drawn:
            continue
        drawn = added
    return drawn


def _draw_one(rng: Rng, before: Lesion, centre: Array, kind: str, ml: float, basal: bool) -> Lesion:
    radius = (3000 * ml / (4 * np.pi)) ** (1 / 3)
    level = _outline(rng, centre, radius)
    brain = with_cistern(before.brain, level < 0) if basal else before.brain
    image = (
        _pushed(before.image, before.brain, centre, radius, rng.uniform(0, 0.25) * radius)
        if rng.uniform() < 0.6
        else before.image
    )
    core = (level < 0) & brain
    if core.sum() * STEP_MM**3 / 1000 < _LEAST_VISIBLE_ML:
        return before
    image, halo = _with_oedema(rng, image, level, before.brain, radius)
    tissue, enhancing = _tissue(rng, image, level, radius, kind, centre)
    softness = rng.uniform(0.4, 0.9) if kind not in ("dark", "faint") else rng.uniform(0.6, 2.0)
    share = ndimage.gaussian_filter((level < 0).astype(np.float32), softness)
    share = np.where(core & ~before.brain, 1, share)  # in the cistern there is no tissue to blend with
    image = image * (1 - share) + tissue * share
    return Lesion(
        np.where(brain, image, before.image).astype(np.float32),
        before.core | core,
        before.whole | core | (halo & brain),
        before.enhancing | (enhancing & core),
        brain,
    )


def _outline(rng: Rng, centre: Array, radius: float) -> Array:
    """Signed distance to an undulating ellipsoid, mm, negative inside."""
    axes = radius * np.exp(rng.uniform(-0.3, 0.3, 3))
    axes *= radius / float(np.prod(axes)) ** (1 / 3)
    rotation, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    ijk = np.stack(np.meshgrid(*(np.arange(n, dtype=np.float32) for n in SHAPE), indexing="ij"), -1)
    mm = (ijk - centre.astype(np.float32)) * np.float32(STEP_MM) @ (rotation / axes).astype(np.float32)
    relative = np.sqrt((mm**2).sum(-1))
    rough = rng.uniform(0.05, 0.35)
    relative -= rough * smooth_noise(rng, SHAPE, max(2.0, rng.uniform(0.35, 0.9) * radius / STEP_MM))
    return np.asarray((relative - 1) * radius, dtype=np.float32)


def _pushed(image: Array, brain: Array, centre: Array, radius: float, push_mm: float) -> Array:
    """Mass effect: tissue around moves outwards, inside the brain."""
    ijk = np.indices(SHAPE, dtype=np.float32)
    away = ijk - centre.astype(np.float32)[:, None, None, None]
    distance = np.sqrt((away**2).sum(0)) * STEP_MM + 1e-3
    shift = push_mm * np.exp(-np.clip(distance - radius, 0, None) / (1.2 * radius))
    shift = np.minimum(shift, 0.7 * distance) / STEP_MM
    moved = ndimage.map_coordinates(image, ijk - away / (distance / STEP_MM) * shift, order=1, mode="nearest")
    inner = ndimage.binary_erosion(brain, iterations=2)
    return np.where(inner & (moved > -4.9), moved, image)


def _with_oedema(rng: Rng, image: Array, level: Array, brain: Array, radius: float) -> tuple[Array, Array]:
    if rng.uniform() < 0.35:
        return image, np.zeros(SHAPE, bool)
    width = rng.uniform(3, 25) * min(1.0, 0.4 + radius / 25)
    depth = rng.uniform(0.3, 1.8)
    white = np.clip(template_tissue()[1] + 0.15, 0, 1)
    reach = width * np.clip(1 + 0.6 * smooth_noise(rng, SHAPE, 5.0), 0.05, 2.0)
    halo = np.clip(1.4 * (1 - np.clip(level, 0, None) / reach), 0, 1) * white * brain
    halo = ndimage.gaussian_filter(halo.astype(np.float32), 0.6)
    dark = np.minimum(image, np.maximum(image - depth, -depth * 1.1))
    return np.asarray(image + halo * (dark - image)), halo > 0.4


def _tissue(rng: Rng, image: Array, level: Array, radius: float, kind: str, centre: Array) -> tuple[Array, Array]:
    """What the lesion looks like inside, and where it enhances."""
    fine = smooth_noise(rng, SHAPE, rng.uniform(1.2, 2.5))
    coarse = smooth_noise(rng, SHAPE, max(2.5, rng.uniform(0.2, 0.6) * radius / STEP_MM))
    texture = rng.uniform(0.05, 0.5) * fine + rng.uniform(0.0, 0.5) * coarse
    bright = rng.uniform(0.8, 7.0) + rng.uniform(0.5, 1.5) * texture
    fluid = rng.uniform(-4.8, -0.8) + 0.5 * texture
    if kind == "solid":
        return bright, level < 0
    if kind == "ring":
        rim = min(rng.uniform(1.5, 7.0), 0.7 * radius) * np.clip(1 + rng.uniform(0.2, 0.8) * coarse, 0.1, 2.2)
        ring = np.clip((level + rim) / 2 + 0.5, 0, 1)
        gap = np.clip(2 * (coarse + rng.uniform(0.2, 3.0)), 0, 1)  # rings are not always closed
        ring = ring * gap
        return fluid * (1 - ring) + bright * ring, (level < 0) & (ring > 0.5)
    if kind == "patchy":
        spots = np.clip(2 * (coarse - rng.uniform(-0.5, 1.2)), 0, 1)
        base = rng.uniform(-2.5, 0.2) + texture
        return base * (1 - spots) + bright * spots, (level < 0) & (spots > 0.5)
    if kind == "cyst":
        step = rng.standard_normal(3)
        at = centre + 0.7 * radius / STEP_MM * step / np.linalg.norm(step)
        grid = np.indices(SHAPE, dtype=np.float32) - at.astype(np.float32)[:, None, None, None]
        nodule = np.sqrt((grid**2).sum(0)) * STEP_MM < rng.uniform(0.25, 0.5) * radius
        return np.where(nodule, bright, fluid), (level < 0) & nodule
    if kind == "cysts":
        holes = np.clip(3 * (smooth_noise(rng, SHAPE, max(2.0, 0.3 * radius / STEP_MM)) - rng.uniform(-0.3, 1.0)), 0, 1)
        return bright * (1 - holes) + fluid * holes, (level < 0) & (holes < 0.5)
    nothing = np.zeros(SHAPE, bool)
    if kind == "dark":  # non-enhancing glioma: what was there shines through, darker and blurred
        through = rng.uniform(0.0, 0.7)
        blurred = ndimage.gaussian_filter(image, rng.uniform(0.5, 2.5))
        tissue = through * np.clip(blurred, -2.5, 2) + rng.uniform(-3.2, -0.6) * (1 - 0.5 * through) + texture
        return tissue, nothing
    through = rng.uniform(0.2, 0.8)  # faint: the folds are lost, the grey level hardly changes
    tissue = through * np.clip(image, -2.5, 2) + (1 - through) * rng.uniform(-1.6, 0.6) + texture
    return tissue + rng.uniform(0, 1.2) * np.clip(coarse - 0.5, 0, 1), nothing


def clipped(lesion: Lesion) -> Lesion:
    """Masks cut at the brain."""
    brain = lesion.brain
    return replace(lesion, core=lesion.core & brain, whole=lesion.whole & brain, enhancing=lesion.enhancing & brain)
