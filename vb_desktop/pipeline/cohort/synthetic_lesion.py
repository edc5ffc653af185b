"""A lesion: how far it grows in a patient's anatomy, and how it looks on T1-CE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.cohort import synthetic_parameters as given
from vb_desktop.pipeline.cohort.synthetic_anatomy import Anatomy, template_anatomy
from vb_desktop.pipeline.cohort.synthetic_parameters import Entity, Pattern, Place
from vb_desktop.pipeline.training.synthetic_tumour import smooth_noise, uniform

Rng = np.random.Generator
Cut = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionPlan:
    """What is drawn of a lesion before the anatomy is: the surroundings make room for it.

    Attributes:
        place: where.
        centre_mm: RAS+ mm.
        volume_ml: that it shall reach.
        pattern: how it takes up contrast.
        push_mm: mass effect.
    """

    place: Place
    centre_mm: tuple[float, float, float]
    volume_ml: float
    pattern: Pattern
    push_mm: float

    @property
    def radius_mm(self) -> float:
        """Of the ball of that volume."""
        return float((3000 * self.volume_ml / (4 * np.pi)) ** (1 / 3))


def plan_lesion(
    rng: Rng, entity: Entity, places: tuple[tuple[Place, float], ...], volume_share: float = 1.0
) -> LesionPlan:
    """Draw place, size and pattern of a lesion.

    Args:
        rng: of the case.
        entity: what kind of tumour.
        places: with shares.
        volume_share: of the volume drawn that it gets.
    """
    place = choose(rng, places)
    step = rng.standard_normal(3)
    step *= rng.uniform() ** (1 / 3) / np.linalg.norm(step)
    centre = np.asarray(place.centre_mm) + step * np.asarray(place.spread_mm)
    if not place.midline and rng.uniform() < 0.5:
        centre = centre * (-1, 1, 1)
    median, spread = entity.volume_ml
    ml = float(np.clip(median * np.exp(spread * rng.standard_normal()), *entity.volume_limits_ml)) * volume_share
    x, y, z = (float(value) for value in centre)
    plan = LesionPlan(
        place=place, centre_mm=(x, y, z), volume_ml=ml, pattern=choose(rng, entity.patterns), push_mm=0.0
    )  # fmt: skip
    push = uniform(rng, entity.mass_effect) * plan.radius_mm
    return LesionPlan(
        place=place, centre_mm=plan.centre_mm, volume_ml=ml, pattern=plan.pattern, push_mm=push
    )  # fmt: skip


def choose(rng: Rng, options: tuple[tuple[Any, float], ...]) -> Any:
    """One of the options by its share."""
    shares = np.asarray([share for _, share in options])
    return options[int(rng.choice(len(options), p=shares / shares.sum()))][0]


def cut_around(plan: LesionPlan, margin_mm: float) -> Cut:
    """The part of the anatomy's grid that holds a lesion and its surroundings."""
    base = template_anatomy()
    centre = base.index_of(np.asarray(plan.centre_mm))
    reach = 1.9 * plan.radius_mm + margin_mm
    i, j, k = (
        slice(max(int(c - reach), 0), min(int(c + reach) + 1, n)) for c, n in zip(centre, base.shape, strict=True)
    )
    return i, j, k


