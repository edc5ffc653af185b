"""Connected abnormal regions that are large and compact enough for a tumour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.tumor_localizer.abnormality import Abnormality
from vb_desktop.pipeline.tumor_localizer.working_grid import STEP_MM, closed, opened

LEAST_STRENGTH = 1.5
"""Evidence summed over a region (SD x mL) below which it counts as noise; three healthy heads stayed below 0.5."""
_BESIDE_STRONGEST = 0.4  # a second region must have this share of the strongest one's evidence
_VOXEL_EVIDENCE = 0.5
_LEAST_EVIDENCE = 0.2
_CLOSE_MM = 8.0  # a ring may have gaps; the halves of a tumour are one
_OPEN_MM = 3.0  # vessels and the falx are thinner


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """One abnormal region: mask on the working grid, and its evidence in SD x mL."""

    mask: Array
    strength: float


def abnormal_regions(found: Abnormality) -> list[Region]:
    """The regions that may be a tumour, strongest first; none where the brain looks healthy."""
    voxel_ml = STEP_MM**3 / 1000
    marked = ((found.bright > _VOXEL_EVIDENCE) | (found.dark > _VOXEL_EVIDENCE)) & found.brain
    marked &= found.evidence > _LEAST_EVIDENCE
    filled = closed(marked, _CLOSE_MM) & found.brain
    for k in range(filled.shape[2]):
        filled[:, :, k] = ndimage.binary_fill_holes(filled[:, :, k])  # the dark inside of a ring belongs to it
    labels, count = ndimage.label(opened(filled, _OPEN_MM))
    strength = ndimage.sum_labels(found.evidence, labels, np.arange(1, count + 1)) * voxel_ml if count else np.array([])
    least = max(LEAST_STRENGTH, _BESIDE_STRONGEST * float(strength.max(initial=0.0)))
    order = [n for n in np.argsort(-strength, kind="stable") if strength[n] >= least]
    return [Region(labels == n + 1, float(strength[n])) for n in order]
