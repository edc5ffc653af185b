"""The pictures of a series: decoded in the order of their files, with one sentence for what can't be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.decoding_child import DecodingFailed
from vb_desktop.pipeline.scan_import.dicom_frame import Frame
from vb_desktop.pipeline.scan_import.dicom_pixels import decode_files
from vb_desktop.pipeline.scan_import.series import Series

_SENTENCES = {
    "data": "scan_import.dicom_pixels",
    "crash": "scan_import.decoder_crashed",
    "time": "scan_import.decoder_slow",
    "memory": "scan_import.decoder_memory",
}
_PLACE_DECIMALS = 2
_REPEATED_SHARE = 0.25  # more than this is a second volume


def decode_slices(series: Series, frames: Sequence[Frame]) -> Iterator[tuple[int, Array]]:
    """Decode some frames of a series.

    Args:
        series: whose files are read.
        frames: which.

    Yields:
        Index in `frames`, and stored values (rows, columns); file after file.

    Raises:
        UnreadableScan: a file that is damaged, incomplete, too large, or of a size that its header doesn't give; says
            which.
    """
    places: dict[int, list[int]] = {}
    for n, frame in enumerate(frames):
        places.setdefault(frame.file, []).append(n)
    for file in places:
        if series.paths[file].stat().st_size > limits.DICOM_FILE_BYTES:
            params = {"file": file, "files": series.files, "gb_limit": limits.DICOM_FILE_BYTES >> 30}
            raise UnreadableScan("scan_import.dicom_too_large", **params)
    wanted = [(series.paths[file], [frames[n].number for n in ns]) for file, ns in places.items()]
    order = [n for ns in places.values() for n in ns]
    shape = (frames[0].rows, frames[0].columns)
    decoded = decode_files(wanted, shape)
    for n in order:
        file = frames[n].file
        try:
            pixels = next(decoded)
            if pixels.shape != shape:
                raise ValueError("the picture has another size than the header says")
        except DecodingFailed as error:
            raise UnreadableScan(_SENTENCES[error.why], file=file, files=series.files) from error
        except Exception as error:  # the parser raises almost anything on damaged data
            raise UnreadableScan("scan_import.dicom_pixels", file=file, files=series.files) from error
        yield n, pixels


def leave_out_repeats(series: Series) -> tuple[Series, int]:
    """A few slices that are there twice, with the same picture under another UID, are one slice.

    Returns:
        The series without them, and how many were left out. Slices at one place that differ stay, and so does
        everything where there are many of them: that is a second echo, phase or time.
    """
    places: dict[tuple[float, ...], list[Frame]] = {}
    for frame in series.frames:
        if frame.position is None or frame.orientation is None:
            return series, 0
        place = (*(round(x, _PLACE_DECIMALS) for x in frame.position), *(round(x, 3) for x in frame.orientation))
        places.setdefault(place, []).append(frame)
    several = [frames for frames in places.values() if len(frames) > 1]
    if not 0 < len(several) <= _REPEATED_SHARE * len(places):
        return series, 0
    candidates = [frame for frames in several for frame in frames]
    if len({(frame.rows, frame.columns) for frame in candidates}) > 1:
        return series, 0
    pictures = dict(decode_slices(series, candidates))
    left_out: set[int] = set()
    n = 0
    for frames in several:
        first = n
        for frame in frames:
            same = np.array_equal(pictures[first], pictures[n])
            if n != first and same and (frame.slope, frame.intercept) == (frames[0].slope, frames[0].intercept):
                left_out.add(id(frame))
            n += 1
    return replace(series, frames=tuple(frame for frame in series.frames if id(frame) not in left_out)), len(left_out)
