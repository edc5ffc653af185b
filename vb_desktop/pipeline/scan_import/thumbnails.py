"""A small picture of every listed volume: its middle slice, in the plane that it was acquired in.

They come one by one, so that a list can be shown at once and filled while they are decoded.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.dicom_pixels import decode_files
from vb_desktop.pipeline.scan_import.plane import turn_for_screen
from vb_desktop.pipeline.scan_import.quiet import quiet
from vb_desktop.pipeline.scan_import.series_list import ListedVolume, SeriesList, SliceFile
from vb_desktop.pipeline.scan_import.volume_file import middle_slice
from vb_desktop.pipeline.scan_import.zip_archive import ZipArchive, private_folder

_AT_ONCE = 8  # pictures that one child decodes: it takes half a second to start
_WINDOW_PERCENT = (1.0, 99.0)


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """The picture of one volume, or why there is none.

    Attributes:
        id: of the volume.
        pixels: uint8 (rows, columns), at most 128 on a side, with square pixels, in radiological convention; None where
            there is none.
        why_none: the reason then.
    """

    id: str
    pixels: NDArray[np.uint8] | None
    why_none: Message | None = None


def thumbnails(listing: SeriesList) -> Iterator[Thumbnail]:
    """A thumbnail of each volume of a list, in the order of the list.

    A picture that can't be made is told and passed over; compressed ones are decoded in a child process.

    Args:
        listing: as `list_series` gives it.
    """
    with quiet():
        for start in range(0, len(listing.volumes), _AT_ONCE):
            some = listing.volumes[start : start + _AT_ONCE]
            with _on_disk([volume.middle for volume in some]) as paths:
                decoded = _decoded(some, paths)
                yield from (_thumbnail(volume, stored) for volume, stored in zip(some, decoded, strict=True))


def thumbnail_of(pixels: Array, spacing: tuple[float, float]) -> NDArray[np.uint8]:
    """A small grey picture with square pixels, bright from the 1st to the 99th percentile.

    Args:
        pixels: (rows, columns), any numbers.
        spacing: distance of rows, of columns, mm.
    """
    plain = np.nan_to_num(np.asarray(pixels, dtype=np.float32), posinf=0.0, neginf=0.0)
    height, width = (count * mm for count, mm in zip(plain.shape, spacing, strict=True))
    scale = limits.THUMBNAIL_PIXELS / max(height, width)
    rows, columns = (max(1, round(scale * size)) for size in (height, width))
    small = _resized(_resized(plain, rows).T, columns).T
    low, high = np.percentile(small, _WINDOW_PERCENT)
    if high <= low:
        low, high = float(small.min()), float(small.max())
    grey = (small - low) * (255.0 / (high - low)) if high > low else np.zeros_like(small)
    shown: NDArray[np.uint8] = np.ascontiguousarray(np.clip(np.round(grey), 0, 255), dtype=np.uint8)
    return shown


def _resized(pixels: Array, count: int) -> Array:
    """Average along the first axis where it gets shorter, linear interpolation where it gets longer."""
    have = pixels.shape[0]
    if count >= have:
        at = np.clip((np.arange(count) + 0.5) * have / count - 0.5, 0, have - 1)
        below = np.floor(at).astype(int)
        share = (at - below)[:, None]
        between: Array = pixels[below] * (1 - share) + pixels[np.minimum(below + 1, have - 1)] * share
        return between
    edges = np.arange(count + 1) * have / count
    left, right = edges[:-1, None], edges[1:, None]
    cells = np.arange(have)[None]
    weights = np.clip(np.minimum(right, cells + 1) - np.maximum(left, cells), 0, None)
    averaged: Array = (weights / weights.sum(axis=1, keepdims=True)) @ pixels
    return averaged


def _of_file(id_: str, path: Path) -> Thumbnail:
    try:
        pixels, spacing = middle_slice(path)
    except UnreadableScan as error:
        return Thumbnail(id_, None, error.message)
    return Thumbnail(id_, thumbnail_of(pixels, spacing))


@contextmanager
def _on_disk(slices: Sequence[SliceFile | None]) -> Iterator[list[Path | None]]:
    """Where the file of each slice is; those of an archive are unpacked for that time."""
    paths = [one.path if one and one.member is None else None for one in slices]
    packed = [(n, one) for n, one in enumerate(slices) if one and one.member is not None]
    if not packed:
        yield paths
        return
    with private_folder() as folder, ZipArchive(packed[0][1].path) as archive:
        for n, one in packed:
            assert one.member is not None
            try:
                archive.unpack(one.member, folder / str(n))
                paths[n] = folder / str(n)
            except Exception:  # damaged data make the unpacker raise almost anything
                continue
        yield paths


def _decoded(volumes: Sequence[ListedVolume], paths: Sequence[Path | None]) -> Iterator[Array | None]:
    """Stored values of each middle slice; None where there are none. One that fails doesn't take the others along."""
    left = [(path, volume.middle) for path, volume in zip(paths, volumes, strict=True)]
    together = _pictures([(path, middle) for path, middle in left if path and middle])
    whole = True
    for path, middle in left:
        if path is None or middle is None:
            yield None
            continue
        pixels = _next(together if whole else _pictures([(path, middle)]))
        if pixels is None and whole:  # perhaps another one's fault
            whole = False
            pixels = _next(_pictures([(path, middle)]))
        yield pixels
    together.close()


def _pictures(wanted: list[tuple[Path, SliceFile]]) -> Generator[Array]:
    if wanted:
        shape = max(middle.rows for _, middle in wanted), max(middle.columns for _, middle in wanted)
        yield from decode_files([(path, [middle.frame]) for path, middle in wanted], shape)


def _next(pictures: Generator[Array]) -> Array | None:
    try:
        return next(pictures)
    except Exception:  # decoders raise almost anything; a thumbnail is not worth a word on it
        return None


def _thumbnail(volume: ListedVolume, stored: Array | None) -> Thumbnail:
    if volume.volume_file:
        return _of_file(volume.id, volume.volume_file)
    middle = volume.middle
    if middle is None:
        return Thumbnail(volume.id, None, volume.why_unusable or Message("scan_import.not_images"))
    if stored is None:
        return Thumbnail(volume.id, None, Message("scan_import.no_thumbnail"))
    spacing = middle.spacing_mm
    if not all(1e-3 < mm < 1e3 for mm in spacing) or not 0.05 < spacing[0] / spacing[1] < 20:
        spacing = (1.0, 1.0)
    pixels = -stored.astype(np.float32) if middle.inverted else stored
    if middle.orientation:
        pixels, spacing = turn_for_screen(pixels, spacing, middle.orientation)
    return Thumbnail(volume.id, thumbnail_of(pixels, spacing))
