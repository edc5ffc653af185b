"""The list of a folder's series, the proposal, and that `open_scan` takes only a clear best, with a remark."""

from __future__ import annotations

import pytest
from pydicom import dcmread
from synthetic_scans import assert_in_place, refusal

from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.scan_import.series_list import list_series

STUDY = "1.2.3.4"


def write_study(write_series, *, of: str = STUDY) -> None:
    """A localiser, a T1 before contrast agent, FLAIR, and the T1-CE; the scanner names the agent in all of them."""
    plain = {"StudyInstanceUID": of}
    write_series("study/1", SeriesNumber=1, SeriesDescription="localizer", slices=9, **plain)
    write_series("study/2", SeriesNumber=2, SeriesDescription="t1 mprage nativ", **plain)
    write_series("study/3", SeriesNumber=3, SeriesDescription="t2 FLAIR", **plain)
    write_series("study/4", SeriesNumber=4, SeriesDescription="t1 mprage KM", plane="sagittal", **plain)


def test_the_clear_best_is_proposed(write_series, tmp_path):
    write_study(write_series)
    found = list_series(tmp_path / "study")
    assert [one.number for one in found.volumes] == ["1", "2", "3", "4"]
    assert [one.kind for one in found.volumes] == ["localiser", "T1", "FLAIR", "T1"]
    assert found.proposed_id == found.volumes[3].id and found.proposal.id == "scan_import.proposed"
    assert found.volumes[0].why_unusable.id == "scan_import.few_slices"
    last = found.volumes[3].geometry
    assert (last.columns, last.rows, last.slices, last.spacing_mm) == (24, 20, 18, (5.0, 5.5, 6.0))
    assert last.orientation == "sagittal" and last.problem is None


def test_the_clear_best_is_opened_and_told(write_series, tmp_path):
    write_study(write_series)
    scan = open_scan(tmp_path / "study")
    assert scan.source_dicom["series"]["SeriesNumber"] == "4"
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    (remark,) = [remark for remark in scan.remarks if remark.id == "scan_import.series_proposed_taken"]
    assert remark.params == {"count": 4, "number": "4", "images": 18, "likelihood": "0.75", "next": "0.00"}


def test_two_alike_are_the_users_choice(write_series, tmp_path):
    write_study(write_series)
    write_series("study/5", SeriesNumber=5, SeriesDescription="t1 tse KM", StudyInstanceUID=STUDY)
    found = list_series(tmp_path / "study")
    assert found.proposed_id is None and found.proposal.id == "scan_import.proposed_unclear"
    assert refusal(tmp_path / "study") == "several_series"


@pytest.mark.parametrize("other", [{"StudyInstanceUID": "1.2.9"}, {"PatientID": "ID-2"}])
def test_it_never_chooses_between_patients_or_studies(other, write_series, tmp_path):
    write_study(write_series)
    write_series("study/5", **({"SeriesNumber": 5, "SeriesDescription": "t1", "StudyInstanceUID": STUDY} | other))
    found = list_series(tmp_path / "study")
    assert found.proposed_id is None and found.proposal.id == "scan_import.proposed_studies"
    assert refusal(tmp_path / "study") == "several_series"


def test_a_best_whose_slices_do_not_stack_is_not_taken(write_series, tmp_path):
    write_study(write_series)
    by_place = sorted((tmp_path / "study/4").iterdir(), key=lambda path: dcmread(path).ImagePositionPatient[0])
    by_place[7].unlink()
    found = list_series(tmp_path / "study")
    assert found.proposed_id is None and found.proposal.id == "scan_import.proposed_irregular"
    last = found.volumes[3].geometry
    assert last.problem.id == "scan_import.missing_slices" and last.spacing_mm == (5.0, 5.5, None)
    assert refusal(tmp_path / "study") == "several_series"


def test_the_only_one_without_signs_of_contrast_is_said_so(write_series, tmp_path):
    write_series(SeriesDescription="t1 mprage", ContrastBolusAgent="")
    found = list_series(tmp_path / "series")
    assert found.proposed_id is None and found.proposal.id == "scan_import.proposed_only"


def test_none_usable(write_series, tmp_path):
    write_series(Modality="CT")
    found = list_series(tmp_path / "series")
    assert found.proposal.id == "scan_import.proposed_none_usable" and found.volumes[0].kind == "CT"


