"""NIfTI-1 and NIfTI-2, in one file or a pair, plain or gzip: header first, voxels only when the header has passed."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
from nibabel.nifti1 import Nifti1Header
from nibabel.nifti2 import Nifti2Header

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.errors import UnreadableScan, VBError
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.checks import check_grid, check_shape
from vb_desktop.pipeline.scan_import.content import nifti_version
from vb_desktop.pipeline.scan_import.image_file import ImageFile
from vb_desktop.pipeline.scan_import.nifti_affine import nifti_affine


class Stream(Protocol):
    """Bytes, one after the other."""

    def read(self, count: int, /) -> bytes:
        """At most so many."""


_SYNTHETIC = "SYNTHETIC"
_COLOUR_CODES = (128, 2304)
_COMPLEX_CODES = (32, 1792, 2048)
_REAL_CODES = (2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280)


def read_nifti(path: Path) -> ImageFile:
    """Read one 3D volume.

    Args:
        path: a file whose content is NIfTI; its name doesn't matter.

    Raises:
        UnreadableScan: the file is damaged, truncated, too large, or not one 3D volume of grey values.
    """
    try:
        with _opened(path) as (stream, size):
            header, taken, pair = _header(stream)
            if not pair:
                return _read(header, stream, taken, size)
        with _opened(_voxels_of_pair(path)) as (stream, size):
            return _read(header, stream, 0, size)
    except VBError:
        raise
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableScan("scan_import.damaged", cause="its gzip compression is broken or incomplete") from error
    except OSError as error:
        raise UnreadableScan("scan_import.no_access", cause=error.strerror or "it can't be read") from error
    except Exception as error:  # what a hostile header makes the parser raise can't be listed
        raise UnreadableScan("scan_import.damaged", cause="its header can't be understood") from error


def header_beside(path: Path) -> Path | None:
    """The NIfTI header to an .img, which doesn't tell by its own content what it is; None where there is none."""
    name = path.name[: -len(".gz")] if path.name.lower().endswith(".gz") else path.name
    if not name.lower().endswith(".img"):
        return None
    for ending in (".hdr", ".HDR", ".hdr.gz", ".HDR.GZ"):
        header = path.with_name(name[: -len(".img")] + ending)
        if header.is_file():
            try:
                with _opened(header) as (stream, _):
                    return header if nifti_version(stream.read(8)) else None
            except (OSError, EOFError, zlib.error):
                return None
    return None


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Stream, int | None]]:
    """The file, unpacked on the way; and its size where it is plain."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not packed:
            yield file, os.fstat(file.fileno()).st_size
            return
        with gzip.open(file, "rb") as stream:
            yield _Unpacked(stream, file), None
            stream.read(limits.HEADER_EXTENSION_BYTES)  # to the end, where the checksum is compared


class _Unpacked:
    """A gzip stream that ends where a bomb would go off."""

    def __init__(self, stream: gzip.GzipFile, file: IO[bytes]) -> None:
        self._stream, self._file = stream, file

    def read(self, count: int) -> bytes:
        """At most so many bytes.

        Raises:
            UnreadableScan: they come from next to nothing.
        """
        data = self._stream.read(count)
        if self._stream.tell() > max(limits.INFLATED_FREELY_BYTES, limits.INFLATED_RATIO * self._file.tell()):
            raise UnreadableScan("scan_import.gzip_bomb", times=limits.INFLATED_RATIO)
        return data


def _voxels_of_pair(header: Path) -> Path:
    """The .img beside a .hdr.

    Raises:
        UnreadableScan: it is not there.
    """
    stem = header.name[: -len(".gz")] if header.name.lower().endswith(".gz") else header.name
    if stem.lower().endswith(".hdr"):
        for ending in (".img", ".IMG", ".img.gz", ".IMG.GZ"):
            voxels = header.with_name(stem[: -len(".hdr")] + ending)
            if voxels.is_file() and not voxels.is_symlink():
                return voxels
    raise UnreadableScan("scan_import.header_pair")


def _read(header: Any, stream: Stream, taken: int, file_bytes: int | None) -> ImageFile:
    shape = check_shape(_shape(header))
    kind = _voxel_type(header)
    affine, remarks = nifti_affine(header, shape)
    remarks += check_grid(shape, affine)
    offset = float(header["vox_offset"])
    if not taken <= offset <= taken + limits.HEADER_EXTENSION_BYTES:
        raise UnreadableScan("scan_import.damaged", cause="its voxels start at an impossible place")
    if file_bytes is not None:
        remarks += _check_length(file_bytes - int(offset), shape, kind)
    _take(stream, int(offset) - taken)
    voxels = _voxels(stream, shape, kind, *_scaling(header))
    if file_bytes is None and stream.read(1):
        remarks += (Message("scan_import.more_data"),)
    description = bytes(header["descrip"].tobytes()).split(b"\0")[0].decode("latin-1")
    echo_time = re.search(r"\bTE=(\d+(?:\.\d+)?)\b", description)
    technique = {"echo_time_ms": float(echo_time[1])} if echo_time else {}
    return ImageFile(Volume(voxels, affine), technique, remarks, _SYNTHETIC in description)


def _header(stream: Stream) -> tuple[Any, int, bool]:
    """The header, the bytes read of it, and whether the voxels are in another file."""
    start = stream.read(348)
    version = nifti_version(start)
    if version == 2:
        start += stream.read(540 - 348)
    if len(start) != {1: 348, 2: 540}.get(version):
        raise UnreadableScan("scan_import.damaged", cause="its header is incomplete")
    magic = start[344:348] if version == 1 else start[4:12]
    if version == 1 and not magic.strip(b"\0 "):
        # Analyze says at best how the slices lie, and programs disagree on which side is left: never a guess there.
        raise UnreadableScan("scan_import.analyze")
    pair = magic in (b"ni1\0", b"ni2\0\r\n\x1a\n")
    if not pair and magic not in (b"n+1\0", b"n+2\0\r\n\x1a\n"):
        raise UnreadableScan("scan_import.damaged", cause="its header is not that of a NIfTI file")
    header = (Nifti1Header if version == 1 else Nifti2Header).from_fileobj(io.BytesIO(start), check=False)
    return header, len(start), pair


def _shape(header: Any) -> tuple[int, ...]:
    axes = int(header["dim"][0])
    if not 1 <= axes <= 7:
        raise UnreadableScan("scan_import.damaged", cause="its header gives an impossible number of axes")
    shape = tuple(int(n) for n in header["dim"][1 : axes + 1])
    if min(shape) < 1:
        raise UnreadableScan("scan_import.damaged", cause="its header gives an impossible size")
    return shape


def _voxel_type(header: Any) -> np.dtype[Any]:
    code = int(header["datatype"])
    if code in _COLOUR_CODES:
        raise UnreadableScan("scan_import.colour")
    if code in _COMPLEX_CODES:
        raise UnreadableScan("scan_import.complex")
    if code not in _REAL_CODES:
        raise UnreadableScan("scan_import.voxel_type", kind=f"NIfTI code {code}")
    kind: np.dtype[Any] = header.get_data_dtype()
    if int(header["bitpix"]) not in (0, 8 * kind.itemsize):
        raise UnreadableScan("scan_import.damaged", cause="its header contradicts itself on the type of the voxels")
    return kind


def _scaling(header: Any) -> tuple[float, float]:
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if slope == 0 or not np.isfinite(slope):  # NIfTI: the values are not scaled
        return 1.0, 0.0
    if not np.isfinite(intercept):
        raise UnreadableScan("scan_import.damaged", cause="the scaling of its values is not a number")
    return slope, intercept


def _check_length(have: int, shape: tuple[int, int, int], kind: np.dtype[Any]) -> tuple[Message, ...]:
    need = shape[0] * shape[1] * shape[2] * kind.itemsize
    if have < need:
        raise UnreadableScan("scan_import.truncated", have=max(have, 0), need=need)
    return (Message("scan_import.more_data"),) if have > need else ()


def _voxels(stream: Stream, shape: tuple[int, int, int], kind: np.dtype[Any], slope: float, intercept: float) -> Array:
    """Slice by slice, so that a file that promises more than it holds costs no memory."""
    i, j, slices = shape
    slice_bytes = i * j * kind.itemsize
    voxels = np.empty(shape, dtype=np.float32, order="F")
    with np.errstate(all="ignore"):  # what overflows becomes infinite, which is checked afterwards
        for k in range(slices):
            data = _take(stream, slice_bytes, k * slice_bytes, slices * slice_bytes)
            plane = np.frombuffer(data, dtype=kind).reshape((i, j), order="F")
            if (slope, intercept) != (1.0, 0.0):
                plane = plane.astype(np.float64) * slope + intercept
            voxels[:, :, k] = plane
    return voxels


def _take(stream: Stream, count: int, before: int = 0, need: int = 0) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise UnreadableScan("scan_import.truncated", have=before + len(data), need=max(need, count))
    return data
