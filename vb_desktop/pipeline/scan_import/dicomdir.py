"""Which files a DICOMDIR, the table of contents of a DICOM CD (PS3.3 F), names; and which of them are there."""

from __future__ import annotations

import io
import os
from pathlib import Path

from pydicom import dcmread

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.dicom_values import number

DICOMDIR_CLASS = "1.2.840.10008.1.3.10"
_NOT_IN_USE = 0
_OFFSETS = ("OffsetOfTheNextDirectoryRecord", "OffsetOfReferencedLowerLevelDirectoryEntity")


def files_named(dicomdir: Path) -> tuple[list[Path], int]:
    """The files named in a DICOMDIR, in the order of their names.

    Args:
        dicomdir: path of the DICOMDIR.

    Returns:
        Those that are there; and how many are missing, or would lie outside of the folder and are left alone.

    Raises:
        UnreadableScan: it is damaged or names too many.
    """
    if dicomdir.stat().st_size > limits.DICOMDIR_BYTES:
        raise UnreadableScan("scan_import.too_many_files", limit=limits.FOLDER_FILES)
    content = dicomdir.read_bytes()
    try:
        records = dcmread(io.BytesIO(content), force=True).get("DirectoryRecordSequence") or []
        if any((number(record, offset) or 0) > len(content) for record in records for offset in _OFFSETS):
            raise ValueError("it ends too early")  # which the parser passes over
        named = {name for record in records if (name := _name(record))}
    except Exception as error:  # what a hostile file makes the parser raise can't be listed
        raise UnreadableScan("scan_import.dicomdir_damaged") from error
    if len(named) > limits.FOLDER_FILES:
        raise UnreadableScan("scan_import.too_many_files", limit=limits.FOLDER_FILES)
    folder = _Folder(dicomdir.parent)
    found = [folder.find(name) for name in named]
    there = sorted({path for path in found if path is not None})
    return there, found.count(None)


class _Folder:
    """A folder whose files are found whatever the case of their names: CDs come in capitals and are copied in small."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._inside = os.path.realpath(root) + os.sep
        self._listed: dict[Path, dict[str, str]] = {}

    def find(self, name: tuple[str, ...]) -> Path | None:
        path = self.root
        for part in name:
            if not part or part in (".", "..") or any(sign in part for sign in "/\\:\0"):
                return None
            written = self._list(path).get(_plain(part))
            if written is None:
                return None
            path = path / written
        return path if path.is_file() and os.path.realpath(path).startswith(self._inside) else None

    def _list(self, folder: Path) -> dict[str, str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = {_plain(name): name for name in sorted(os.listdir(folder))}
            except OSError:
                self._listed[folder] = {}
        return self._listed[folder]


def _plain(name: str) -> str:
    return name.casefold().partition(";")[0].rstrip(".")  # ISO 9660 puts a version behind


def _name(record: object) -> tuple[str, ...]:
    get = record.get  # type: ignore[attr-defined]
    value = get("ReferencedFileID")
    if not value or get("RecordInUseFlag") == _NOT_IN_USE:
        return ()
    parts = [value] if isinstance(value, str) else list(value)
    return tuple(str(part) for part in parts)
