"""A DICOMDIR lists what it names and what is there; it is never followed out of its folder."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.fileset import FileSet
from synthetic_scans import assert_in_place, make_series, refusal

from vb_desktop.pipeline.scan_import.dicom_folder import find_series
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.scan_import.series_list import list_series


@pytest.fixture(scope="module")
def pressed(tmp_path_factory):
    """A folder as a CD has it: a DICOMDIR and the files of two series beside it."""
    root = tmp_path_factory.mktemp("cd")
    files = FileSet()
    required = {"StudyID": "1", "StudyTime": "100000", "AccessionNumber": "1", "StudyDescription": "head"}
    for n, description in enumerate(("t2 flair", "t1 mprage km"), start=1):
        named = {"SeriesNumber": n, "SeriesDescription": description, "StudyInstanceUID": "1.2"}
        for path in make_series(root / str(n), **named, **required).iterdir():
            files.add(dcmread(path))
    files.write(root / "cd")
    return root / "cd"


@pytest.fixture
def cd(pressed, tmp_path):
    return Path(shutil.copytree(pressed, tmp_path / "cd"))


def change(dicomdir, edit):
    dataset = dcmread(dicomdir)
    images = [record for record in dataset.DirectoryRecordSequence if "ReferencedFileID" in record]
    edit(images)
    dataset.save_as(dicomdir)


def test_it_lists_and_opens_what_it_names(cd):
    shutil.copyfile(next(path for path in cd.rglob("*") if path.is_file() and path.name != "DICOMDIR"), cd / "more")
    found = list_series(cd / "DICOMDIR")
    assert [(one.number, one.images) for one in found.volumes] == [("1", 18), ("2", 18)]
    assert found.files == 36 and found.remarks == ()
    scan = open_scan(cd / "DICOMDIR")
    assert scan.source_dicom["series"]["SeriesNumber"] == "2"
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_the_folder_of_a_dicomdir_just_works(cd):
    scan = open_scan(cd)
    assert scan.source_dicom["series"]["SeriesNumber"] == "2"
    assert find_series(cd).missing == 0


@pytest.mark.parametrize("whole", [True, False], ids=["folder", "DICOMDIR"])
def test_missing_files_are_told(cd, whole):
    paths = sorted(path for path in cd.rglob("*") if path.is_file() and path.name != "DICOMDIR")
    for path in paths:
        if dcmread(path).SeriesNumber == 1:
            path.unlink()
    path = cd if whole else cd / "DICOMDIR"
    found = list_series(path)
    assert [(remark.id, remark.params) for remark in found.remarks] == [("scan_import.files_missing", {"count": 18})]
    assert "scan_import.files_missing" in [remark.id for remark in open_scan(path).remarks]


def test_all_missing(cd, tmp_path):
    (tmp_path / "alone").mkdir()
    shutil.copyfile(cd / "DICOMDIR", tmp_path / "alone/DICOMDIR")
    assert refusal(tmp_path / "alone/DICOMDIR") == "dicomdir_without_files"


def test_names_in_another_case_and_with_versions(cd):
    for path in sorted(cd.rglob("*"), key=lambda path: -len(path.parts)):
        if path.name != "DICOMDIR":
            path.rename(path.with_name(path.name.lower() + (";1" if path.is_file() else "")))
    assert [one.images for one in list_series(cd / "DICOMDIR").volumes] == [18, 18]


@pytest.mark.parametrize(
    "name", [["..", "outside"], ["/", "etc", "hostname"], "../outside", ["PT000000", "..", ".."], "."]
)
def test_it_is_not_followed_outside(cd, name):
    source = next(path for path in cd.rglob("*") if path.is_file() and path.name != "DICOMDIR")
    shutil.copyfile(source, cd.parent / "outside")

    def edit(images):
        images[0].ReferencedFileID = name

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # values that are wrong on purpose
        change(cd / "DICOMDIR", edit)
    found = find_series(cd / "DICOMDIR")
    assert (found.files, found.missing) == (35, 1)


def test_a_link_that_leads_outside_is_not_followed(cd):
    path = next(path for path in sorted(cd.rglob("*")) if path.is_file() and path.name != "DICOMDIR")
    path.rename(cd.parent / "outside")
    try:
        path.symlink_to(cd.parent / "outside")
    except OSError:
        pytest.skip("no links here")
    found = find_series(cd / "DICOMDIR")
    assert (found.files, found.missing) == (35, 1)


def test_records_that_are_out_of_use_are_left_out(cd):
    def edit(images):
        for image in images[:18]:
            image.RecordInUseFlag = 0

    change(cd / "DICOMDIR", edit)
    assert [one.images for one in list_series(cd / "DICOMDIR").volumes] == [18]


@pytest.mark.parametrize("keep", [400, 2000])
def test_a_cut_dicomdir_ends_in_a_sentence(cd, keep):
    path = cd / "DICOMDIR"
    path.write_bytes(path.read_bytes()[:keep])
    assert refusal(path) == "dicomdir_damaged"
    assert open_scan(cd).volume.voxels.shape == (24, 20, 18), "the folder doesn't need it"
