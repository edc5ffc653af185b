"""The files under a path, numbered from 1 in the order of their names: of a folder, a DICOMDIR, a zip, or one file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.content import is_zip
from vb_desktop.pipeline.scan_import.dicom_header import FIRST_READ, media_class
from vb_desktop.pipeline.scan_import.dicomdir import DICOMDIR_CLASS, files_named
from vb_desktop.pipeline.scan_import.zip_archive import ZipArchive


class Files(Protocol):
    """Numbered files that can be read."""

    def __len__(self) -> int: ...

    def open(self, n: int) -> AbstractContextManager[IO[bytes]]:
        """Read file n."""

    def size(self, n: int) -> int:
        """Bytes of file n."""


class DiskFiles:
    """Files on the disk.

    Attributes:
        paths: where they are.
        missing: how many more there should be.
    """

    def __init__(self, paths: list[Path], missing: int = 0) -> None:
        self.paths = paths
        self.missing = missing

    def __len__(self) -> int:
        return len(self.paths)

    def open(self, n: int) -> IO[bytes]:
        """Read file n."""
        return self.paths[n - 1].open("rb", buffering=0)

    def size(self, n: int) -> int:
        """Bytes of file n."""
        return self.paths[n - 1].stat().st_size


@contextmanager
def files_under(path: Path) -> Iterator[DiskFiles | ZipArchive]:
    """Open the files under a path.

    Args:
        path: a folder (subfolders included), a DICOMDIR, a zip archive, or one DICOM file.

    Raises:
        UnreadableScan: there are too many, or the DICOMDIR or the archive can't be used.
        OSError: the path can't be read.
    """
    if path.is_dir():
        yield DiskFiles(_files(path))
    elif _is_zip(path):
        with ZipArchive(path) as archive:
            yield archive
    elif is_dicomdir(path):
        there, missing = files_named(path)
        if not there:
            raise UnreadableScan("scan_import.dicomdir_without_files", count=missing)
        yield DiskFiles(there, missing)
    else:
        yield DiskFiles([path])


def is_dicomdir(path: Path) -> bool:
    """Whether the file is a DICOMDIR, told by its meta information."""
    with path.open("rb") as file:
        return media_class(file.read(FIRST_READ)) == DICOMDIR_CLASS


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return is_zip(file.read(4))


def _files(folder: Path) -> list[Path]:
    files: list[Path] = []
    for path in _walk(folder):
        files.append(Path(path))
        if len(files) > limits.FOLDER_FILES:
            raise UnreadableScan("scan_import.too_many_files", limit=limits.FOLDER_FILES)
    return sorted(files)


def _walk(folder: Path) -> Iterator[str]:
    def refused(error: OSError) -> None:
        if error.filename == str(folder):
            raise error

    for root, _, names in os.walk(folder, onerror=refused, followlinks=False):
        for name in names:
            path = os.path.join(root, name)
            try:
                regular = stat.S_ISREG(os.stat(path).st_mode)  # never a pipe or a device: reading could last for ever
            except OSError:
                continue
            if regular:
                yield path