@pytest.mark.parametrize("plane", ["axial", "coronal", "oblique"])
def test_orientation_of_one_file(plane, write_series):
    folder = write_series(plane=plane, enhanced=True)
    (one,) = list_series(next(folder.iterdir())).volumes
    assert one.geometry.orientation == {"oblique": "oblique axial"}.get(plane, plane) and one.images == 18


def cut(path, keep=700):
    path.write_bytes(path.read_bytes()[:keep])


def test_a_damaged_file_does_not_end_the_list(write_series, tmp_path):
    write_study(write_series)
    cut(sorted((tmp_path / "study/3").iterdir())[2], 200)
    found = list_series(tmp_path / "study")
    (remark,) = found.remarks
    assert remark.id == "scan_import.files_damaged" and remark.params == {"count": 1, "files": 63, "first": 30}
    assert [one.images for one in found.volumes] == [9, 18, 17, 18]
    assert refusal(tmp_path / "study") == "dicom_damaged", "it may belong to the one that would be taken"
    scan = open_scan(tmp_path / "study", found.volumes[3].id)
    assert "scan_import.files_damaged" in [remark.id for remark in scan.remarks]


def test_a_series_with_a_damaged_file_of_its_own_is_not_opened(write_series, tmp_path):
    write_study(write_series)
    path = sorted((tmp_path / "study/4").iterdir())[0]  # an end slice: its lack would not show in the geometry
    content = path.read_bytes()
    at = content.index(b"\x28\x00\x10\x00US")  # behind the Series Instance UID
    cut(path, at + 9)
    found = list_series(tmp_path / "study")
    assert found.volumes[3].why_unusable.id == "scan_import.dicom_damaged"
    assert refusal(tmp_path / "study", found.volumes[3].id) == "dicom_damaged"
    assert open_scan(tmp_path / "study", found.volumes[1].id).volume.voxels.shape == (24, 20, 18)


def test_every_second_slice_missing_is_remarked(write_series, tmp_path):
    folder = write_series(slices=40, spacing=(5.0, 5.5, 3.0), SpacingBetweenSlices=3.0, ImagesInAcquisition=40)
    for n, path in enumerate(sorted(folder.iterdir(), key=lambda path: dcmread(path).ImagePositionPatient[2])):
        if n % 2:
            path.unlink()
    (one,) = list_series(folder).volumes
    assert one.geometry.problem is None and one.geometry.spacing_mm[2] == 6
    assert [remark.id for remark in one.remarks] == [
        "scan_import.slices_left_out",
        "scan_import.fewer_than_announced",
    ]
    assert one.remarks[1].params == {"announced": 40, "images": 20}


def test_patients_and_studies_are_numbered(write_series, tmp_path):
    write_study(write_series)
    write_series("study/5", SeriesNumber=5, StudyInstanceUID="1.2.9")
    found = list_series(tmp_path / "study")
    assert [one.study for one in found.volumes] == [1, 1, 1, 1, 2]


def test_a_series_without_uid_can_be_named(write_series, tmp_path):
    write_series("study/1", SeriesInstanceUID="")
    write_series("study/2", SeriesNumber=4)
    found = list_series(tmp_path / "study")
    assert found.volumes[0].id == "without-uid"
    assert open_scan(tmp_path / "study", "without-uid").source_dicom["series"]["SeriesNumber"] == "3"


def test_no_description_is_in_what_is_stored(write_series, tmp_path):
    write_series("study/1", SeriesDescription="Doe Jane t1", slices=40, TemporalPositionIdentifier=1)
    write_series("study/2", SeriesDescription="Doe Jane t2", slices=5)
    found = list_series(tmp_path / "study")
    said = repr([found.proposal, found.remarks, *((one.remarks, one.technique, one.t1ce) for one in found.volumes)])
    assert "Doe" not in said and "ID-1" not in said


@pytest.mark.data
def test_real_series(data_folder):
    enhanced = list_series(data_folder / "dicom/siemens_xa30_enhanced_t1")
    assert [(one.kind, one.t1ce.value) for one in enhanced.volumes] == [("3D T1", 0.35)] * 2
    assert enhanced.proposed_id is None
    (philips,) = list_series(data_folder / "dicom/philips_classic_t1_adni_mprage").volumes
    assert (philips.kind, philips.geometry.slices, philips.geometry.orientation) == ("3D T1", 170, "sagittal")
