"""A zip archive as a folder of numbered files, read in place. Its names are used for their order alone."""

from __future__ import annotations

import os
import shutil
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from types import TracebackType
from typing import IO, BinaryIO, Self

import psutil

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import import limits

_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_LONGEST_COMMENT = 1 << 16
_UNPACKED = "vb-desktop-unpacked-"


class ZipArchive:
    """The files in a zip archive, numbered from 1 in the order of their names.

    Args:
        path: of the archive.

    Raises:
        UnreadableScan: it is damaged, encrypted, packed in an unknown way, holds too many files, unpacks to far more
            than images do, or has files that would lie outside of the folder it is unpacked to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = _opened(path)
        try:
            self._members = _checked(self._zip)
        except UnreadableScan:
            self._zip.close()
            raise

    def __len__(self) -> int:
        return len(self._members)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def open(self, n: int) -> IO[bytes]:
        """Read file n."""
        return self._zip.open(self._members[n - 1])

    def size(self, n: int) -> int:
        """Bytes of file n, as the archive gives them."""
        return self._members[n - 1].file_size

    def unpack(self, n: int, to: Path) -> None:
        """Write file n, and no more of it than the archive says that it has.

        Raises:
            Exception: whatever damaged data make the unpacker raise.
        """
        member = self._members[n - 1]
        if member.file_size > limits.DICOM_FILE_BYTES:
            raise ValueError("larger than any image")
        with self._zip.open(member) as source, to.open("xb") as target:
            shutil.copyfileobj(source, target, 1 << 20)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only this user can read and that goes away; those that killed processes have left go with it."""
    sweep()
    with TemporaryDirectory(prefix=f"{_UNPACKED}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def unpacked(archive: Path, numbers: Sequence[int], of: int) -> Iterator[dict[int, Path]]:
    """Some files of an archive on the disk, in a folder that only this user can read and that goes away.

    Args:
        archive: the zip.
        numbers: which.
        of: how many files there are in all.

    Yields:
        Number of the file -> where it is; its name there is the number.

    Raises:
        UnreadableScan: a file can't be unpacked, or the disk is full.
    """
    with private_folder() as folder:
        paths = {n: folder / f"{n:06d}.dcm" for n in numbers}
        with ZipArchive(archive) as opened:
            for n, path in paths.items():
                try:
                    opened.unpack(n, path)
                except OSError as error:
                    cause = error.strerror or "the disk may be full"
                    raise UnreadableScan("scan_import.no_access", cause=cause) from error
                except Exception as error:
                    raise UnreadableScan("scan_import.dicom_damaged", file=n, files=of) from error
        yield paths


def sweep() -> None:
    """Remove what processes that were killed have left unpacked."""
    for folder in Path(gettempdir()).glob(f"{_UNPACKED}*"):
        owner = folder.name.removeprefix(_UNPACKED).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _opened(path: Path) -> zipfile.ZipFile:
    with path.open("rb") as file:
        if _directory_bytes(file) > limits.ZIP_DIRECTORY_BYTES:
            raise UnreadableScan("scan_import.too_many_files", limit=limits.FOLDER_FILES)
    try:
        return zipfile.ZipFile(path)
    except OSError:
        raise
    except Exception as error:
        raise UnreadableScan("scan_import.zip_damaged") from error


def _directory_bytes(file: BinaryIO) -> int:
    """Size that the archive gives for its list of files; the list is read in one piece, so it is asked for before."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_COMMENT - 22 - 20))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise UnreadableScan("scan_import.zip_damaged")
    (given,) = struct.unpack_from("<I", tail, at + 12)
    if tail[at - 20 : at - 16] == _LOCATOR_64:
        file.seek(min(struct.unpack_from("<Q", tail, at - 12)[0], size))
        record = file.read(56)
        if len(record) < 56 or record[:4] != _END_64:
            raise UnreadableScan("scan_import.zip_damaged")
        (given,) = struct.unpack_from("<Q", record, 40)
    return int(given)


def _checked(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    files = [one for one in opened.infolist() if one.filename and not one.filename.endswith("/")]
    members = sorted(files, key=lambda one: one.filename)
    if len(members) > limits.FOLDER_FILES:
        raise UnreadableScan("scan_import.too_many_files", limit=limits.FOLDER_FILES)
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise UnreadableScan("scan_import.zip_encrypted")
    if any(one.compress_type not in _METHODS for one in members):
        raise UnreadableScan("scan_import.zip_method")
    if any(_leads_outside(one.orig_filename) for one in members):
        raise UnreadableScan("scan_import.zip_outside")
    packed = sum(one.compress_size for one in members)
    for size, takes in [*((one.file_size, one.compress_size) for one in members), (_sum(members), packed)]:
        if size > limits.ZIP_FREELY_BYTES and size > limits.ZIP_RATIO * takes:
            raise UnreadableScan("scan_import.zip_bomb")
    if packed > _size(opened) or _sum(members) > limits.ZIP_BYTES:  # more than it is long: files lie over each other
        raise UnreadableScan("scan_import.zip_bomb")
    return members


def _sum(members: list[zipfile.ZipInfo]) -> int:
    return sum(one.file_size for one in members)


def _size(opened: zipfile.ZipFile) -> int:
    assert opened.filename
    return os.stat(opened.filename).st_size


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":" and name[0].isalpha())
