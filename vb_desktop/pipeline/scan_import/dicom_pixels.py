"""Pixels of DICOM files, whatever their transfer syntax: native, big endian, deflated, RLE, JPEG, JPEG-LS, JPEG 2000.

Compressed pixels are decoded in a child process, all files of a series in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.filereader import read_file_meta_info
from pydicom.pixels.utils import iter_pixels
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.codestream import announced_size, is_complete
from vb_desktop.pipeline.scan_import.decoding_child import decode_in_child
from vb_desktop.pipeline.scan_import.dicom_deflated import is_deflated, read_deflated
from vb_desktop.pipeline.scan_import.dicom_parse import parse
from vb_desktop.pipeline.scan_import.dicom_values import number

_NATIVE = frozenset(
    {ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian}
)


Wanted: TypeAlias = Sequence[tuple[Path, Sequence[int]]]


def decode_frames(path: Path, frames: Sequence[int], shape: tuple[int, int] | None = None) -> Iterator[Array]:
    """Stored values of some frames of one file; see `decode_files`."""
    return decode_files([(path, frames)], shape)


def decode_files(wanted: Wanted, shape: tuple[int, int] | None = None) -> Iterator[Array]:
    """Stored values of some frames of some files, before rescaling.

    Args:
        wanted: paths, and numbers of frames counted from 1, in the order in which they are to come.
        shape: rows and columns of every frame; of the first file's header if not given.

    Yields:
        (rows, columns), integer or float.

    Raises:
        DecodingFailed: the child that decodes gave nothing for the frame that would have come next.
        ValueError: the pixels are missing, too short, in colour, or of another size than the header says.
        Exception: whatever else the parser raises on a damaged file.
    """
    compressed = [(str(path), list(frames)) for path, frames in wanted if _is_compressed(path)]
    in_child: Iterator[tuple[dict[str, Any], Array]] = iter(())
    if compressed:
        rows, columns = shape or _shape_of(Path(compressed[0][0]))
        size = rows * columns * 4 * sum(len(frames) for _, frames in compressed)
        in_child = decode_in_child("dicom_frames", {"files": compressed}, size=size, most_pixels=rows * columns)
    paths = {path for path, _ in compressed}
    try:
        for path, frames in wanted:
            if str(path) in paths:
                for _ in frames:
                    pixels = next(in_child, None)
                    if pixels is None:
                        raise ValueError("fewer frames than announced")
                    yield pixels[1]
            else:
                yield from decode_here(path, frames)
    finally:
        if compressed:
            in_child.close()  # type: ignore[attr-defined]


def _is_compressed(path: Path) -> bool:
    with path.open("rb") as file:
        if file.read(132)[128:] != b"DICM":
            return False
    syntax = read_file_meta_info(path).get("TransferSyntaxUID")
    return syntax is not None and UID(str(syntax)) not in _NATIVE


def decode_here(path: Path, frames: Sequence[int]) -> Iterator[Array]:
    """The same for one file in this process, with whatever decoder it takes."""
    if is_deflated(path):
        dataset: Dataset = read_deflated(path)
    else:
        with path.open("rb") as file:
            dataset = parse(file, pixels=True)
    if "TransferSyntaxUID" not in dataset.file_meta:
        dataset.file_meta.TransferSyntaxUID = _guessed_syntax(dataset)
    shape = _shape(dataset)
    if number(dataset, "SamplesPerPixel") not in (None, 1):
        raise ValueError("not a grey picture")
    _check_codestreams(dataset, shape)
    for pixels in iter_pixels(dataset, indices=[n - 1 for n in frames], raw=True):
        if pixels.shape != shape:
            raise ValueError("the picture has another size than the header says")
        yield pixels


def _shape_of(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        return _shape(parse(file, pixels=False, tags=["Rows", "Columns"]))


def _shape(dataset: Dataset) -> tuple[int, int]:
    rows, columns = int(number(dataset, "Rows") or 0), int(number(dataset, "Columns") or 0)
    if not (0 < rows <= limits.AXIS_VOXELS and 0 < columns <= limits.AXIS_VOXELS):
        raise ValueError("not a picture of a sensible size")
    return rows, columns


def _check_codestreams(dataset: Dataset, shape: tuple[int, int]) -> None:
    syntax = dataset.file_meta.TransferSyntaxUID
    if not syntax.is_compressed or syntax == RLELossless:
        return
    count = int(number(dataset, "NumberOfFrames") or 1)
    for frame in generate_frames(dataset.PixelData, number_of_frames=count):
        if announced_size(frame) not in (None, shape):
            raise ValueError("the compressed picture has another size than the header says")
        if not is_complete(frame):  # some decoders fill up with zeros what is missing
            raise ValueError("the compressed picture ends too early")


def _guessed_syntax(dataset: Dataset) -> UID:
    return ImplicitVRLittleEndian if dataset.original_encoding[0] else ExplicitVRLittleEndian


def fill(voxels: Array, k: int, pixels: Array, slope: float, intercept: float) -> None:
    """Put one slice, rescaled, at index k of a (columns, rows, slices) volume."""
    with np.errstate(all="ignore"):
        plane = pixels if (slope, intercept) == (1.0, 0.0) else pixels.astype(np.float64) * slope + intercept
        voxels[:, :, k] = plane.T