def grow(rng: Rng, entity: Entity, plan: LesionPlan, anatomy: Anatomy, cut: Cut) -> Array:
    """Signed distance to a lesion's outline, roughly in mm, negative inside: float32 of the cut.

    An undulating ellipsoid that prefers white matter, keeps out of (or to) the fluid and respects the midline; its
    size is that which gives the volume planned inside the brain (or a little beyond, where the place allows it).
    """
    base = template_anatomy()
    shape = tuple(part.stop - part.start for part in cut)
    centre = base.index_of(np.asarray(plan.centre_mm)) - [part.start for part in cut]
    radius = plan.radius_mm
    axes = np.exp(rng.uniform(-given.ELONGATION, given.ELONGATION, 3))
    axes = radius * axes / float(np.prod(axes)) ** (1 / 3)
    rotation, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    ijk = np.stack(np.meshgrid(*(np.arange(n, dtype=np.float32) for n in shape), indexing="ij"), -1)
    mm = (ijk - centre.astype(np.float32)) @ (rotation / axes).astype(np.float32)
    relative = np.sqrt((mm**2).sum(-1))
    rough = uniform(rng, entity.irregularity)
    for scale, part in given.OUTLINE:
        relative = relative - part * rough * smooth_noise(rng, shape, max(scale * radius, 2.5))
    relative += uniform(rng, entity.into_fluid) * ndimage.gaussian_filter(anatomy.fluid[cut], 1.0)
    relative -= uniform(rng, entity.along_white_matter) * (ndimage.gaussian_filter(anatomy.white[cut], 1.5) - 0.5)
    if not plan.place.midline:
        x = base.origin_mm[0] + cut[0].start + np.arange(shape[0])
        beyond = np.clip(-x * np.sign(plan.centre_mm[0]) / 4, 0, 1).astype(np.float32)
        relative += given.FALX * beyond[:, None, None]
    brain = anatomy.brain[cut]
    if plan.place.bulge_mm:
        brain = ndimage.distance_transform_edt(~brain) <= plan.place.bulge_mm
    wanted = min(round(plan.volume_ml * 1000), int(0.5 * brain.sum()))
    threshold = float(np.partition(relative[brain], wanted)[wanted])
    labels, _ = ndimage.label((relative < threshold) & brain)
    deepest = np.unravel_index(int(np.argmin(np.where(brain, relative, np.inf))), shape)
    main = labels == labels[deepest]
    level = (relative - threshold) * radius
    return np.asarray(np.where((level < 0) & ~main, 0.5, level), dtype=np.float32)


def paint(
    rng: Rng, entity: Entity, plan: LesionPlan, anatomy: Anatomy, image: Array, level: Array, cut: Cut
) -> tuple[Array, dict[str, Any]]:
    """The cut of an image with the lesion in it, and what was drawn.

    Args:
        rng: of the case.
        entity: what kind of tumour.
        plan: from `plan_lesion`.
        anatomy: the patient.
        image: float32 of the cut, white matter at 1.
        level: from `grow`.
        cut: where.
    """
    said: dict[str, Any] = {"pattern": plan.pattern}
    width = uniform(rng, choose(rng, entity.oedema))
    said["oedema_mm"] = round(width, 1)
    white = anatomy.white[cut]
    if width > 0:  # water follows the white matter
        reach = width * np.clip(1 + 0.5 * smooth_noise(rng, level.shape, 9.0), 0.1, 2.0)
        halo = np.clip(1.3 * (1 - np.clip(level, 0, None) / reach), 0, 1) * np.clip(white + 0.1, 0, 1)
        image = image * (1 - uniform(rng, given.OEDEMA_DEPTH) * ndimage.gaussian_filter(halo.astype(np.float32), 0.7))
    tissue = _pattern(rng, entity, plan, image, level)
    tissue, more = _spots(rng, entity, plan, tissue, level)
    soft = uniform(rng, entity.softness_mm)
    share = ndimage.gaussian_filter((level < 0).astype(np.float32), soft)
    painted = image * (1 - share) + tissue * share
    return np.asarray(painted, dtype=np.float32), said | more


