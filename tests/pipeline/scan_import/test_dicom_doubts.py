"""What the reader must know of a series: slices left out, gaps, repeats, loss; and names whose letters may be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian, generate_uid
from synthetic_scans import assert_in_place, refusal
from test_dicom_identity import placeholder, with_name

from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.scan_import.open_scan import open_scan


def told(scan: Scan) -> dict[str, dict[str, object]]:
    return {remark.id.removeprefix("scan_import."): remark.params for remark in scan.remarks}


@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
def test_every_second_slice_missing_is_told(write_series, enhanced):
    folder = write_series(enhanced=enhanced, slices=20, spacing=(5, 5.5, 5), SpacingBetweenSlices=2.5)
    assert told(open_scan(folder))["slices_left_out"] == {"mm": "5.00", "said": "2.50", "nth": 2}
    folder = write_series("3d", slices=20, spacing=(5, 5.5, 5), SliceThickness=2.5, MRAcquisitionType="3D")
    assert "slices_left_out" in told(open_scan(folder)) or enhanced


def test_a_gap_between_2d_slices_is_told(write_series):
    scan = open_scan(write_series(slices=18, spacing=(5, 5.5, 9), SliceThickness=4.5, MRAcquisitionType="2D"))
    assert told(scan)["gap"] == {"mm": "9.00", "thickness": "4.50"}


@pytest.mark.parametrize(
    "elements",
    [
        {"SpacingBetweenSlices": 6},
        {"SpacingBetweenSlices": -6},
        {"SpacingBetweenSlices": 1, "SliceThickness": 5},  # the gap, as some write it
        {"SliceThickness": 5},  # 2D with a gap of a fifth
        {"SliceThickness": 12, "MRAcquisitionType": "3D"},  # interpolated to half
        {"SliceThickness": 12, "SpacingBetweenSlices": 6, "MRAcquisitionType": "3D"},
        {"SliceThickness": ""},
    ],
)
def test_usual_distances_need_no_remark(write_series, elements):
    found = told(open_scan(write_series(**elements)))
    assert not found.keys() & {"slices_left_out", "gap", "distance_disagrees"}


def test_another_distance_than_the_positions_give_is_told(write_series):
    assert told(open_scan(write_series(SpacingBetweenSlices=4)))["distance_disagrees"] == {"mm": "6.00", "said": "4.00"}


def repeated(folder: Path, n: int, changed: bool = False) -> Path:
    for path in sorted(folder.iterdir())[:n]:
        dataset = dcmread(path)
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        if changed:
            dataset.PixelData = dataset.PixelData[2:] + bytes(2)
        dataset.save_as(folder / f"{path.name}b")
    return folder


def test_a_slice_that_is_there_twice_is_taken_once(write_series):
    scan = open_scan(repeated(write_series(), 2))
    assert scan.volume.voxels.shape[2] == 18 and told(scan)["repeats_left_out"] == {"count": 2}
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_two_different_pictures_of_one_slice_are_refused(write_series):
    assert refusal(repeated(write_series(), 2, changed=True)) == "duplicates"


def test_loss_is_told(write_series):
    assert "lossy" in told(open_scan(write_series(LossyImageCompression="01")))
    assert "lossy" not in told(open_scan(write_series("b", LossyImageCompression="00")))


@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
def test_deflated_series(write_series, enhanced):
    folder = write_series(enhanced=enhanced, PatientName="Lovelace^Ada")
    for path in folder.iterdir():
        dataset = dcmread(path)
        dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
        dataset.save_as(path)
    scan = open_scan(folder)
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    assert scan.identity.name == "Lovelace^Ada"


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("ISO_IR 100", "王^小东".encode("gbk")),
        ("ISO_IR 100", "山田^太郎".encode("shift_jis")),
        ("ISO_IR 100", "홍^길동".encode("euc-kr")),
        ("ISO_IR 100", "Люксембург^Роза".encode("cp1251")),
        ("ISO_IR 100", "Müller^Jörg".encode()),
        ("ISO_IR 101", "王^小东".encode()),
    ],
)
def test_a_wrong_declaration_is_told(write_series, declared, written):
    folder = write_series(SpecificCharacterSet=declared, PatientName=placeholder(written))
    assert "name_undecoded" in told(open_scan(with_name(folder, written)))


@pytest.mark.parametrize("name", ["Müller^Jörg", "Ångström^Åse", "Núñez^Íñigo", "Øye^Ærø", "François^Zoë"])
def test_latin_names_are_not_suspected(write_series, name):
    written = name.encode("latin-1")
    folder = write_series(SpecificCharacterSet="ISO_IR 100", PatientName=placeholder(written))
    scan = open_scan(with_name(folder, written))
    assert scan.identity.name == name and "name_undecoded" not in told(scan)
