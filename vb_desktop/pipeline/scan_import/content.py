"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import gzip
import zlib
from enum import StrEnum
from pathlib import Path

from vb_desktop.pipeline.errors import UnreadableScan

_HEAD_BYTES = 540
_FIRST_ELEMENTS = (0x00, 0x01, 0x05, 0x08, 0x12, 0x16, 0x18)

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"7z\xbc\xaf", "a 7z archive (unpack it first)"),
    (0, b"Rar!", "a RAR archive (unpack it first)"),
    (257, b"ustar", "a TAR archive (unpack it first)"),
    (0, b"BZh", "compressed with bzip2"),
    (0, b"\xfd7zXZ", "compressed with xz"),
    (0, b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
    (0, b"\x89HDF", "an HDF5 or MINC file"),
    (0, b"CDF\x01", "a MINC file"),
    (0, b"\0\0\0\x01\0\0", "a FreeSurfer image (.mgh, .mgz)"),
    (0, b"\x80\x04\x95", "a Python pickle, which is never opened"),
    (0, b"\x93NUMPY", "a NumPy array"),
)


class Content(StrEnum):
    """What can be opened."""

    NIFTI = "nifti"
    DICOM = "dicom"
    ZIP = "zip"
    NRRD = "nrrd"
    META = "metaimage"


def content_of(path: Path) -> Content:
    """What the file holds.

    Raises:
        UnreadableScan: it is empty, or it is something else.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise UnreadableScan("scan_import.empty_file")
    if head[:2] == b"\x1f\x8b":
        head = _unpacked_head(path)
        if is_dicom(head):
            raise UnreadableScan("scan_import.unsupported", kind="a gzip archive of a DICOM file (unpack it first)")
        if head[:7] == b"NRRD000" or head[:10] == b"ObjectType":
            raise UnreadableScan("scan_import.unsupported", kind="a gzip archive of an image (unpack it first)")
    if is_dicom(head):
        return Content.DICOM
    if is_zip(head):
        return Content.ZIP
    if nifti_version(head):
        return Content.NIFTI
    if head[:7] == b"NRRD000":
        return Content.NRRD
    if head[:10] == b"ObjectType":
        return Content.META
    for offset, signature, kind in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            raise UnreadableScan("scan_import.unsupported", kind=kind)
    if _is_text(head):
        raise UnreadableScan("scan_import.unsupported", kind="a text file")
    raise UnreadableScan("scan_import.unknown_content")


def is_zip(head: bytes) -> bool:
    """Whether the first 4 bytes are those of a zip archive, which may be empty."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def is_dicom(head: bytes) -> bool:
    """Whether the first 132 bytes are those of a DICOM file, or of one written without its preamble."""
    if head[128:132] == b"DICM":
        return True
    element, length = int.from_bytes(head[2:4], "little"), int.from_bytes(head[4:8], "little")
    first_of_identifying_group = head[:2] == b"\x08\x00" and element in _FIRST_ELEMENTS and len(head) >= 132
    return first_of_identifying_group and (head[4:6] in (b"UL", b"CS", b"UI", b"SH", b"DA") or length <= 256)


def nifti_version(head: bytes) -> int:
    """1 or 2 for the start of a NIfTI or Analyze header of either byte order, else 0."""
    for size in (int.from_bytes(head[:4], "little"), int.from_bytes(head[:4], "big")):
        if size == 348:
            return 1
        if size == 540:
            return 2
    return 0


def is_unknown(head: bytes) -> bool:
    """Whether a file is empty or of no known kind, as a DICOM file is whose beginning is damaged."""
    if not head or not head.strip(b"\0"):
        return True
    known = any(head[offset : offset + len(signature)] == signature for offset, signature, _ in _SIGNATURES)
    other = head[:7] == b"NRRD000" or head[:2] == b"\x1f\x8b" or is_zip(head) or nifti_version(head) > 0
    return not (known or other or _is_readable(head))


def _is_readable(head: bytes) -> bool:
    """Text in any code page, and the small files that systems leave in folders."""
    return b"\0" not in head[:256] or head[:8] in (b"\0\0\0\1Bud1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def _unpacked_head(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as file:
            head = file.read(_HEAD_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableScan("scan_import.damaged", cause="its gzip compression can't be undone") from error
    if not head:
        raise UnreadableScan("scan_import.empty_file")
    return head


def _is_text(head: bytes) -> bool:
    return all(byte >= 0x20 or byte in b"\t\n\r\f" for byte in head)
