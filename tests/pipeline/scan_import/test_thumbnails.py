"""Thumbnails: the middle slice as a radiologist expects it, or why there is none."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless
from synthetic_scans import make_nifti

from vb_desktop.pipeline.scan_import.plane import turn_for_screen
from vb_desktop.pipeline.scan_import.series_list import list_series
from vb_desktop.pipeline.scan_import.thumbnails import thumbnail_of, thumbnails

LARGER = {"rows": 40, "columns": 48, "spacing": (2.5, 2.75, 6.0)}


def only(path):
    (one,) = thumbnails(list_series(path))
    return one


def grows(pixels):
    """Whether it gets brighter to the right, and to the bottom."""
    grey = pixels.astype(float)
    return bool(grey[:, -1].mean() > grey[:, 0].mean()), bool(grey[-1].mean() > grey[0].mean())


@pytest.mark.parametrize(
    ("plane", "brighter"),  # the synthetic head gets brighter to the patient's right, to the front and to the top
    [
        ("axial", (False, False)),
        ("feet first", (False, False)),
        ("coronal", (False, False)),
        ("sagittal", (False, False)),
    ],
)
@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
def test_radiological_convention(write_series, plane, enhanced, brighter):
    """Right, front and top lie on the left or on top, so it gets darker to the right and to the bottom."""
    assert grows(only(write_series(plane=plane, enhanced=enhanced)).pixels) == brighter


@pytest.mark.parametrize("flips", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
@pytest.mark.parametrize("transposed", [False, True])
def test_any_way_of_writing_a_slice_looks_the_same(flips, transposed):
    right = np.arange(12.0).reshape(3, 4)
    row, column = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    pixels, spacing = right[:: flips[1], :: flips[0]], (2.0, 1.0)
    row, column = row * flips[0], column * flips[1]
    if transposed:
        pixels, spacing, row, column = pixels.T, spacing[::-1], column, row
    shown, shown_spacing = turn_for_screen(pixels, spacing, (*row, *column))
    np.testing.assert_array_equal(shown, right)
    assert shown_spacing == (2.0, 1.0)


@pytest.mark.parametrize("compress", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_compressed_ones_look_like_the_others(write_series, compress):
    plain = only(write_series(**LARGER)).pixels
    np.testing.assert_array_equal(only(write_series("b", compress=compress, **LARGER)).pixels, plain)


def test_one_that_can_not_be_decoded_takes_no_other_along(write_series, tmp_path):
    for n in range(4):
        write_series(f"s/{n}", compress=JPEGLSLossless, SeriesNumber=n, **LARGER)
    for path in (tmp_path / "s/1").iterdir():
        dataset = dcmread(path)
        dataset.PixelData = dataset.PixelData[:40] + bytes(len(dataset.PixelData) - 40)
        dataset.save_as(path)
    for path in (tmp_path / "s/2").iterdir():
        dataset = dcmread(path)
        del dataset.PixelData
        dataset.save_as(path)
    found = list(thumbnails(list_series(tmp_path / "s")))
    assert [one.pixels is None for one in found] == [False, True, True, False]
    assert {one.why_none.id for one in found[1:3]} == {"scan_import.no_thumbnail"}


def test_files_without_images_say_so(write_series):
    def change(dataset, _):
        for keyword in ("Rows", "Columns", "PixelData", "BitsAllocated"):
            del dataset[keyword]

    report = "1.2.840.10008.5.1.4.1.1.88.11"
    one = only(write_series(change=change, SOPClassUID=report, Modality="SR"))
    assert one.pixels is None and one.why_none.id == "scan_import.not_images"


def test_shape_and_window():
    pixels = np.zeros((50, 200))
    pixels[:, 100:] = 1000
    pixels[0, 0] = 1e6  # one hot pixel shall not darken the rest
    small = thumbnail_of(pixels, (4.0, 2.0))
    assert small.shape == (64, 128) and small.dtype == np.uint8
    assert small[40, 10] == 0 and small[40, 120] == 255
    assert thumbnail_of(np.full((9, 9), 7), (1, 1)).max() == 0
    assert thumbnail_of(np.full((9, 9), np.nan), (1, 1)).shape == (128, 128)
    assert thumbnail_of(np.arange(2).reshape(1, 2), (0.1, 100.0)).shape == (1, 128)


def test_inverted_grey_values_are_turned_round(write_series):
    plain = only(write_series()).pixels.astype(int)
    inverted = only(write_series("b", PhotometricInterpretation="MONOCHROME1")).pixels.astype(int)
    assert np.abs(plain + inverted - 255).max() <= 1


def test_a_volume_file(tmp_path):
    listing = list_series(make_nifti(tmp_path / "t1.nii.gz"))
    (one,) = listing.volumes
    assert (one.kind, one.geometry.slices, one.geometry.spacing_mm) == ("volume file", 20, (5.0, 5.5, 6.0))
    assert listing.proposal.id == "scan_import.proposed_file"
    (picture,) = thumbnails(listing)
    assert picture.pixels.shape == (128, 127) and grows(picture.pixels) == (False, False)


def test_the_list_crosses_to_another_process(write_series):
    listing = pickle.loads(pickle.dumps(list_series(write_series())))
    assert next(thumbnails(listing)).pixels is not None


@pytest.mark.data
@pytest.mark.parametrize("name", ["siemens_xa30_enhanced_t1", "philips_classic_t1_adni_mprage"])
def test_a_real_head_faces_left(data_folder, name):
    for one in thumbnails(list_series(data_folder / "dicom" / name)):
        head = one.pixels > 30
        forehead, nose = (np.nonzero(head[rows])[1].min() for rows in (slice(45, 58), slice(65, 85)))
        neck, back = (np.nonzero(head[row])[0].max() for row in (105, 50))
        assert one.pixels.shape == (128, 128) and np.nonzero(head)[0].min() < 10
        assert nose < forehead and neck < back - 8
