"""Real scans: geometry against the reference conversion, decoders, and one sentence for each broken series."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from pydicom import dcmread
from synthetic_scans import refusal

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import.dicom import read_volume
from vb_desktop.pipeline.scan_import.dicom_folder import read_series
from vb_desktop.pipeline.scan_import.dicom_geometry import stack
from vb_desktop.pipeline.scan_import.dicom_pixels import decode_frames
from vb_desktop.pipeline.scan_import.open_scan import open_scan

pytestmark = pytest.mark.data

CUT_OUTS = {  # folder of dicom2nifti_tests -> the one sentence, and what the stack below the head check gives
    "anatomical/001": ("few_slices", (256, 256, 4)),
    "anatomical/001_implicit": ("few_slices", (256, 256, 4)),
    "failing/gantrytilting/001": ("ct", (512, 512, 4)),
    "failing/notavolume/001": ("ct", "duplicates"),
    "failing/slicecount/001": ("few_slices", (256, 256, 2)),
    "failing/sliceincrement/001": ("ct", "missing_slices"),
    "failing/sliceincrement/002": ("ct", "missing_slices"),
    "failing/sliceorientation/001": ("orientations", (288, 288, 2)),
    "ge/anatomical/001": ("few_slices", (256, 256, 4)),
    "ge/anatomical/001_implicit": ("few_slices", (256, 256, 4)),
    "ge/anatomical/001_single_slice": ("few_slices", "few_slices"),
    "generic/anatomical/001": ("few_slices", (256, 256, 4)),
    "generic/anatomical/001_implicit": ("few_slices", (256, 256, 4)),
    "generic/anatomical/002_non_isotropic": ("few_slices", (64, 28, 4)),
    "generic/compressed/001": ("few_slices", (256, 256, 4)),
    "generic/compressed_j2k/001": ("few_slices", (256, 256, 4)),
    "generic/compressed_jpeg/001": ("few_slices", (256, 256, 4)),
    "generic/compressed_jpegls/001": ("few_slices", (256, 256, 4)),
    "generic/compressed_rle/001": ("few_slices", (256, 256, 4)),
    "generic/rgb/001": ("colour", "dicom_pixels"),
    "hitachi/anatomical/001": ("few_slices", (64, 64, 4)),
    "hitachi/anatomical/001_implicit": ("few_slices", (64, 64, 4)),
    "hyperfine/anatomical/001": ("few_slices", (112, 138, 8)),
    "philips/anatomical/001": ("few_slices", (240, 240, 4)),
    "philips/anatomical/001_implicit": ("few_slices", (240, 240, 4)),
    "philips/anatomical/002": ("no_usable_series", (768, 768, 4)),
    "philips_enhanced/anatomical/001": ("few_slices", (256, 256, 8)),
    "philips_enhanced/anatomical/001_implicit": ("few_slices", (256, 256, 8)),
    "siemens/anatomical/001": ("few_slices", (256, 256, 4)),
    "siemens/anatomical/001_implicit": ("few_slices", (256, 256, 4)),
    "siemens_multiframe/anatomical/001": ("few_slices", (256, 256, 8)),
}


@pytest.fixture
def dicom_folder(data_folder: Path) -> Path:
    return data_folder / "dicom"


@pytest.mark.parametrize("name", ["5_anat-T1w", "6_anat-T1w"])
def test_enhanced_siemens_agrees_with_the_reference(dicom_folder, name):
    folder = dicom_folder / "siemens_xa30_enhanced_t1"
    scan = open_scan(folder / name)
    reference = nib.as_closest_canonical(nib.load(folder / f"{name}_reference.nii"))
    np.testing.assert_allclose(scan.volume.affine, reference.affine, atol=1e-3)
    np.testing.assert_array_equal(scan.volume.voxels, reference.get_fdata())
    as_nifti = open_scan(folder / f"{name}_reference.nii")
    np.testing.assert_array_equal(scan.volume.voxels, as_nifti.volume.voxels)
    assert scan.technique["echo_time_ms"] == pytest.approx(as_nifti.technique["echo_time_ms"], abs=0.05)
    assert scan.technique["field_strength_t"] == 3 and scan.identity.age == "31"


def test_two_enhanced_series_are_the_users_choice(dicom_folder):
    folder = dicom_folder / "siemens_xa30_enhanced_t1"
    with pytest.raises(UnreadableScan) as caught:
        open_scan(folder)
    assert caught.value.message.id == "scan_import.several_series"
    uid = read_series(folder)[1].uid
    assert open_scan(folder, uid).source_dicom["series"]["SeriesNumber"] == "6"


def test_classic_philips(dicom_folder):
    folder = dicom_folder / "philips_classic_t1_adni_mprage"
    scan = open_scan(folder)
    assert nib.aff2axcodes(scan.volume.affine) == ("R", "A", "S")
    assert scan.volume.voxels.shape == (170, 256, 256)
    np.testing.assert_allclose(scan.volume.spacing, (1, 1, 1), atol=1e-4)
    assert [remark.id for remark in scan.remarks] == ["scan_import.no_contrast_recorded"]
    assert scan.identity.birth_date == "1980-05-01" and scan.identity.sex == "M" and scan.identity.age == "41"
    for path in sorted(folder.iterdir())[::37]:  # the place of single voxels, by the standard's equation
        dataset = dcmread(path)
        rows, columns = np.reshape(dataset.ImageOrientationPatient, (2, 3)).astype(float)
        for row, column in ((0, 0), (100, 31), (255, 200)):
            lps = np.array(dataset.ImagePositionPatient, dtype=float)
            lps = lps + rows * dataset.PixelSpacing[1] * column + columns * dataset.PixelSpacing[0] * row
            ijk = scan.volume.to_index((lps * (-1, -1, 1))[None])[0]
            np.testing.assert_allclose(ijk, np.round(ijk), atol=2e-3)
            stored = dataset.pixel_array[row, column] * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
            assert scan.volume.voxels[tuple(np.round(ijk).astype(int))] == pytest.approx(stored, rel=1e-6)


@pytest.mark.parametrize("name", CUT_OUTS)
def test_every_cut_out_gives_one_sentence_and_its_stack(dicom_folder, name):
    sentence, below = CUT_OUTS[name]
    folder = dicom_folder / "dicom2nifti_tests" / name
    assert refusal(folder) == sentence
    series = read_series(folder)[0]
    if isinstance(below, str):
        with pytest.raises(UnreadableScan) as caught:
            read_volume(series, stack(series.frames))
        assert caught.value.message.id == f"scan_import.{below}"
    else:
        volume = read_volume(series, stack(series.frames))
        assert volume.voxels.shape == below and volume.voxels.max() > volume.voxels.min()


def test_no_cut_out_is_forgotten(dicom_folder):
    folder = dicom_folder / "dicom2nifti_tests"
    there = {path.parent.relative_to(folder).as_posix() for path in folder.rglob("*.dcm")}
    assert there == set(CUT_OUTS)


def test_lossless_cut_outs_are_the_same_whatever_the_compression(dicom_folder):
    folder = dicom_folder / "dicom2nifti_tests" / "generic"

    def volume(name):
        (series,) = read_series(folder / name)
        return read_volume(series, stack(series.frames)).voxels

    one = volume("compressed_rle/001")
    for name in ("compressed", "compressed_j2k", "compressed_jpegls", "compressed_jpeg"):
        np.testing.assert_array_equal(volume(f"{name}/001"), one)


@pytest.mark.parametrize("name", ["big_endian", "RLE", "jpeg_2k_lossless", "jpeg_ls_lossless"])
def test_small_enhanced_decodes_alike_in_every_transfer_syntax(dicom_folder, name):
    folder = dicom_folder / "pydicom_enhanced_mr_small"
    plain = list(decode_frames(folder / "emri_small.dcm", range(1, 11)))
    other = list(decode_frames(folder / f"emri_small_{name}.dcm", range(1, 11)))
    assert len(plain) == 10 and plain[0].shape == (64, 64) and plain[0].max() > 0
    np.testing.assert_array_equal(plain, other)
    assert refusal(folder / f"emri_small_{name}.dcm") == "few_slices"


def test_small_enhanced_that_is_too_short_does_not_decode(dicom_folder):
    path = dicom_folder / "pydicom_enhanced_mr_small" / "emri_small_jpeg_2k_lossless_too_short.dcm"
    with pytest.raises(Exception):  # noqa: B017 - whatever the decoder raises; `read_volume` makes a sentence of it
        list(decode_frames(path, range(1, 11)))
    assert refusal(path) == "few_slices"


@pytest.mark.parametrize(
    "name", ["controls/MR_Gd/t1ce", "controls/seg3D_MR/t1_wholehead", "tumours3d/BraTS2021_00006/t1ce"]
)
def test_real_nifti_agrees_with_nibabel(data_folder, name):
    path = data_folder / f"{name}.nii.gz"
    ours, theirs = open_scan(path).volume, nib.as_closest_canonical(nib.load(path))
    np.testing.assert_allclose(ours.affine, theirs.affine, atol=1e-4)
    np.testing.assert_allclose(ours.voxels, theirs.get_fdata(dtype=np.float32), rtol=1e-6)


def test_a_real_segmentation_is_not_taken_for_a_scan(data_folder):
    assert refusal(data_folder / "tumours3d" / "BraTS2021_00006" / "seg.nii.gz") == "labels"
