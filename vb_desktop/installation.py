"""What differs between platforms; kept in one file. Linux is where it is built and tested."""

from __future__ import annotations

import os
import platform


def has_display() -> bool:
    """Whether a window can be shown."""
    if platform.system() == "Linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True  # Windows and macOS: not tried
