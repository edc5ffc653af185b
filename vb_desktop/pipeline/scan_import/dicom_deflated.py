"""Deflated DICOM (PS3.5 A.5): everything behind the file meta information is packed with zlib."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.filereader import read_file_meta_info
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.dicom_parse import parse
from vb_desktop.pipeline.scan_import.dicom_values import number

_SIZE = ["Rows", "Columns", "NumberOfFrames", "BitsAllocated"]
_GROUP_LENGTH = b"\x02\x00\x00\x00UL\x04\x00"


def is_deflated(path: Path) -> bool:
    """Whether the file meta information names the deflated transfer syntax."""
    with path.open("rb") as file:
        if file.read(132)[128:] != b"DICM":
            return False
    return str(read_file_meta_info(path).get("TransferSyntaxUID", "")) == DeflatedExplicitVRLittleEndian


def read_deflated(path: Path) -> Dataset:
    """Unpack a file, no further than its header says that its pixels go, and read it.

    Args:
        path: a DICOM file with preamble.

    Returns:
        The data set, with the transfer syntax that it has once unpacked.

    Raises:
        ValueError: it is damaged, or unpacks to far more than an image.
        Exception: whatever else the parser raises on a damaged file.
    """
    meta = read_file_meta_info(path)
    with path.open("rb") as file:
        start = file.read(144)
        if start[132:140] != _GROUP_LENGTH:
            raise ValueError("the length of the file meta information is not given")
        file.seek(int.from_bytes(start[140:144], "little"), io.SEEK_CUR)
        packed = file.read(min(path.stat().st_size, limits.DICOM_FILE_BYTES))  # room is made for all that is asked for
    most = limits.DEFLATED_HEADER_BYTES
    header = parse(io.BytesIO(inflate(packed, most, cut=True)), pixels=False, tags=_SIZE)
    size = [number(header, keyword) or 1 for keyword in _SIZE]
    pixel_bytes = size[0] * size[1] * size[2] * size[3] / 8
    content = inflate(packed, min(int(pixel_bytes) + 2 * most, limits.INFLATED_BYTES), cut=False)
    dataset = parse(io.BytesIO(content), pixels=True)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta = meta
    return dataset


def inflate(packed: bytes, most: int, *, cut: bool) -> bytes:
    """Unpack raw deflate data.

    Args:
        packed: without the zlib header.
        most: bytes to unpack.
        cut: stop there rather than fail.

    Raises:
        ValueError: there is more, or it is a bomb.
        zlib.error: the data are damaged.
    """
    ratio = max(limits.INFLATED_FREELY_BYTES, limits.INFLATED_RATIO * len(packed))
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    content = unpacker.decompress(packed, min(most, ratio))
    if not cut and not unpacker.eof:
        raise ValueError("more than an image, or not to its end")
    return content
