"""Parse a DICOM data set no further than its elements go on as they should.

What lies behind a damaged length would be taken for elements, eight zeros at a time: minutes for an image.
"""

from __future__ import annotations

from typing import IO

from pydicom.dataset import FileDataset
from pydicom.filereader import read_partial
from pydicom.tag import BaseTag, Tag

_PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_BEHIND_PIXELS = 0x7FE00010
_OUT_OF_ORDER = 64  # elements ascend, but for those that sloppy writers append


def parse(stream: IO[bytes], *, pixels: bool, tags: list[str] | None = None) -> FileDataset:
    """Read a data set up to its pixels, or with them.

    Args:
        stream: of a DICOM file, with or without preamble, at its start.
        pixels: read them too.
        tags: keywords of what to read; None for all.

    Raises:
        ValueError: the elements are in no order, so what is read is none.
        Exception: whatever else the parser raises on a damaged file.
    """
    before, disorder = 0, 0

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        nonlocal before, disorder
        if not pixels and tag in _PIXELS:
            return True
        if pixels and before == _BEHIND_PIXELS and tag != before:
            return True
        disorder += tag < before or (tag == before == 0)
        if disorder > _OUT_OF_ORDER:
            raise ValueError("elements in no order")
        before = int(tag)
        return False

    wanted = None if tags is None else [Tag(keyword) for keyword in tags]
    try:
        return read_partial(stream, stop, force=True, specific_tags=wanted)  # type: ignore[arg-type]
    except OSError as error:
        if error.errno is None:  # the parser's own, not of the disk
            raise ValueError("the file ends too early") from error
        raise
