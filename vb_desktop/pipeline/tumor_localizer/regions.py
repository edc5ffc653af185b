"""Connected abnormal regions that are large and compact enough for a tumour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.spatial import Delaunay, QhullError

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.tumor_localizer.abnormality import Abnormality
from vb_desktop.pipeline.tumor_localizer.working_grid import STEP_MM, closed, opened

LEAST_STRENGTH = 1.5
"""Evidence summed over a region (SD x mL) below which it counts as noise; three healthy heads stayed below 0.5."""
_DEEP_MM = 16.0  # nearer to the rim a region counts less: dural sinuses and sulci that the template does not match
_BESIDE_STRONGEST = 0.4  # a second region must have this share of the strongest one's evidence
_VOXEL_EVIDENCE = 0.5
_LEAST_EVIDENCE = 0.2
_CLOSE_MM = 8.0  # a ring may have gaps; the halves of a tumour are one
_ENHANCING_SHARE = 0.75  # of the evidence, above which a region counts as an enhancing tumour
_OPEN_MM = 3.0  # vessels and the falx are thinner


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """One abnormal region: mask on the working grid, and its evidence in SD x mL."""

    mask: Array
    strength: float


def abnormal_regions(found: Abnormality) -> list[Region]:
    """The regions that may be a tumour, strongest first; none where the brain looks healthy."""
    voxel_ml = STEP_MM**3 / 1000
    bright = found.bright > _VOXEL_EVIDENCE
    dark = found.dark > _VOXEL_EVIDENCE
    marked = (bright | dark) & found.brain & (found.evidence > _LEAST_EVIDENCE)
    labels, count = ndimage.label(_compact(marked, found.brain))
    if count == 0:
        return []
    each = np.arange(1, count + 1)
    strength = ndimage.sum_labels(found.evidence, labels, each) * voxel_ml
    strength = strength * np.minimum(ndimage.mean(found.depth, labels, each) / _DEEP_MM, 1) ** 2
    least = max(LEAST_STRENGTH, _BESIDE_STRONGEST * float(strength.max()))
    order = [n for n in np.argsort(-strength, kind="stable") if strength[n] >= least]
    return [Region(_core(labels == n + 1, marked & bright, found), float(strength[n])) for n in order]


def _core(region: Array, bright: Array, found: Abnormality) -> Array:
    """The region without the oedema: where a tumour enhances, what is dark belongs to it only among the enhancing."""
    enhancing = float(found.bright[region].sum())
    if enhancing < _ENHANCING_SHARE * (enhancing + float(found.dark[region].sum())):
        return region
    points = np.argwhere(bright & region)
    try:
        hull = Delaunay(points)
    except QhullError:  # too few, or all in one plane
        return region
    candidates = np.argwhere(region)
    core = np.zeros_like(region)
    core[tuple(candidates[hull.find_simplex(candidates) >= 0].T)] = True
    core = opened(core, _OPEN_MM)
    return core if core.any() else region


def _compact(marked: Array, brain: Array) -> Array:
    """Gaps closed, holes filled slice by slice (the dark inside of a ring), threads removed."""
    filled = closed(marked, _CLOSE_MM) & brain
    for k in range(filled.shape[2]):
        filled[:, :, k] = ndimage.binary_fill_holes(filled[:, :, k])
    return opened(filled, _OPEN_MM)
