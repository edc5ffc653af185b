"""What differs between platforms, and where the program may write. Linux is where it is built and tested."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import platformdirs


def has_display() -> bool:
    """Whether a window can be shown."""
    if platform.system() == "Linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True  # Windows and macOS: not tried


def cache_folder() -> Path:
    """The program's cache folder, private to the user."""
    return Path(platformdirs.user_cache_dir("vb-desktop", appauthor=False))


def keep_to_own_folders() -> None:
    """Send what libraries keep of their own into the cache folder; to be called before they are imported."""
    os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))  # MONAI and ANTs bring matplotlib along
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(cache_folder() / "torch"))  # made when torch is imported
    os.environ.setdefault("MESA_SHADER_CACHE_DIR", str(cache_folder() / "mesa"))
