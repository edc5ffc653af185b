"""Every series of the real data lies where dcm2niix says and has its voxels, or the difference is named here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dcm2niix_oracle import convert, nearest, read_all

pytestmark = pytest.mark.data

EQUAL = (
    "anatomical/001", "anatomical/001_implicit", "failing/slicecount/001", "failing/sliceorientation/001",
    "ge/anatomical/001", "ge/anatomical/001_implicit", "generic/anatomical/001", "generic/anatomical/001_implicit",
    "generic/anatomical/002_non_isotropic", "generic/compressed/001", "generic/compressed_j2k/001",
    "generic/compressed_jpeg/001", "generic/compressed_jpegls/001", "generic/compressed_rle/001",
    "hitachi/anatomical/001", "hitachi/anatomical/001_implicit", "hyperfine/anatomical/001", "philips/anatomical/001",
    "philips/anatomical/001_implicit", "philips/anatomical/002", "philips_enhanced/anatomical/001",
    "philips_enhanced/anatomical/001_implicit", "siemens/anatomical/001", "siemens/anatomical/001_implicit",
    "siemens_multiframe/anatomical/001", "../philips_classic_t1_adni_mprage",
    "../siemens_xa30_enhanced_t1/5_anat-T1w", "../siemens_xa30_enhanced_t1/6_anat-T1w",
)  # fmt: skip
TILTED = ("failing/gantrytilting/001",)
REFUSED = {  # our sentence; dcm2niix converts each of them
    "failing/notavolume/001": "duplicates",  # to 4D: four pictures of one place
    "failing/sliceincrement/001": "missing_slices",  # and makes up the missing slice by interpolation
    "failing/sliceincrement/002": "missing_slices",  # the same
    "ge/anatomical/001_single_slice": "few_slices",  # to one slice
    "generic/rgb/001": "dicom_pixels",  # to colour; as a scan it is refused for that
    **{  # without a place for any frame it takes the slices to lie along the patient's axes
        f"../pydicom_enhanced_mr_small/emri_small{name}.dcm": "no_geometry"
        for name in ("", "_RLE", "_big_endian", "_jpeg_2k_lossless", "_jpeg_2k_lossless_too_short", "_jpeg_ls_lossless")
    },
}


@pytest.fixture
def folder(data_folder: Path) -> Path:
    return data_folder / "dicom" / "dicom2nifti_tests"


@pytest.mark.parametrize("name", EQUAL)
def test_place_and_voxels_are_those_of_dcm2niix(folder, name):
    path = (folder / name).resolve()
    theirs, _ = convert(path)
    ours = read_all(path)
    assert len(ours) == len(theirs), "split otherwise"
    matched = set()
    for read in ours:
        assert read.volume is not None, read.refusal
        found = nearest(read.volume, theirs)
        assert found is not None, "another shape"
        matched.add(found[0])
        assert found[1].entry < 1e-3 and found[1].affine_mm < 2e-3
        assert found[1].voxels < 1e-6  # both rescale in float32, in another order
    assert len(matched) == len(theirs)


@pytest.mark.parametrize("name", TILTED)
def test_a_tilted_gantry_is_straightened_as_dcm2niix_does(folder, name):
    """Same grid and place; its voxels are rounded to whole numbers, and the rows at the rim are blended otherwise."""
    theirs, _ = convert(folder / name)
    (ours,) = read_all(folder / name)
    assert ours.volume is not None
    (straight,) = [one for label, one in theirs.items() if "Tilt" in label]
    assert ours.volume.voxels.shape == straight.voxels.shape
    np.testing.assert_allclose(ours.volume.affine, straight.affine, atol=1e-3)
    off = np.abs(ours.volume.voxels - straight.voxels) > 0.5
    assert off.sum(axis=(0, 2)).astype(bool).sum() <= ours.volume.voxels.shape[2] - 1  # one row a shifted slice


@pytest.mark.parametrize("name", REFUSED)
def test_what_dcm2niix_converts_and_we_refuse(folder, name):
    path = (folder / name).resolve()
    theirs, _ = convert(path)
    assert theirs and [read.refusal for read in read_all(path)] == [REFUSED[name]]


def test_no_series_is_forgotten(folder):
    there = {path.parent.relative_to(folder).as_posix() for path in folder.rglob("*.dcm")}
    named = {*EQUAL, *TILTED, *REFUSED}
    assert there == {name for name in named if not name.startswith("..")}
    others = {path.parent.resolve() for path in folder.parent.rglob("*.dcm")} - {(folder / n).resolve() for n in there}
    small = (folder.parent / "pydicom_enhanced_mr_small").resolve()
    files = {path.resolve() for path in small.glob("*.dcm")}
    assert (others - {small}) | files == {(folder / name).resolve() for name in named if name.startswith("..")}
