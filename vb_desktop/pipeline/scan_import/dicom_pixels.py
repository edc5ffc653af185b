"""Pixels of one DICOM file, whatever its transfer syntax: native, big endian, RLE, JPEG, JPEG-LS, JPEG 2000."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.utils import iter_pixels
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.codestream import announced_size, is_complete
from vb_desktop.pipeline.scan_import.dicom_values import number


def decode_frames(path: Path, frames: Sequence[int]) -> Iterator[Array]:
    """Stored values of some frames, before rescaling.

    Args:
        path: a DICOM file with pixels.
        frames: numbers counted from 1, in the order wanted.

    Yields:
        (rows, columns), integer or float.

    Raises:
        ValueError: the pixels are missing, too short, in colour, or of another size than the header says.
        Exception: whatever else a decoder raises on a damaged file.
    """
    dataset = dcmread(path, force=True)
    if "TransferSyntaxUID" not in dataset.file_meta:
        dataset.file_meta.TransferSyntaxUID = _guessed_syntax(dataset)
    shape = int(number(dataset, "Rows") or 0), int(number(dataset, "Columns") or 0)
    if not 0 < max(shape) <= limits.AXIS_VOXELS or number(dataset, "SamplesPerPixel") not in (None, 1):
        raise ValueError("not a grey picture of a sensible size")
    _check_codestreams(dataset, shape)
    for pixels in iter_pixels(dataset, indices=[n - 1 for n in frames], raw=True):
        if pixels.shape != shape:
            raise ValueError("the picture has another size than the header says")
        yield pixels


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
