"""The one way to a file that ships with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def assets_folder() -> Path:
    """Folder of shipped files: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).resolve().parent
    bundled = package / "_assets"
    return bundled if bundled.is_dir() else package.parent / "assets"


def asset(name: str) -> Path:
    """Path of a shipped file or folder, e.g. `asset("case.schema.json")`; it may not exist."""
    return assets_folder() / name
