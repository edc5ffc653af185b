"""The native volumes of a case on one canonical grid, with window and crop: what the pictures are cut from."""

from __future__ import annotations

from dataclasses import dataclass

import nibabel as nib
import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.measurement.measure import tilt_degrees

MARGIN_MM = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """A scan and its layers, axis 2 from inferior to superior.

    Attributes:
        scan: native space, closest canonical (RAS) voxel order.
        brain: bool mask on the same grid: brain mask, or the head where there is none.
        low: scanner's value shown black.
        high: scanner's value shown white.
        crop: half-open voxel ranges (i0, i1, j0, j1, k0, k1) shown.
        tilt: angle of the slices to the axial plane of the scanner, degrees.
        layers: layers that lie on this grid and not in the case's folder; None = those of the case.
    """

    case: Case
    scan: Volume
    brain: Array
    low: float
    high: float
    crop: tuple[int, int, int, int, int, int]
    tilt: float
    layers: dict[str, Array] | None = None

    def layer(self, name: str) -> Array | None:
        """A native layer (`coarse_prior`, `refined_prior`, `grad_cam_CLASS`) on the canonical grid; None without it."""
        if self.layers is not None:
            return self.layers.get(name)
        volume = self.case.volume(name, "native")
        if volume is None or self.case.record.status == "no_tumour_found":
            return None
        found = canonical(volume)
        return found.voxels if found.voxels.shape == self.scan.voxels.shape else None

    @property
    def region(self) -> Array | None:
        """The localised region: refined prior > 0.5; None where there is none."""
        prior = self.layer("refined_prior")
        return None if prior is None or not (prior > 0.5).any() else prior > 0.5

    @property
    def middle(self) -> tuple[int, int, int]:
        """The voxel whose three slices are shown: middle of the largest piece of the region on its largest slice."""
        region = self.region
        i0, i1, j0, j1, k0, k1 = self.crop
        if region is None:
            return (i0 + i1) // 2, (j0 + j1) // 2, (k0 + k1) // 2
        k = int(region.sum(axis=(0, 1)).argmax())
        pieces, _ = ndimage.label(region[:, :, k])
        i, j = np.argwhere(pieces == int(np.bincount(pieces.ravel())[1:].argmax()) + 1).mean(axis=0)
        return round(float(i)), round(float(j)), k

    def place_mm(self, axis: int, index: int) -> float:
        """Position of the middle of the crop of a slice along its axis, millimetres of the scanner (RAS+)."""
        middle = np.array([(self.crop[2 * a] + self.crop[2 * a + 1] - 1) / 2 for a in range(3)])
        middle[axis] = index
        return float(self.scan.to_mm(middle[None])[0, axis])


def canonical(volume: Volume) -> Volume:
    """The same voxels in closest canonical (RAS) order; nothing is interpolated."""
    order = nib.orientations.io_orientation(volume.affine)
    if np.array_equal(order, [[0, 1], [1, 1], [2, 1]]):
        return volume
    voxels = nib.orientations.apply_orientation(volume.voxels, order)
    affine = volume.affine @ nib.orientations.inv_ornt_aff(order, volume.voxels.shape)
    return Volume(voxels, affine)


def anatomy(case: Case) -> Anatomy | None:
    """Read what the pictures need; None where the case folder holds no scan."""
    raw = case.volume("scan")
    if raw is None:
        return None
    scan = canonical(raw)
    values = np.nan_to_num(scan.voxels, copy=False)
    mask = case.volume("brain_mask")
    brain = np.zeros(values.shape, bool) if mask is None else canonical(mask).voxels > 0
    if brain.shape != values.shape or not brain.any():
        brain = values > values.mean()  # a head: everything brighter than the mean of head and air
        if not brain.any():
            brain = np.ones(values.shape, bool)
    low, high = window_of(values, brain)
    shown = Anatomy(case, scan, brain, low, high, (0,) * 6, tilt_degrees(scan, 2))
    region = shown.region
    crop = _crop(brain if region is None else brain | region, scan.spacing)
    return Anatomy(case, scan, brain, low, high, crop, shown.tilt)


def window_of(values: Array, brain: Array) -> tuple[float, float]:
    """Black and white: tissue in the middle greys, vessels and strong enhancement near white."""
    inside = values[brain]
    low, middle, bright, brightest = np.percentile(inside[:: max(1, inside.size // 200_000)], (1.0, 50.0, 99.0, 99.7))
    high = min(brightest, max(bright, 1.7 * middle))
    if high <= low:
        high = low + max(1.0, float(inside.max() - low))
    air = np.percentile(values[::4, ::4, ::2], 1.0)
    low = min(low, air + 0.15 * (high - low))
    return float(low), float(high)


def _crop(mask: Array, spacing: tuple[float, float, float]) -> tuple[int, int, int, int, int, int]:
    ranges: list[int] = []
    for axis in range(3):
        inside = np.flatnonzero(np.any(mask, axis=tuple(a for a in range(3) if a != axis)))
        margin = int(np.ceil(MARGIN_MM / spacing[axis]))
        ranges += [max(0, int(inside[0]) - margin), min(mask.shape[axis], int(inside[-1]) + 1 + margin)]
    i0, i1, j0, j1, k0, k1 = ranges
    return i0, i1, j0, j1, k0, k1
