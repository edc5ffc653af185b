"""`vb-desktop series`: what it prints, its JSON, and how it ends."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from vb_desktop.cli import series as command
from vb_desktop.cli.app import run_app


def write(folder: Path, number: int, description: str, slices: int = 20, *, pixels: bool = False) -> str:
    """Headers of an axial series, of one study."""
    folder.mkdir(exist_ok=True)
    uid = generate_uid()
    for k in range(slices):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = UID("1.2.840.10008.5.1.4.1.1.4"), ExplicitVRLittleEndian
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
        if pixels:
            dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation, dataset.SamplesPerPixel = 16, 15, 0, 1
            dataset.PhotometricInterpretation = "MONOCHROME2"
            dataset.PixelData = np.arange(480, dtype="<u2").tobytes()
            dataset["PixelData"].VR = "OW"
        dataset.save_as(folder / f"{number}-{k:03d}", enforce_file_format=True)
    return str(uid)


def test_the_list_names_the_best_with_its_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "study", 2, "t2 flair")
    uid = write(tmp_path / "study", 7, "t1 [b]mprage[/b] km")
    assert run_app(["series", str(tmp_path / "study")]) == 0
    out = capsys.readouterr().out
    (row,) = [line for line in out.splitlines() if line.strip().startswith("7 ")]
    assert " ".join(row.split()) == "7 3D T1 t1 [b]mprage[/b] km 24 x 20 x 20 5 x 5.5 x 6 axial 0.75 proposed"
    assert "+0.30  The description says that contrast agent was given (km)." in out
    assert "Proposed as the contrast-enhanced T1: series 7" in out and out.rstrip().endswith(f"--series {uid}")


def test_json_is_one_object_with_the_volumes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "study", 1, "localizer", slices=3)
    uid = write(tmp_path / "study", 7, "t1 mprage km")
    assert run_app(["series", str(tmp_path / "study"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["files"], document["proposed_id"]) == (1, 23, uid)
    first, second = document["volumes"]
    assert (first["kind"], first["proposed"], first["matrix"]) == ("localiser", False, [24, 20, 3])
    assert first["why_unusable"]["id"] == "scan_import.few_slices"
    assert "only 3 slice(s)" in first["why_unusable"]["sentence"]
    assert (second["id"], second["series_uid"], second["proposed"], second["why_unusable"]) == (uid, uid, True, None)
    assert second["t1ce_likelihood"] == round(sum(reason["weight"] for reason in second["reasons"]), 2) == 0.75
    assert second["spacing_mm"] == [5, 5.5, 6] and second["thumbnail"] is None


def test_every_key_of_the_json_is_documented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "study", 7, "t1 mprage km")
    assert run_app(["series", str(tmp_path / "study"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert command.__doc__ is not None
    assert [key for key in (*document, *document["volumes"][0]) if key not in command.__doc__] == []


def test_thumbnails_are_written_under_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "study", 1, "Doe Jane localizer", slices=3)
    write(tmp_path / "study", 7, "t1 mprage km", pixels=True)
    to = tmp_path / "pictures"
    assert run_app(["series", str(tmp_path / "study"), "--json", "--thumbnails", str(to)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["thumbnail"] for one in document["volumes"]] == [None, "volume_002.png"]
    assert [path.name for path in to.iterdir()] == ["volume_002.png"]
    with Image.open(to / "volume_002.png") as picture:
        assert picture.mode == "L" and max(picture.size) == 128


def test_a_zip_and_a_nifti_file_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uid = write(tmp_path / "study", 7, "t1 mprage km")
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        for path in (tmp_path / "study").iterdir():
            archive.write(path, path.name)
    assert run_app(["series", str(tmp_path / "study.zip"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["proposed_id"] == uid
    voxels = np.random.default_rng(0).normal(100, 30, (20, 24, 22)).astype(np.float32)
    nib.save(nib.Nifti1Image(voxels, np.diag([6.0, 6, 6, 1])), tmp_path / "t1.nii")
    assert run_app(["series", str(tmp_path / "t1.nii")]) == 0
    out = capsys.readouterr().out
    assert "volume file" in out and "20 x 24 x 22" in out


def test_no_clear_best_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "study", 3, "t1 km ax")
    write(tmp_path / "study", 4, "t1 km sag")
    assert run_app(["series", str(tmp_path / "study")]) == 0
    assert "No series is clearly the contrast-enhanced T1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "no file or folder"), (b"PK\x03\x04" + bytes(600), "zip"), (b"GIF89a" + bytes(600), "GIF picture")],
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
