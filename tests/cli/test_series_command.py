"""`vb-desktop series`: what it prints, its JSON, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from vb_desktop.cli.app import run_app


def write(folder: Path, number: int, description: str, slices: int = 20) -> str:
    """Headers of an axial series, of one study."""
    folder.mkdir(exist_ok=True)
    uid = generate_uid()
    for k in range(slices):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = "1.2.840.10008.5.1.4.1.1.4", ExplicitVRLittleEndian
        meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset = Dataset()
        dataset.file_meta = meta
        dataset.SOPClassUID, dataset.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        dataset.Modality, dataset.SeriesInstanceUID, dataset.StudyInstanceUID = "MR", uid, "1.2.3"
        dataset.SeriesNumber, dataset.SeriesDescription = number, description
        dataset.ContrastBolusAgent, dataset.MRAcquisitionType = "Gadobutrol", "3D"
        dataset.Rows, dataset.Columns, dataset.BitsAllocated = 20, 24, 16
        dataset.ImagePositionPatient, dataset.ImageOrientationPatient = [0, 0, 6.0 * k], [1, 0, 0, 0, 1, 0]
        dataset.PixelSpacing = [5.5, 5.0]
        dataset.save_as(folder / f"{number}-{k:03d}", enforce_file_format=True)
    return str(uid)


def test_the_list_names_the_best_with_its_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "study", 2, "t2 flair")
    uid = write(tmp_path / "study", 7, "t1 mprage km")
    assert run_app(["series", str(tmp_path / "study")]) == 0
    out = capsys.readouterr().out
    assert "7  3D T1, MR: t1 mprage km" in out and "24 x 20 x 20 voxels of 5 x 5.5 x 6 mm, axial" in out
    assert "+0.30  The description says that contrast agent was given (km)." in out
    assert "Proposed as the contrast-enhanced T1: series 7" in out and out.rstrip().endswith(uid)


def test_json_is_a_list_of_objects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "study", 1, "localizer", slices=3)
    uid = write(tmp_path / "study", 7, "t1 mprage km")
    assert run_app(["series", str(tmp_path / "study"), "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["kind"], first["proposed"], first["matrix"]) == ("localiser", False, [24, 20, 3])
    assert "only 3 slice(s)" in first["why_unusable"]
    assert (second["uid"], second["proposed"], second["why_unusable"]) == (uid, True, None)
    assert second["t1ce_likelihood"] == round(sum(reason["weight"] for reason in second["reasons"]), 2) == 0.75


def test_no_clear_best_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "study", 3, "t1 km ax")
    write(tmp_path / "study", 4, "t1 km sag")
    assert run_app(["series", str(tmp_path / "study")]) == 0
    assert "No series is clearly the contrast-enhanced T1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "no file or folder"), (b"PK\x03\x04" + bytes(600), "ZIP"), (b"\x5c\x01\0\0" + bytes(600), "NIfTI")],
)
def test_what_holds_no_series_is_one_sentence(
    content: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scan"
    if content:
        path.write_bytes(content)
    assert run_app(["series", str(path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert said in lines[0] and len(lines) == 2
