"""What a compressed frame tells of itself before a decoder makes room for it: its size, and whether it is whole."""

from __future__ import annotations

_JPEG_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}  # F7: JPEG-LS


def announced_size(frame: bytes) -> tuple[int, int] | None:
    """Rows and columns of a JPEG, JPEG-LS or JPEG 2000 codestream; None where it has no such header.

    Args:
        frame: one compressed frame.
    """
    if frame[:2] == b"\xff\xd8":
        return _jpeg_size(frame)
    start = frame.find(b"\xff\x4f\xff\x51", 0, 512)  # behind the boxes of a JP2 file, which some writers leave in
    if start >= 0 and len(frame) >= start + 40:
        width, height, left, top = (int.from_bytes(frame[start + n : start + n + 4], "big") for n in (8, 12, 16, 20))
        return height - top, width - left
    return None


def is_complete(frame: bytes) -> bool:
    """Whether a JPEG, JPEG-LS or JPEG 2000 codestream ends with its end marker (and the padding of DICOM)."""
    return frame.rstrip(b"\0")[-2:] == b"\xff\xd9"


def _jpeg_size(frame: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in _JPEG_FRAME_HEADERS:
            return int.from_bytes(frame[at + 5 : at + 7], "big"), int.from_bytes(frame[at + 7 : at + 9], "big")
        at += 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return None
