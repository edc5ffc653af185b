"""The DICOM files under a path, by content, grouped into series. Reads headers only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filereader import read_file_meta_info
from pydicom.uid import DeflatedExplicitVRLittleEndian

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.content import is_dicom, nifti_version
from vb_desktop.pipeline.scan_import.dicom_frame import Frame, frames_of, is_image
from vb_desktop.pipeline.scan_import.dicom_values import text
from vb_desktop.pipeline.scan_import.header_tags import HEADER_TAGS
from vb_desktop.pipeline.scan_import.series import Series

_MR_IMAGES = ("1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.4.4")
_DICOMDIR = "1.2.840.10008.1.3.10"
_PROGRESS_EVERY = 25


def read_series(path: Path, on_progress: OnProgress = ignore) -> tuple[Series, ...]:
    """Every series under a path, in the order of their numbers.

    Args:
        path: a DICOM file or a folder (subfolders included; other files are skipped).
        on_progress: hears of the files read.

    Raises:
        UnreadableScan: no DICOM at all, too many files, or a damaged DICOM file.
    """
    files = [path] if path.is_file() else _files(path)
    found: dict[str, _Found] = {}
    nifti = 0
    for n, file in enumerate(files, start=1):
        if n % _PROGRESS_EVERY == 1:
            on_progress(Progress(Stage.OPEN, 0.5 * n / len(files), "Reading DICOM headers"))
        head = _head(file)
        if not is_dicom(head):
            nifti += _is_nifti(file, head)
            continue
        header = _header(file, n, len(files))
        kind = text(header, "SOPClassUID") or text(header.file_meta, "MediaStorageSOPClassUID")
        if kind == _DICOMDIR or (not kind and head[128:132] != b"DICM"):
            continue
        try:
            frames = frames_of(header, n) if is_image(header) else ()
            if not frames and (not kind or kind in _MR_IMAGES):
                raise ValueError("the header ends too early")  # which the parser passes over
        except Exception as error:  # functional groups that are none
            raise UnreadableScan("scan_import.dicom_damaged", file=n, files=len(files)) from error
        found.setdefault(text(header, "SeriesInstanceUID"), _Found(header)).add(header, file, n, frames)
    if not found:
        if not files:
            raise UnreadableScan("scan_import.empty_folder")
        if nifti:
            raise UnreadableScan("scan_import.no_dicom_but_nifti", count=nifti)
        raise UnreadableScan("scan_import.no_dicom")
    series = [one.series(uid, len(files)) for uid, one in found.items()]
    return tuple(sorted(series, key=lambda one: (one.number.zfill(12), one.uid)))


class _Found:
    """A series while its files come in."""

    def __init__(self, header: Dataset) -> None:
        self.header = header
        self.frames: list[Frame] = []
        self.paths: dict[int, Path] = {}
        self.seen: set[object] = set()
        self.copies = 0
        self.patients = set[tuple[str, str]]()

    def add(self, header: Dataset, path: Path, n: int, frames: tuple[Frame, ...]) -> None:
        self.patients.add((text(header, "PatientID"), text(header, "PatientName")))
        # Position and orientation belong to the key: some anonymisers give all files of a series the same UID.
        key = tuple((frame.sop_instance_uid, frame.number, frame.position, frame.orientation) for frame in frames)
        if key and key[0][0] and key in self.seen:
            self.copies += 1
            return
        self.seen.add(key)
        self.frames.extend(frames)
        self.paths[n] = path

    def series(self, uid: str, files: int) -> Series:
        return Series(uid, self.header, tuple(self.frames), self.paths, files, self.copies, len(self.patients))


def _files(folder: Path) -> list[Path]:
    files: list[Path] = []
    for path in _walk(folder):
        files.append(path)
        if len(files) > limits.FOLDER_FILES:
            raise UnreadableScan("scan_import.too_many_files", limit=limits.FOLDER_FILES)
    return sorted(files)


def _walk(folder: Path) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        if error.filename == str(folder):
            raise error

    for root, _, names in os.walk(folder, onerror=refused, followlinks=False):
        for name in names:
            path = Path(root, name)
            try:
                regular = stat.S_ISREG(path.stat().st_mode)  # never a pipe or a device: reading it could last for ever
            except OSError:
                continue
            if regular:
                yield path


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(540)


def _is_nifti(path: Path, head: bytes) -> bool:
    return nifti_version(head) > 0 or path.name.lower().endswith(".nii.gz")


def _header(path: Path, n: int, files: int) -> Dataset:
    try:
        if _head(path)[128:132] == b"DICM":
            syntax = text(read_file_meta_info(path), "TransferSyntaxUID")
            if syntax == DeflatedExplicitVRLittleEndian:  # unpacking it has no limit
                raise UnreadableScan("scan_import.dicom_deflated", file=n, files=files)
        return dcmread(path, stop_before_pixels=True, force=True, specific_tags=list(HEADER_TAGS))
    except (UnreadableScan, PermissionError):
        raise
    except Exception as error:  # what a hostile file makes the parser raise can't be listed
        raise UnreadableScan("scan_import.dicom_damaged", file=n, files=files) from error