def _pattern(rng: Rng, entity: Entity, plan: LesionPlan, image: Array, level: Array) -> Array:
    """The tissue inside, by the pattern of its enhancement."""
    shape, radius = level.shape, plan.radius_mm
    texture = uniform(rng, entity.texture)
    grain = texture * (0.7 * smooth_noise(rng, shape, 2.0) + 0.7 * smooth_noise(rng, shape, max(0.35 * radius, 3.0)))
    bright = uniform(rng, entity.enhancement) + grain
    dark = uniform(rng, entity.fluid)
    if rng.uniform() < entity.bright_fluid:
        dark = uniform(rng, given.BRIGHT_FLUID)
    fluid = dark + 0.3 * grain
    if plan.pattern == "solid":
        return np.asarray(bright)
    if plan.pattern == "multicystic":
        return _with_cysts(rng, entity, radius, bright, fluid, level)
    if plan.pattern == "ring":
        rim = min(uniform(rng, entity.rim_mm), 0.55 * radius)
        unsteady = 0.2 + 1.2 * uniform(rng, entity.irregularity)
        here = rim * np.clip(1 + unsteady * smooth_noise(rng, shape, max(0.45 * radius, 3.0)), 0.35, 2.2)
        core = ndimage.gaussian_filter((level < -here).astype(np.float32), 0.7)
        return np.asarray(bright * (1 - core) + fluid * core)
    if plan.pattern == "nodule":
        direction = rng.standard_normal(3)
        deepest = np.asarray(np.unravel_index(int(np.argmin(level)), shape))
        at = deepest + 0.75 * radius * direction / np.linalg.norm(direction)
        nodule = _ball(shape, at, uniform(rng, given.NODULE) * radius)
        if not (nodule & (level < 0)).any():  # it would lie outside: at the wall nearest to it
            inside = np.argwhere(level < -1)
            at = inside[int(np.argmin(((inside - at) ** 2).sum(1)))] if len(inside) else deepest
            nodule = _ball(shape, np.asarray(at), uniform(rng, given.NODULE) * radius)
        wall = np.clip(1 + level / 1.5, 0, 1) * (rng.uniform() < given.WALL_SHARE) * given.WALL
        share = np.maximum(ndimage.gaussian_filter(nodule.astype(np.float32), 0.7), wall)
        return np.asarray(fluid * (1 - share) + bright * share)
    through = uniform(rng, given.SHINES_THROUGH)  # none, patchy: what was there shines through, blurred
    base = through * ndimage.gaussian_filter(image, 1.5) + (1 - through) * (uniform(rng, given.DARK_TISSUE) + grain)
    if plan.pattern == "none":
        return np.asarray(base)
    spots = np.clip(1.6 * (smooth_noise(rng, shape, max(0.45 * radius, 3.0)) - uniform(rng, given.PATCHES)), 0, 1)
    return np.asarray(base * (1 - spots) + bright * spots)


def _with_cysts(rng: Rng, entity: Entity, radius: float, bright: Array, fluid: Array, level: Array) -> Array:
    cysts = np.zeros(level.shape, bool)
    for _ in range(int(rng.integers(entity.cysts[0], entity.cysts[1] + 1))):
        cysts |= _ball(level.shape, _inside(rng, level, 0.1 * radius), uniform(rng, entity.cyst_size) * radius)
    share = ndimage.gaussian_filter(cysts.astype(np.float32), 0.6)
    return np.asarray(bright * (1 - share) + fluid * share)


def _spots(rng: Rng, entity: Entity, plan: LesionPlan, tissue: Array, level: Array) -> tuple[Array, dict[str, Any]]:
    """Calcification (dark) and haemorrhage (bright)."""
    calcified, bled = rng.uniform() < entity.calcified, rng.uniform() < entity.haemorrhage
    radius = plan.radius_mm
    if calcified:
        for _ in range(int(rng.integers(given.CALCIUM_SPOTS[0], given.CALCIUM_SPOTS[1] + 1))):
            at = _inside(rng, level, 0.0)
            tissue = np.where(
                _ball(level.shape, at, uniform(rng, given.CALCIUM_SIZE) * radius + 0.8), given.CALCIUM, tissue
            )
    if bled:
        for _ in range(int(rng.integers(given.BLOOD_SPOTS[0], given.BLOOD_SPOTS[1] + 1))):
            at = _inside(rng, level, 0.0)
            spot = _ball(level.shape, at, uniform(rng, given.BLOOD_SIZE) * radius + 0.8)
            tissue = np.where(spot, uniform(rng, given.BLOOD), tissue)
    return np.asarray(tissue), {"calcified": bool(calcified), "haemorrhage": bool(bled)}


def _inside(rng: Rng, level: Array, depth_mm: float) -> Array:
    where = np.argwhere(level < -depth_mm)
    if not len(where):
        return np.asarray(np.unravel_index(int(np.argmin(level)), level.shape))
    return np.asarray(where[int(rng.integers(len(where)))])


def _ball(shape: tuple[int, ...], centre: Array, radius_mm: float) -> Array:
    axes = np.ogrid[tuple(slice(n) for n in shape)]
    squares = sum((axis - c) ** 2 for axis, c in zip(axes, centre, strict=True))
    return np.asarray(squares < radius_mm**2)
