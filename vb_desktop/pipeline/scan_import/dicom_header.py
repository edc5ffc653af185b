"""The elements of one DICOM header that are wanted, from as few bytes as they take.

Most files of a folder are classic images of a little endian transfer syntax, and what is wanted of them lies before the
private groups and the pixels: those are walked over here, which is about ten times as fast as reading them whole. All
else, and everything that looks unusual, is left to pydicom.
"""

from __future__ import annotations

import io
import re
import struct
from functools import lru_cache
from typing import IO, Any, BinaryIO, TypeAlias, cast

from pydicom.charset import convert_encodings
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.tag import BaseTag
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.dicom_deflated import inflate
from vb_desktop.pipeline.scan_import.dicom_parse import parse
from vb_desktop.pipeline.scan_import.header_tags import HEADER_TAGS

FIRST_READ = 8192
"""Bytes of a file that are read at first; mostly all that is needed."""

_MORE, _MOST = 32 << 10, 4 << 20  # bytes read at a time, and in all before it is pydicom's turn
_DEEPEST = 16
_READ_WHOLE = 64 << 20  # bytes of a file up to which pydicom gets all of it
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_VR_NAMES = {vr: vr.decode() for vr in _SHORT | _LONG}
_ELEMENT, _ITEM_HEAD, _LENGTH = (struct.Struct(form).unpack_from for form in ("<HH2sH", "<HHI", "<I"))
_WANTED = {int(tag): BaseTag(tag) for keyword in HEADER_TAGS if (tag := tag_for_keyword(keyword)) is not None}
_PLAIN_KEYWORDS = {
    keyword: (_WANTED[tag], vr)
    for keyword in HEADER_TAGS
    if (tag := tag_for_keyword(keyword)) is not None
    and (vr := dictionary_VR(tag)) in ("AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "US")
}
_LAST = 0x00283000  # Modality LUT Sequence; what is wanted beyond it describes the frames of multi-frame files
_ONE_IMAGE_A_FILE = frozenset(
    f"1.2.840.10008.5.1.4.1.1.{end}".encode() for end in ("4", "2", "128", "20", "6.1", "1", "7")
)
_SERIES_UID = re.compile(rb"\x20\x00\x0e\x00(?:UI[\x01-\x40]\x00|[\x01-\x40]\x00\x00\x00)([0-9.]{9,64})")
_META_LAST = 0x0002FFFF
_DEFLATED, _BIG_ENDIAN, _IMPLICIT = (
    uid.encode() for uid in (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian)
)
_Elements: TypeAlias = dict[BaseTag, RawDataElement]
_CHARACTER_SET, _TRANSFER_SYNTAX, _MEDIA_SOP_CLASS = 0x00080005, 0x00020010, 0x00020002


def read_header(head: bytes, stream: IO[bytes], size: int) -> Dataset:
    """The elements of `HEADER_TAGS`.

    Args:
        head: the first `FIRST_READ` bytes, fewer where the file ends.
        stream: the file, at the end of `head`; it can be sought.
        size: bytes of the file.

    Raises:
        Exception: whatever the parser raises on a damaged file.
    """
    window = _Window(head, stream)
    meta = _walk(window, 132, False, _META_LAST, None) if head[128:132] == b"DICM" else None
    syntax = _uid(meta[0], _TRANSFER_SYNTAX) if meta else b""
    if syntax == _DEFLATED and meta:
        stream.seek(meta[1])
        return _deflated(stream.read(min(size, limits.DEFLATED_HEADER_BYTES)), meta[0])
    if _DEFLATED in head:  # the parser would unpack it without a limit
        raise ValueError("a deflated file whose meta information is unusual")
    quick = _quick(window, meta[0], meta[1], syntax) if meta else None
    if quick is not None:
        return quick
    stream.seek(0)
    whole = io.BytesIO(stream.read(size)) if size <= _READ_WHOLE else _Clamped(stream, size)
    return parse(cast("BinaryIO", whole), pixels=False, tags=list(HEADER_TAGS))


def media_class(head: bytes) -> str:
    """Media Storage SOP Class UID, from the first bytes of a file; empty where its meta information is unusual."""
    walked = _walk(_Window(head, io.BytesIO()), 132, False, _META_LAST, None) if head[128:132] == b"DICM" else None
    return _uid(walked[0], _MEDIA_SOP_CLASS).decode("ascii", "replace") if walked else ""


def series_uid_of_damaged(head: bytes) -> str:
    """Series Instance UID of a file that can't be read on, if it comes before the damage; else an empty text."""
    found = _SERIES_UID.search(head, 132)
    return found[1].decode() if found else ""


class QuickHeader(Dataset):
    """A data set whose `get` takes plain values, such as codes, numbers and UIDs, as they stand in the file.

    They are text then, a list of texts where there are several; `dicom_values` makes of them what it makes of those of
    pydicom.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of an element; see `pydicom.dataset.Dataset.get`."""
        tag, vr = _PLAIN_KEYWORDS.get(key, (None, ""))
        if tag is None:
            return super().get(key, default)
        element = self._dict.get(tag)
        if element is None:
            return default
        if isinstance(element, RawDataElement) and element.VR in (vr, None) and element.value:
            try:
                return _plain_value(vr, element.value)
            except ValueError:
                pass
        return super().get(key, default)


@lru_cache(maxsize=4096)
def _plain_value(vr: str, raw: bytes) -> Any:
    if vr == "US":
        if len(raw) != 2:
            raise ValueError("several values")
        return int.from_bytes(raw, "little")
    values = [value.strip(" ") for value in raw.decode("ascii").rstrip("\0 ").split("\\")]
    return values if len(values) > 1 else values[0]


class _Clamped:
    """A large file that never makes room for more bytes than it has, whatever length an element claims."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._size = size
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, count: int = -1) -> bytes:
        """Up to `count` bytes."""
        left = max(0, self._size - self.tell())
        return self._stream.read(left if count < 0 else min(count, left))


class _Window:
    """The first bytes of a file, as many as were asked for so far."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self.data = head
        self._stream = stream

    def reach(self, end: int) -> bool:
        """Whether the file has bytes up to `end`; they are then in `data`."""
        while len(self.data) < end <= _MOST:
            more = self._stream.read(max(_MORE, end - len(self.data)))
            if not more:
                return False
            self.data += more
        return len(self.data) >= end


def _quick(window: _Window, meta: _Elements, at: int, syntax: bytes) -> Dataset | None:
    """The header where it is a usual one; None where it is pydicom's turn."""
    if _uid(meta, _MEDIA_SOP_CLASS) not in _ONE_IMAGE_A_FILE or not syntax.startswith(b"1.2.840.10008.1.2"):
        return None
    if syntax == _BIG_ENDIAN:
        return None
    implicit = syntax == _IMPLICIT
    walked = _walk(window, at, implicit, _LAST, _WANTED)
    if walked is None:
        return None
    elements = walked[0]
    dataset = QuickHeader(elements)  # type: ignore[arg-type]
    named = elements.get(BaseTag(_CHARACTER_SET))
    dataset.set_original_encoding(implicit, True, _encodings(named.value or b"" if named else b""))
    dataset.file_meta = FileMetaDataset(meta)  # type: ignore[arg-type]
    return dataset


def _walk(
    window: _Window, at: int, implicit: bool, last: int, wanted: dict[int, BaseTag] | None
) -> tuple[_Elements, int] | None:
    """The wanted elements (None: all) from an offset to the tag `last`, and where that ends; None if it is unusual."""
    found: _Elements = {}
    before, data = 0, window.data
    while True:
        if at + 12 > len(data):  # not asked for every element: this loop is what takes the time
            window.reach(at + 12)
            data = window.data
            if at + 8 > len(data):
                return (found, at) if at == len(data) else None
        group, element, vr, length = _ELEMENT(data, at)
        tag = group << 16 | element
        if tag > last:
            return found, at
        if tag <= before:
            return None
        body = at + 8
        if implicit:
            (length,) = _LENGTH(data, at + 4)
        elif vr in _LONG:
            body = at + 12
            if body > len(data):
                return None
            (length,) = _LENGTH(data, at + 8)
        elif vr not in _SHORT:
            return None
        end = following = body + length
        if length == _UNDEFINED:
            after = _end_of_sequence(window, body, implicit, 0) if implicit or vr == b"SQ" else None
            if after is None:
                return None
            end, following = after - 8, after
            data = window.data
        elif following > len(data):
            if not window.reach(following):
                return None
            data = window.data
        if wanted is None or tag in wanted:
            known = BaseTag(tag) if wanted is None else wanted[tag]
            value = data[body:end]
            name = None if implicit else _VR_NAMES[vr]
            found[known] = RawDataElement(known, name, len(value), value, body, implicit, True)
        before, at = tag, following


def _end_of_sequence(window: _Window, at: int, implicit: bool, depth: int) -> int | None:
    """Offset behind the delimiter of a sequence of undefined length whose items start at `at`."""
    if depth > _DEEPEST:
        return None
    while window.reach(at + 8):
        group, element, length = _ITEM_HEAD(window.data, at)
        tag, at = group << 16 | element, at + 8
        if tag == _SEQUENCE_END:
            return at
        if tag != _ITEM:
            return None
        if length != _UNDEFINED:
            at += length
            continue
        after = _end_of_item(window, at, implicit, depth)
        if after is None:
            return None
        at = after
    return None


def _end_of_item(window: _Window, at: int, implicit: bool, depth: int) -> int | None:
    while window.reach(at + 8):
        group, element, vr, length = _ELEMENT(window.data, at)
        if group << 16 | element == _ITEM_END:
            return at + 8
        body = at + 8
        if implicit:
            (length,) = _LENGTH(window.data, at + 4)
        elif vr in _LONG:
            body = at + 12
            if not window.reach(body):
                return None
            (length,) = _LENGTH(window.data, at + 8)
        elif vr not in _SHORT:
            return None
        if length == _UNDEFINED:
            after = _end_of_sequence(window, body, implicit, depth + 1) if implicit or vr == b"SQ" else None
            if after is None:
                return None
            at = after
        else:
            at = body + length
    return None


def _uid(elements: _Elements, tag: int) -> bytes:
    element = elements.get(BaseTag(tag))
    return (element.value or b"").rstrip(b"\0 ") if element else b""


@lru_cache(maxsize=64)
def _encodings(written: bytes) -> list[str]:
    names = [name.strip() for name in written.decode("ascii", "replace").strip("\0 ").split("\\")]
    return convert_encodings(names if len(names) > 1 else names[0])


def _deflated(packed: bytes, meta: _Elements) -> Dataset:
    plain = inflate(packed, limits.DEFLATED_HEADER_BYTES, cut=True)
    dataset = parse(io.BytesIO(plain), pixels=False, tags=list(HEADER_TAGS))
    dataset.file_meta = FileMetaDataset(meta)  # type: ignore[arg-type]
    return dataset
