"""Images that are closed give their memory back to the system at once, where the C library has a way to ask for it."""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_LARGE = 1 << 20


def return_freed_memory() -> bool:
    """Let each block above a megabyte be mapped by itself.

    The GNU C library raises that limit to 32 MB as soon as a large block is freed; volumes of 25 MB then lie on the
    heap, which is left full of holes by one case after the other.

    Returns:
        Whether the C library took it.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE))
    except (OSError, AttributeError):  # another C library
        return False
