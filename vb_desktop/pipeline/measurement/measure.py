"""Measure "the localised region (refined prior > 0.5), not a segmentation", in the patient's own space."""

from __future__ import annotations

from typing import Any

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.measurement.diameters import Diameters, diameters
from vb_desktop.pipeline.measurement.item import NOT_ASSESSED, item
from vb_desktop.pipeline.messages import Message

LEVEL = 0.5
"""A mask is always prior > 0.5."""
LEAST_REGION_ML = 0.1
CROSSING_SHARE = 0.05
"""The region crosses the midline where at least this share of it lies on the smaller side."""


def measure(region: Volume, scan: Volume, refined_mni: Volume | None) -> list[MeasurementRecord]:
    """Measure the localised region.

    Args:
        region: refined prior on the grid of `scan`, float in [0, 1]; any orientation, oblique or anisotropic.
        scan: the scan, native space.
        refined_mni: refined prior in MNI space; without it, what is read from MNI space is "not assessed".

    Returns:
        One record an item; volume 0 and no region alone where nothing exceeds 0.5.

    Raises:
        ValueError: the region does not lie on the grid of the scan.
    """
    if region.voxels.shape != scan.voxels.shape or not np.allclose(region.affine, scan.affine, atol=1e-3):
        raise ValueError("region must lie on the grid of scan")
    volume = float((region.voxels > LEVEL).sum()) * region.voxel_ml
    count, largest = _regions(region)
    items = [
        item("volume", round(volume, 3), "mL"),
        item("regions", count, "", least=LEAST_REGION_ML),
    ]
    if largest is None:
        return items
    cut, axial = key_slice(largest)
    tilt = tilt_degrees(region, axial)
    found = diameters(cut, np.delete(region.affine[:3, :3], axial, axis=1))
    if found is not None:
        items += _diameter_items(found, tilt)
    items.append(item("axes", [round(length, 1) for length in _extents(largest)], "mm"))
    return items + _place_items(largest, refined_mni)


def axial_axis(volume: Volume) -> int:
    """The voxel axis that lies closest to superior-inferior."""
    return int(np.flatnonzero(nib.orientations.io_orientation(volume.affine)[:, 0] == 2)[0])


def tilt_degrees(volume: Volume, axis: int) -> float:
    """Angle between the voxel slices perpendicular to `axis` and the axial plane of the scanner."""
    first, second = np.delete(volume.affine[:3, :3], axis, axis=1).T
    normal = np.cross(first, second)
    return float(np.degrees(np.arccos(np.clip(abs(normal[2]) / np.linalg.norm(normal), 0.0, 1.0))))


def key_slice(region: Volume) -> tuple[Array, int]:
    """The axial slice (I, J) on which the region is largest, and which voxel axis is the axial one."""
    axis = axial_axis(region)
    others = tuple(i for i in range(3) if i != axis)
    areas = (region.voxels > LEVEL).sum(axis=others)
    return np.take(region.voxels, int(areas.argmax()), axis=axis), axis


def _diameter_items(found: Diameters, tilt: float) -> list[MeasurementRecord]:
    oblique = (Message("measurement.tilt", {"degrees": f"{tilt:.0f}"}),) if tilt >= 1.0 else ()
    return [
        item("diameter_long", round(found.long_mm, 1), "mm", more=oblique),
        item("diameter_perp", round(found.perp_mm, 1), "mm", more=oblique),
    ]


def _regions(region: Volume) -> tuple[int, Volume | None]:
    """How many regions are large enough to count, and the largest alone (the prior where it is, 0 elsewhere)."""
    from scipy import ndimage

    labels, _ = ndimage.label(region.voxels > LEVEL, structure=np.ones((3, 3, 3)))
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    if sizes.sum() == 0:
        return 0, None
    largest = labels == int(sizes.argmax())
    # Voxels below 0.5 keep their value where they touch the region: its outline runs between the two.
    near = ndimage.binary_dilation(largest, structure=np.ones((3, 3, 3)))
    kept = np.where(largest | (near & (labels == 0)), region.voxels, 0.0).astype(np.float32)
    return int((sizes * region.voxel_ml >= LEAST_REGION_ML).sum()), region.like(kept)


def _extents(region: Volume) -> tuple[float, float, float]:
    """Extents of the surface at 0.5 along right-left, anterior-posterior and superior-inferior, mm."""
    from skimage.measure import marching_cubes

    where = np.argwhere(region.voxels > LEVEL)
    low = np.maximum(where.min(axis=0) - 1, 0)
    high = where.max(axis=0) + 2
    block = np.pad(region.voxels[low[0] : high[0], low[1] : high[1], low[2] : high[2]], 1)
    vertices, *_ = marching_cubes(block.astype(np.float32), LEVEL)
    right, anterior, superior = np.ptp(region.to_mm(vertices + low - 1.0), axis=0)
    return float(right), float(anterior), float(superior)


def _centroid(region: Volume) -> tuple[float, float, float]:
    mean = np.argwhere(region.voxels > LEVEL).mean(axis=0)
    x, y, z = region.to_mm(mean[None])[0]
    return round(float(x), 1), round(float(y), 1), round(float(z), 1)


def _place_items(native: Volume, refined_mni: Volume | None) -> list[MeasurementRecord]:
    mni = None if refined_mni is None else _regions(refined_mni)[1]
    place: dict[str, Any] = {"native_mm": _centroid(native), "mni_mm": NOT_ASSESSED}
    if mni is None:
        return [item("location", place, "mm")]
    place["mni_mm"] = _centroid(mni)
    x = mni.to_mm(np.argwhere(mni.voxels > LEVEL))[:, 0]
    left = float(((x < 0) + 0.5 * (x == 0)).mean())
    crossing = min(left, 1.0 - left) >= CROSSING_SHARE
    side = {
        "side": "left" if x.mean() < 0 else "right",
        "crosses_midline": bool(crossing),
        "left_share": round(left, 3),
        "right_share": round(1.0 - left, 3),
    }
    return [
        item("side", side, "", space="mni", share=round(100 * CROSSING_SHARE)),
        item("midline_distance", round(abs(float(x.mean())), 1), "mm", space="mni"),
        item("location", place, "mm"),
    ]
