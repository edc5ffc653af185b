"""Several series in one folder: the one that is plainly meant, or a list to choose from."""

from __future__ import annotations

import pytest
from pydicom import dcmread
from synthetic_scans import assert_in_place, refusal

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import.dicom_folder import read_series
from vb_desktop.pipeline.scan_import.open_scan import open_scan


def uid_of(folder):
    return dcmread(next(path for path in folder.rglob("*") if path.is_file())).SeriesInstanceUID


def test_the_list_names_number_description_count_and_uid(write_series, tmp_path):
    one = write_series("study/a", SeriesNumber=4, SeriesDescription="T1 MPRAGE Gd")
    write_series("study/b", SeriesNumber=2, SeriesDescription="FLAIR", slices=20, enhanced=True)
    with pytest.raises(UnreadableScan) as caught:
        open_scan(tmp_path / "study")
    sentence = caught.value.sentence()
    assert caught.value.message.id == "scan_import.several_series"
    assert f"4 (T1 MPRAGE Gd, 18 images, UID {uid_of(one)})" in sentence
    assert sentence.index("FLAIR, 20 images") < sentence.index("T1 MPRAGE Gd"), "in the order of their numbers"
    assert "--series" in caught.value.advice()


def test_a_long_list_is_cut(write_series, tmp_path):
    for n in range(15):
        write_series(f"study/{n}", SeriesNumber=n, SeriesDescription="x" * 64, enhanced=True)
    with pytest.raises(UnreadableScan) as caught:
        open_scan(tmp_path / "study")
    assert "and 3 more" in caught.value.sentence() and "x" * 41 not in caught.value.sentence()


def test_a_named_series_is_taken(write_series, tmp_path):
    one = write_series("study/a", plane="sagittal", SeriesNumber=4)
    write_series("study/b", SeriesNumber=2)
    scan = open_scan(tmp_path / "study", uid_of(one))
    assert scan.source_dicom["series"]["SeriesNumber"] == "4"
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    assert "scan_import.series_taken" not in [remark.id for remark in scan.remarks]


def test_a_name_that_is_not_there_is_answered_with_the_list(write_series):
    folder = write_series()
    with pytest.raises(UnreadableScan, match=uid_of(folder)) as caught:
        open_scan(folder, "1.2.3")
    assert caught.value.message.id == "scan_import.unknown_series"


def test_the_only_usable_series_is_taken_and_told(write_series, tmp_path):
    write_series("study/localiser", SeriesNumber=1, slices=9, SeriesDescription="Doe localiser")
    write_series("study/ct", SeriesNumber=2, Modality="CT")
    write_series("study/colour", SeriesNumber=3, PhotometricInterpretation="RGB")
    write_series("study/knee", SeriesNumber=5, BodyPartExamined="KNEE")
    write_series("study/t1", SeriesNumber=7)

    def no_image(dataset, _):
        for keyword in ("Rows", "Columns", "PixelData", "BitsAllocated"):
            del dataset[keyword]

    write_series("study/sr", Modality="SR", slices=1, change=no_image, SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11")
    scan = open_scan(tmp_path / "study")
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    (remark,) = [remark for remark in scan.remarks if remark.id == "scan_import.series_taken"]
    assert remark.params == {"count": 6, "number": "7", "images": 18}


def test_an_incomplete_series_may_be_the_one_that_was_meant(write_series, tmp_path):
    write_series("study/a", SeriesNumber=1)
    folder = write_series("study/b", SeriesNumber=2, slices=20)
    by_place = sorted(folder.iterdir(), key=lambda path: dcmread(path).ImagePositionPatient[2])
    by_place[9].unlink()
    assert refusal(tmp_path / "study") == "several_series"


def test_no_usable_series(write_series, tmp_path):
    write_series("study/a", slices=3)
    write_series("study/b", slices=5)
    assert refusal(tmp_path / "study") == "few_slices", "one reason for all is said as such"
    write_series("study/c", Modality="CT")
    assert refusal(tmp_path / "study") == "no_usable_series"


def test_a_named_series_that_is_unusable_says_why(write_series, tmp_path):
    one = write_series("study/a", slices=3)
    write_series("study/b")
    assert refusal(tmp_path / "study", uid_of(one)) == "few_slices"


def test_every_series_says_why_it_is_unusable(write_series, tmp_path):
    write_series("study/a", SeriesNumber=1, slices=3)
    write_series("study/b", SeriesNumber=2)
    few, good = read_series(tmp_path / "study")
    assert few.why_unusable is not None and few.why_unusable.id == "scan_import.few_slices"
    assert good.why_unusable is None and good.number == "2"
