"""The draft of a case: where a run works, so that the case folder changes only once, at the end, and at a stroke.

The draft lies in the program's cache folder under a name that says nothing of the patient. A run that is killed leaves
its draft, and `--resume` goes on with it; a run that fails or ends removes it. The case folder is as it was before.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from vb_desktop.installation import cache_folder
from vb_desktop.pipeline.errors import CaseFolderError, VBError

NEEDED_MB = 500
"""Room that a case needs on each disk that it is written to, draft included; the measured ones took 25 to 75 MB."""
FULL_MB = 16
"""With less room than this left, an error of unknown kind is taken for the full disk's: the largest file is 20 MB."""
DAYS_KEPT = 7


@contextlib.contextmanager
def draft_of(out: Path, *, resume: bool, force: bool) -> Iterator[Path]:
    """A folder to work in; published as `out` when the block ends, removed when it fails with an error.

    Args:
        out: the case folder to be.
        resume: go on with an interrupted run or with the case at `out`.
        force: replace the case at `out`.

    Raises:
        CaseFolderError: `out` exists and neither was asked for, can't be written, is in use, or the disk is full.
    """
    out = out.expanduser().absolute()
    _check(out, resume=resume, force=force)
    draft = _draft_folder(out)
    lock = FileLock(draft.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CaseFolderError("case.busy", folder=out) from error
    try:
        _forget_old(keep=draft)
        _prepare(draft, out, resume=resume)
        with _temporary_files_in(draft / "tmp"):
            try:
                yield draft
            except Exception as error:
                if _is_full(error, draft):
                    raise CaseFolderError("case.disk_full_now") from error
                raise
        shutil.rmtree(draft / "tmp", ignore_errors=True)
        _publish(draft, out)
    except Exception:
        if not resume:  # what an interrupted run had done is not lost by an error in going on
            shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


def forget_draft(out: Path) -> None:
    """Remove what an ended run has left for `--resume`; nothing happens while a run works on it."""
    draft = _draft_folder(out.expanduser().absolute())
    lock = FileLock(draft.with_suffix(".lock"))
    with contextlib.suppress(Timeout), lock.acquire(timeout=0):
        shutil.rmtree(draft, ignore_errors=True)
        Path(lock.lock_file).unlink(missing_ok=True)


def _draft_folder(out: Path) -> Path:
    return _drafts_folder() / hashlib.sha256(str(out).encode()).hexdigest()[:16]


def _check(out: Path, *, resume: bool, force: bool) -> None:
    if out.exists() and not (resume or force):
        if not out.is_dir() or any(out.iterdir()):
            raise CaseFolderError("case.exists", folder=out)
    if out.exists() and not (out / "case.json").is_file() and (not out.is_dir() or any(out.iterdir())):
        raise CaseFolderError("case.not_ours", folder=out)  # never delete what we did not write
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise CaseFolderError("case.no_write", folder=out, cause=error.strerror or "it is refused") from error
    for folder in (out.parent, _drafts_folder()):
        free = shutil.disk_usage(folder).free // 2**20
        if free < NEEDED_MB:
            raise CaseFolderError("case.disk_full", folder=folder, free_mb=free, need_mb=NEEDED_MB)


def _drafts_folder() -> Path:
    folder = cache_folder() / "drafts"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CaseFolderError("case.no_write", folder=folder, cause=error.strerror or "it is refused") from error
    return folder


def _prepare(draft: Path, out: Path, *, resume: bool) -> None:
    """Empty for a new run; for a resumed one the interrupted draft or, where it is newer, a copy of the case."""
    if not resume:
        shutil.rmtree(draft, ignore_errors=True)
    elif (out / "case.json").is_file() and _age(out) < _age(draft):
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(out, draft)
    elif not draft.exists():
        raise CaseFolderError("case.nothing_to_resume", folder=out)
    shutil.rmtree(draft / "tmp", ignore_errors=True)
    (draft / "tmp").mkdir(parents=True, mode=0o700)
    for left in draft.rglob(".*.tmp-*"):  # of a killed run
        left.unlink()


def _age(folder: Path) -> float:
    record = folder / "case.json"
    return time.time() - record.stat().st_mtime if record.is_file() else float("inf")


def _publish(draft: Path, out: Path) -> None:
    """Put the draft in the place of `out`; a failure leaves `out` as it was."""
    fresh = out.with_name(f".{uuid4().hex[:12]}.tmp")
    old = out.with_name(f".{uuid4().hex[:12]}.old")
    try:
        try:
            os.rename(draft, fresh)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.copytree(draft, fresh)
        if out.exists():
            os.rename(out, old)
        try:
            os.rename(fresh, out)
        except OSError:
            if old.exists():
                os.rename(old, out)
            raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise CaseFolderError("case.disk_full_now") from error
        raise CaseFolderError("case.no_write", folder=out, cause=error.strerror or "it is refused") from error
    finally:
        for folder in (fresh, old, draft):
            shutil.rmtree(folder, ignore_errors=True)


def _is_full(error: Exception, folder: Path) -> bool:
    """Whether an error came from a full disk; libraries in C++ say so in words of their own."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return True
    return not isinstance(error, VBError) and shutil.disk_usage(folder).free < FULL_MB * 2**20


def _forget_old(keep: Path) -> None:
    """Interrupted runs hold a patient's scan: they are not kept for ever."""
    for draft in keep.parent.iterdir():
        if draft.stem != keep.name and time.time() - draft.stat().st_mtime > DAYS_KEPT * 86400:
            if draft.is_dir():
                shutil.rmtree(draft, ignore_errors=True)
            else:
                draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Libraries' temporary files go into the draft: a killed run leaves none of a patient's elsewhere."""
    before, environment = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = str(folder)
    os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        if environment is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = environment
