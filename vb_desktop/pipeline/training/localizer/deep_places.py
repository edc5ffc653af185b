"""Where deep tumours grow: the midline, the deep nuclei, the ventricles' walls, brain stem and cerebellum.

The real cases to learn from are gliomas of the hemispheres. A lesion at a random place of the brain is rarely one of
the pineal region or above the sella, so a detector that learned only from those calls the midline's bright veins and
plexus normal, and a tumour among them too. Centres are read off the MNI152 template, in RAS+ mm, on the right; the
spreads are wide on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.tumor_localizer.detector_grid import AFFINE, STEP_MM

_REACH_MM = 8.0  # beyond the brain's outline, for tumours that fill a cistern


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepPlace:
    """A region with lesions of its own.

    Attributes:
        centre_mm: RAS+ in MNI152.
        spread_mm: standard deviation of the centre, per axis.
        share: how often, relative to the others.
        ml: smallest and largest lesion.
        basal: may grow out of the brain's outline into the cistern, which a skull strip then keeps.
    """

    centre_mm: tuple[float, float, float]
    spread_mm: tuple[float, float, float]
    share: float = 1.0
    ml: tuple[float, float] = (0.6, 40.0)
    basal: bool = False


PLACES = (
    DeepPlace(centre_mm=(0, -30, 2), spread_mm=(3, 5, 5), share=2.0, ml=(0.5, 25.0)),  # pineal region
    DeepPlace(centre_mm=(0, 2, -14), spread_mm=(4, 5, 5), share=2.0, ml=(0.5, 25.0), basal=True),  # above the sella
    DeepPlace(centre_mm=(0, -4, -4), spread_mm=(4, 5, 5), ml=(0.5, 25.0)),  # hypothalamus, third ventricle
    DeepPlace(centre_mm=(13, -18, 7), spread_mm=(5, 6, 5), share=1.5),  # thalamus
    DeepPlace(centre_mm=(22, 4, 3), spread_mm=(7, 9, 7), share=1.5, ml=(0.6, 70.0)),  # striatum, pallidum
    DeepPlace(centre_mm=(3, -26, -14), spread_mm=(4, 4, 5), ml=(0.5, 20.0)),  # midbrain
    DeepPlace(centre_mm=(2, -28, -36), spread_mm=(4, 4, 7), ml=(0.6, 35.0)),  # pons, medulla
    DeepPlace(centre_mm=(0, -46, -32), spread_mm=(4, 5, 6), ml=(0.6, 35.0)),  # fourth ventricle, vermis
    DeepPlace(centre_mm=(24, -62, -36), spread_mm=(9, 9, 8)),  # cerebellar hemisphere
    DeepPlace(centre_mm=(8, 4, 16), spread_mm=(5, 14, 5)),  # body of the lateral ventricle, septum
    DeepPlace(centre_mm=(28, -42, 8), spread_mm=(6, 8, 9)),  # trigone
    DeepPlace(centre_mm=(0, 26, 6), spread_mm=(6, 5, 6), share=0.7),  # genu of the callosum
    DeepPlace(centre_mm=(0, -38, 14), spread_mm=(6, 5, 6), share=0.7),  # splenium
)


def deep_place(rng: np.random.Generator) -> tuple[DeepPlace, Array]:
    """A place, and a centre there on either side: voxels of the detector's grid, not whole numbers."""
    shares = np.array([place.share for place in PLACES])
    place = PLACES[int(rng.choice(len(PLACES), p=shares / shares.sum()))]
    mm = np.asarray(place.centre_mm) + np.asarray(place.spread_mm) * np.clip(rng.standard_normal(3), -2, 2)
    mm[0] *= 1 if rng.uniform() < 0.5 else -1
    return place, np.asarray(np.linalg.solve(AFFINE, [*mm, 1.0])[:3])


def with_cistern(brain: Array, lesion: Array) -> Array:
    """The brain's mask (bool) with the part of a lesion (bool) that lies in the cistern beside it."""
    near = ndimage.binary_dilation(brain, iterations=round(_REACH_MM / STEP_MM))
    return np.asarray(brain | (lesion & near))
