"""A zip is read in place like a folder; archives that can't be trusted are refused with one sentence."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from pydicom import dcmread
from synthetic_scans import assert_in_place, make_nifti, refusal

from vb_desktop.pipeline.scan_import import limits, zip_archive
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.scan_import.series_list import list_series
from vb_desktop.pipeline.scan_import.thumbnails import thumbnails


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """The folder for temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def pack(folder: Path, to: Path, method: int = zipfile.ZIP_DEFLATED, **others: bytes) -> Path:
    with zipfile.ZipFile(to, "w", method) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder.parent))
        for name, content in others.items():
            archive.writestr(name, content)
    return to


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_it_lists_and_opens_like_the_folder(write_series, tmp_path, temporary, method):
    write_series("study/Doe Jane/1", SeriesNumber=1, SeriesDescription="t2 flair", StudyInstanceUID="1.2.3")
    write_series("study/Doe Jane/2", SeriesNumber=2, SeriesDescription="t1 mprage km", StudyInstanceUID="1.2.3")
    path = pack(
        tmp_path / "study", tmp_path / "study.zip", method, notes=b"Seen.", **{"__MACOSX/._IM0001": b"\0" * 600}
    )
    here, there = list_series(path), list_series(tmp_path / "study")
    assert [one.id for one in here.volumes] == [one.id for one in there.volumes]
    assert here.proposed_id == there.proposed_id == here.volumes[1].id
    for packed, plain in zip(thumbnails(here), thumbnails(there), strict=True):
        assert packed.pixels is not None and (packed.pixels == plain.pixels).all()
    scan = open_scan(path)
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    assert scan.source_dicom["series"]["SeriesNumber"] == "2"
    assert not any(temporary.iterdir()), "what was unpacked goes away"


def test_only_the_chosen_series_is_unpacked_and_under_numbers(write_series, tmp_path, temporary, monkeypatch):
    write_series("study/Doe Jane", slices=5)
    folder = write_series("study/Doe Jane/t1")
    path = pack(tmp_path / "study", tmp_path / "study.zip")
    seen = []
    unpack = zip_archive.ZipArchive.unpack

    def watched(self, n, to):
        unpack(self, n, to)
        seen.append((to.name, (to.parent.stat().st_mode & 0o077) if os.name == "posix" else 0))

    monkeypatch.setattr(zip_archive.ZipArchive, "unpack", watched)
    open_scan(path, dcmread(next(folder.iterdir())).SeriesInstanceUID)
    assert seen == [(f"{n:06d}.dcm", 0) for n in range(6, 24)]


def test_what_a_killed_process_left_is_swept_away(write_series, tmp_path, temporary):
    child = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = temporary / f"vb-desktop-unpacked-{int(child.stdout)}-abc"
    kept = temporary / f"vb-desktop-unpacked-{os.getpid()}-abc"
    for folder in (left, kept):
        folder.mkdir()
        (folder / "000001.dcm").touch()
    open_scan(pack(write_series(), tmp_path / "series.zip"))
    assert not left.exists() and kept.exists()


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_what_is_no_archive_of_dicom(tmp_path, write_series):
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    assert refusal(tmp_path / "empty.zip") == "zip_without_dicom"
    inner = pack(write_series(), tmp_path / "inner.zip")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(inner, "inner.zip")
    assert refusal(tmp_path / "outer.zip") == "zip_nested"
    with zipfile.ZipFile(tmp_path / "nifti.zip", "w") as archive:
        archive.write(make_nifti(tmp_path / "t1.nii"), "t1.nii")
    assert refusal(tmp_path / "nifti.zip") == "zip_without_dicom"


@pytest.mark.parametrize("keep", [4, 200, -10, -30])
def test_a_cut_archive(write_series, tmp_path, keep):
    path = pack(write_series(), tmp_path / "series.zip")
    assert refusal(write(path, path.read_bytes()[:keep])) == "zip_damaged"


def test_a_damaged_member_is_named_by_its_number(write_series, tmp_path):
    path = pack(write_series(), tmp_path / "series.zip", zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(path) as archive:
        member = archive.infolist()[4]
    content = bytearray(path.read_bytes())
    at = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
    content[at : at + 20] = bytes(20)
    assert refusal(write(path, bytes(content))) in ("dicom_damaged", "dicom_pixels")


def test_an_encrypted_archive(write_series, tmp_path):
    path = pack(write_series(), tmp_path / "series.zip", zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refusal(write(path, bytes(content))) == "zip_encrypted"


def test_an_unknown_method(write_series, tmp_path):
    path = pack(write_series(), tmp_path / "series.zip", zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 10 : at + 12] = struct.pack("<H", 9)  # Deflate64
    assert refusal(write(path, bytes(content))) == "zip_method"


@pytest.mark.parametrize("name", ["../../outside", "/etc/outside", "a/../../outside", "C:\\outside", "..\\outside"])
def test_names_that_lead_outside(write_series, tmp_path, name):
    path = pack(write_series(), tmp_path / "series.zip", **{name: b"no"})
    assert refusal(path) == "zip_outside"
    assert not (tmp_path.parent / "outside").exists()


def test_bombs(write_series, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "ZIP_FREELY_BYTES", 1 << 20)
    folder = write_series()
    bomb = pack(folder, tmp_path / "bomb.zip", zeros=bytes(4 << 20))
    assert refusal(bomb) == "zip_bomb"
    lying = pack(folder, tmp_path / "lying.zip", zeros=bytes(4 << 20))
    content = bytearray(lying.read_bytes())
    with zipfile.ZipFile(lying) as archive:
        member = archive.getinfo("zeros")
    at = content.rindex(b"zeros") - 46
    content[at + 20 : at + 24] = struct.pack("<I", member.file_size)  # as if it were hardly packed at all
    assert refusal(write(lying, bytes(content))) == "zip_bomb"


def test_more_files_than_a_study_has(write_series, tmp_path, monkeypatch):
    path = pack(write_series(), tmp_path / "series.zip")
    monkeypatch.setattr(limits, "FOLDER_FILES", 10)
    assert refusal(path) == "too_many_files"
    monkeypatch.setattr(limits, "ZIP_DIRECTORY_BYTES", 100)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("its list of files was read"))
    assert refusal(path) == "too_many_files"


def test_a_member_without_a_name_is_passed_over(write_series, tmp_path):
    path = pack(write_series(), tmp_path / "series.zip", **{"nameless": b"left over"})
    write(path, path.read_bytes().replace(b"nameless", b"\0ameless"))
    assert open_scan(path).volume.voxels.shape == (24, 20, 18)
