"""A tilted gantry: slices stacked at a slant end on a rectangular grid, each voxel in its place."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest
from synthetic_scans import IN_PLANE, assert_in_place, value_at

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.scan_import.checks import skew_degrees
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.scan_import.tilt import slant_degrees, straighten


def slanted(slide: tuple[float, float]) -> Volume:
    affine = np.diag([2.0, 3.0, 4.0, 1.0])
    affine[:2, 2] = slide
    ijk = np.stack(np.meshgrid(*(np.arange(n) for n in (20, 18, 16)), indexing="ij"), axis=-1)
    return Volume(value_at(ijk @ affine[:3, :3].T + affine[:3, 3]).astype(np.float32), affine)


@pytest.mark.parametrize("slide", [(0.7, 0.0), (-0.7, 0.0), (0.0, 1.3), (-0.4, -1.1), (2.0, 3.0)])
def test_each_voxel_keeps_its_place(slide):
    source = slanted(slide)
    straight = straighten(source)
    assert slant_degrees(source.affine) > 5 and slant_degrees(straight.affine) < 1e-6
    assert skew_degrees(straight.affine) < 1e-6
    inside = np.round(source.to_index(straight.to_mm(np.argwhere(straight.voxels != source.voxels.min()))), 6)
    assert len(inside) > 0.9 * source.voxels.size * (1 - 2 / 18)
    places = np.argwhere(straight.voxels != source.voxels.min())
    expected = value_at(straight.to_mm(places))
    np.testing.assert_allclose(straight.voxels[tuple(places.T)], expected, atol=0.01)
    corners = straight.to_index(source.to_mm(np.array([(0, 0, 0), (19, 17, 15)])))
    assert corners.min() >= -1e-6 and (corners <= np.array(straight.voxels.shape) - 1 + 1e-6).all()


@pytest.mark.parametrize("plane", IN_PLANE)
@pytest.mark.parametrize("tilt_mm", [1.5, -1.5])
def test_a_tilted_series(write_series, plane, tilt_mm):
    along_columns = np.array(IN_PLANE[plane][1], dtype=float)
    scan = open_scan(write_series(plane=plane, shift=lambda k: (along_columns * tilt_mm * k).tolist()))
    told = {remark.id: remark.params for remark in scan.remarks}
    assert told["scan_import.tilt_removed"]["degrees"] == "14.0"
    assert nib.aff2axcodes(scan.volume.affine) == ("R", "A", "S") and skew_degrees(scan.volume.affine) < 1e-4
    source = np.array(scan.source_dicom["grid"]["affine_ras_mm"])
    drawn = source.copy()  # the pictures were drawn before they were shifted
    drawn[:3, 2] -= along_columns * tilt_mm * (-1, -1, 1)
    inside = np.argwhere(scan.volume.voxels > scan.volume.voxels.min())
    places = scan.volume.to_mm(inside) @ (drawn @ np.linalg.inv(source))[:3, :3].T
    places += (drawn @ np.linalg.inv(source))[:3, 3]
    got = scan.volume.voxels[tuple(inside.T)]
    assert np.abs(got - value_at(places)).max() < 0.6 and len(inside) > 0.9 * 18 * 20 * 24
    assert scan.source_dicom["grid"]["resampled"] is True
    assert scan.source_dicom["grid"]["canonical_axis_and_flip"] is None


def test_a_slant_within_the_uncertainty_of_positions_is_none(write_series):
    scan = open_scan(write_series(shift=lambda k: [0, 0.01 * k, 0]))
    assert "scan_import.tilt_removed" not in [remark.id for remark in scan.remarks]
    assert_in_place(scan.volume.voxels, scan.volume.affine, 1.1)
    assert scan.source_dicom["grid"]["resampled"] is False
