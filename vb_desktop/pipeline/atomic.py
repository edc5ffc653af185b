"""Files are written under a temporary name and renamed: a reader sees the old one or the new one, never half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

TEMPORARY = ".*.tmp-*"
"""Pattern of the temporary names, for those who tidy up behind a killed run."""


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`; renamed to it at the end, removed when the block fails.

    The name keeps the ending of `path`, which tells libraries the format.
    """
    temporary = path.with_name(f".{uuid4().hex[:12]}.tmp-{path.name}")
    try:
        yield temporary
        _sync(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sync_tree(folder: Path) -> None:
    """See to it that every file under `folder`, and the names of all, are on the disk."""
    for where, _, names in os.walk(folder):
        for name in names:
            _sync(Path(where) / name)
        sync_folder(Path(where))


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk, where the system has a way to ask for it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
