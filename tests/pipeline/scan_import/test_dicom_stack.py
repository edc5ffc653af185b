"""DICOM in: whatever the plane, the order of the files, the transfer syntax or the form, the head lies in its place."""

from __future__ import annotations

import json
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)
from synthetic_scans import IN_PLANE, assert_in_place

from vb_desktop.pipeline.scan_import.open_scan import open_scan

LARGER: dict[str, Any] = {"rows": 40, "columns": 48, "spacing": (2.5, 2.75, 6.0)}  # JPEG 2000 wants 32 pixels


@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
@pytest.mark.parametrize("plane", IN_PLANE)
def test_every_plane_lies_in_its_place(write_series, plane, enhanced):
    scan = open_scan(write_series(plane=plane, enhanced=enhanced))
    assert nib.aff2axcodes(scan.volume.affine) == ("R", "A", "S")
    assert sorted(scan.volume.voxels.shape) == [18, 20, 24]
    assert scan.kind == "dicom" and scan.volume.voxels.dtype == np.float32
    assert_in_place(scan.volume.voxels, scan.volume.affine)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_files_does_not_matter(write_series, seed):
    one, other = (open_scan(write_series(f"s{n}", seed=n, plane="oblique")) for n in (seed, seed + 10))
    np.testing.assert_array_equal(one.volume.voxels, other.volume.voxels)
    np.testing.assert_allclose(one.volume.affine, other.volume.affine, atol=1e-5)


@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_uncompressed_transfer_syntaxes(write_series, syntax, enhanced):
    scan = open_scan(write_series(syntax=syntax, enhanced=enhanced))
    assert_in_place(scan.volume.voxels, scan.volume.affine)


@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
@pytest.mark.parametrize("compress", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_compressed_transfer_syntaxes(write_series, compress, enhanced):
    scan = open_scan(write_series(compress=compress, enhanced=enhanced, **LARGER))
    assert_in_place(scan.volume.voxels, scan.volume.affine)


@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
def test_each_slice_has_its_own_rescale(write_series, enhanced):
    scan = open_scan(write_series(enhanced=enhanced, rescale=lambda k: (0.25 + 0.01 * k, 10.0 * k)))
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    assert not np.array_equal(scan.volume.voxels, np.round(scan.volume.voxels))


def test_signed_values(write_series):
    def change(dataset, _):
        stored = np.frombuffer(dataset.PixelData, "<u2").astype(np.int32) - 2000
        dataset.PixelData, dataset.PixelRepresentation = stored.astype("<i2").tobytes(), 1
        dataset.RescaleSlope, dataset.RescaleIntercept = 1, 2000

    scan = open_scan(write_series(change=change))
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_a_single_enhanced_file(write_series):
    (path,) = write_series(enhanced=True, plane="sagittal").iterdir()
    scan = open_scan(path)
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_a_series_in_several_enhanced_files_is_one(write_series):
    def one_half(first):
        return lambda k: k + first

    folder = write_series("s", enhanced=True, slices=10, positions=one_half(0))
    write_series("s/more", enhanced=True, slices=10, positions=one_half(10), SeriesInstanceUID=_uid(folder))
    scan = open_scan(folder)
    assert scan.volume.voxels.shape == (24, 20, 20)


def _uid(folder):
    from pydicom import dcmread

    return dcmread(next(path for path in sorted(folder.iterdir()) if path.is_file())).SeriesInstanceUID


def test_subfolders_and_other_files_are_no_hindrance(write_series, tmp_path):
    folder = write_series("study/deep/series")
    for n, path in enumerate(sorted(folder.iterdir())):
        if n % 3 == 0:
            (folder / "more").mkdir(exist_ok=True)
            path.rename(folder / "more" / path.name)
    (tmp_path / "study" / "notes.txt").write_text("Seen by the registrar.")
    (tmp_path / "study" / "picture.png").write_bytes(b"\x89PNG" + bytes(999))
    (tmp_path / "study" / "empty").touch()
    scan = open_scan(tmp_path / "study")
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_copies_are_left_out_and_told(write_series):
    folder = write_series()
    for path in sorted(folder.iterdir())[:3]:
        (folder / f"{path.name} copy").write_bytes(path.read_bytes())
    scan = open_scan(folder)
    assert scan.volume.voxels.shape[2] == 18
    assert {remark.id: remark.params for remark in scan.remarks}["scan_import.copies_left_out"] == {"count": 3}


def test_one_instance_uid_for_all_files_still_opens(write_series):
    scan = open_scan(write_series(SOPInstanceUID="1.2.3"))
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_files_without_preamble(write_series):
    folder = write_series(syntax=ExplicitVRLittleEndian)
    for path in folder.iterdir():
        content = path.read_bytes()
        meta_length = int.from_bytes(content[140:144], "little")
        path.write_bytes(content[144 + meta_length :])
    scan = open_scan(folder)
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_positions_rounded_to_hundredths_are_even(write_series):
    def change(dataset, _):
        dataset.ImagePositionPatient = [round(float(x), 2) for x in dataset.ImagePositionPatient]

    scan = open_scan(write_series(plane="oblique", spacing=(5, 5, 5.123), change=change))
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.6)


@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
@pytest.mark.parametrize("plane", IN_PLANE)
def test_source_leads_from_a_voxel_back_to_its_frame(write_series, plane, enhanced):
    from pydicom import dcmread

    folder = write_series(plane=plane, enhanced=enhanced)
    scan = open_scan(folder)
    source = json.loads(json.dumps(scan.source_dicom))
    files = {dataset.SOPInstanceUID: dataset for dataset in map(dcmread, folder.iterdir())}
    grid = source["grid"]
    assert [one["k"] for one in source["slices"]] == list(range(18))
    affine = np.array(grid["affine_ras_mm"])
    for column, row, k in ((3, 7, 0), (11, 2, 9), (23, 19, 17)):
        one = source["slices"][k]
        pixels = files[one["sop_instance_uid"]].pixel_array.reshape(-1, 20, 24)[one["frame_number"] - 1]
        ijk = scan.volume.to_index((affine @ [column, row, k, 1])[None, :3])[0]
        assert np.abs(ijk - np.round(ijk)).max() < 1e-6
        assert scan.volume.voxels[tuple(np.round(ijk).astype(int))] == pixels[row, column]
        axes = np.array(grid["canonical_axis_and_flip"])  # the same way without geometry
        size = np.array([grid["columns"], grid["rows"], grid["slices"]])
        index = np.where(axes[:, 1] > 0, (column, row, k), size - 1 - (column, row, k))
        assert [int(np.round(ijk)[axis]) for axis in axes[:, 0]] == index.tolist()
    lps = np.array(source["slices"][5]["image_position_patient"])
    np.testing.assert_allclose((affine @ [0, 0, 5, 1])[:3], lps * (-1, -1, 1), atol=1e-5)


def test_progress_goes_up_to_the_end(write_series):
    heard = []
    open_scan(write_series(), on_progress=heard.append)
    fractions = [progress.fraction for progress in heard]
    assert fractions == sorted(fractions) and 0 <= fractions[0] and fractions[-1] <= 1
    assert not any("Doe" in progress.text for progress in heard)
