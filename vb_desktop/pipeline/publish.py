"""Put a finished draft in the place of the case: at a stroke, and mended at the next run where a kill fell in between.

    draft -> NEW beside the case -> case -> OLD -> NEW -> case -> OLD removed -> draft removed

NEW is whole from its first moment, where a rename makes it; where the cache lies on another disk it is a copy, and the
draft is kept to the end.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from pathlib import Path

from vb_desktop.pipeline.atomic import sync_folder, sync_tree
from vb_desktop.pipeline.errors import CaseFolderError


def publish(draft: Path, out: Path) -> None:
    """Put `draft` in the place of `out`.

    Raises:
        CaseFolderError: it can't be put there; `out` is as it was and the draft is kept.
    """
    new, old = _beside(draft, out)
    try:
        sync_tree(draft)
        if not _renamed(draft, new):
            shutil.copytree(draft, new)
            sync_tree(new)
        if out.exists():
            shutil.copymode(out, new)
            os.rename(out, old)
        try:
            os.rename(new, out)
        except OSError:
            if old.exists():
                os.rename(old, out)
            raise
        sync_folder(out.parent)
    except OSError as error:
        if not draft.exists():
            with contextlib.suppress(OSError):
                os.rename(new, draft)
        shutil.rmtree(new, ignore_errors=True)
        raise CaseFolderError("case.not_published", folder=out, cause=_cause(error)) from error
    shutil.rmtree(old, ignore_errors=True)


def mend(draft: Path, out: Path) -> None:
    """Set right what a run that was killed while it published left beside `out`."""
    new, old = _beside(draft, out)
    if old.exists() and not out.exists():
        os.rename(new if new.exists() else old, out)
    if new.exists() and not draft.exists():
        draft.parent.mkdir(parents=True, exist_ok=True)
        _renamed(new, draft)
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)


def _beside(draft: Path, out: Path) -> tuple[Path, Path]:
    """Names that say nothing of the patient and are the same at the next run, but not for another user."""
    name = hashlib.sha256(f"{draft}\0{out}".encode()).hexdigest()[:12]
    return out.with_name(f".{name}.new"), out.with_name(f".{name}.old")


def _renamed(source: Path, target: Path) -> bool:
    """Whether it could be renamed; not from one disk to another."""
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _cause(error: OSError) -> str:
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list) and error.args[0]:
        first = str(error.args[0][0][-1])  # of a copy: a list of (from, to, why)
        return first.partition("] ")[2].partition(": ")[0] or first
    return error.strerror or "it is refused"
