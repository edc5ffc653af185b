"""Two scans of one head on one grid: rigid, in the patients' own space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.measurement.measure import LEVEL

STEP_MM = 2.0
"""Grid on which the two are aligned."""


@dataclass(frozen=True, slots=True, eq=False)
class SameHead:
    """The earlier case on the grid of the later one.

    Attributes:
        scan: of the earlier case, float32.
        region: refined prior of the earlier case, float32; None where it has none.
        similarity: correlation of the two scans inside the later one's brain.
        moved_mm: how far the centre of the brain was moved.
    """

    scan: Volume
    region: Volume | None
    similarity: float
    moved_mm: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """Volumes of the two regions on one grid, mL."""

    both: float
    vanished: float
    new: float

    @property
    def dice(self) -> float:
        """Of the two regions; 0 where both are empty."""
        whole = 2 * self.both + self.vanished + self.new
        return 2 * self.both / whole if whole else 0.0


def align_heads(
    earlier: Volume, earlier_brain: Volume, later: Volume, later_brain: Volume, region: Volume | None
) -> SameHead:
    """Bring an earlier scan, and the region found in it, onto the grid of a later one.

    Args:
        earlier: scan.
        earlier_brain: its brain mask.
        later: scan.
        later_brain: its brain mask.
        region: refined prior on the grid of `earlier`.
    """
    from vb_desktop.pipeline.mri_processor.ants_bridge import ants, from_ants, to_ants

    fixed = to_ants(later.like(np.where(later_brain.voxels > 0, later.voxels, 0)))
    moving = to_ants(earlier.like(np.where(earlier_brain.voxels > 0, earlier.voxels, 0)))
    coarse = [ants.resample_image(image, (STEP_MM,) * 3) for image in (fixed, moving)]
    found = ants.registration(*coarse, "Rigid", aff_metric="mattes", random_seed=0)
    way = found["fwdtransforms"]
    scan = from_ants(ants.apply_transforms(to_ants(later), to_ants(earlier), way, interpolator="linear"))
    there = None
    if region is not None:
        there = later.like(from_ants(ants.apply_transforms(to_ants(later), to_ants(region), way)).voxels)
    inside = later_brain.voxels > 0
    pair = np.corrcoef(scan.voxels[inside], later.voxels[inside])
    centre = np.argwhere(inside).mean(axis=0)[None]
    middle = np.argwhere(earlier_brain.voxels > 0).mean(axis=0)[None]
    moved = float(np.linalg.norm(later.to_mm(centre) - earlier.to_mm(middle)))
    return SameHead(later.like(scan.voxels), there, float(pair[0, 1]), moved)


def overlap(earlier: Array, later: Array, voxel_ml: float) -> Overlap:
    """Compare two regions on one grid.

    Args:
        earlier: refined prior, float.
        later: refined prior, float.
        voxel_ml: volume of a voxel.
    """
    before, after = earlier > LEVEL, later > LEVEL
    both = float((before & after).sum()) * voxel_ml
    return Overlap(both, float((before & ~after).sum()) * voxel_ml, float((after & ~before).sum()) * voxel_ml)
