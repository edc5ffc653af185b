"""One run at a time on a case: the lock of its draft, which ends with the process that holds it, however it ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

_GUARD_SECONDS = 30.0


class InUse(Exception):
    """Another process, or another run of this one, holds the lock."""


@contextlib.contextmanager
def only_run(place: Path) -> Iterator[None]:
    """Hold the lock of `place` (a file beside it, gone afterwards).

    Raises:
        InUse: it is held already.
    """
    lock = FileLock(place.with_name(f"{place.name}.lock"))
    with _guard(place):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise InUse from error
    try:
        yield
    finally:
        with _guard(place):
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)


def _guard(place: Path) -> FileLock:
    """Held while a lock is taken or removed: one who waits for a removed file would run beside one with a new file."""
    return FileLock(place.parent.with_name(f"{place.parent.name}.lock"), timeout=_GUARD_SECONDS)
