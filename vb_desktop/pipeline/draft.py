"""The draft of a case: where a run works, so that the case folder changes only once, at the end, and at a stroke.

The draft lies in the program's cache folder under a name that says nothing of the patient. A run that is killed leaves
its draft, and `--resume` goes on with it; a run that fails or ends removes it. The case folder is as it was before.

    drafts/NAME/case     what will be the case folder
    drafts/NAME/tmp      temporary files of libraries
    drafts/NAME/began    sha256 of the case.json that the run began with; empty where there was no case
    drafts/NAME.lock     held while a run works
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from vb_desktop.installation import cache_folder
from vb_desktop.pipeline.atomic import TEMPORARY, write_text
from vb_desktop.pipeline.errors import CaseFolderError, VBError
from vb_desktop.pipeline.one_run import InUse, only_run
from vb_desktop.pipeline.publish import mend, publish

NEEDED_MB = 500
"""Room that a case needs on each disk that it is written to, draft included; the measured ones took 25 to 75 MB."""
FULL_MB = 16
"""With less room than this left, an error of unknown kind is taken for the full disk's: the largest file is 20 MB."""
DAYS_KEPT = 7


@contextlib.contextmanager
def draft_of(out: Path, *, resume: bool, force: bool) -> Iterator[Path]:
    """A folder to work in; published as `out` when the block ends, removed when it fails with an error.

    An error that says of itself that it is resumable leaves the folder for `--resume`.

    Args:
        out: the case folder to be.
        resume: go on with an interrupted run or with the case at `out`.
        force: replace the case at `out`.

    Raises:
        CaseFolderError: `out` exists and neither was asked for, can't be written, is in use, or the disk is full.
    """
    out = _resolved(out)
    place = _place(out)
    draft = place / "case"
    with _alone(place, out):
        try:
            mend(draft, out)
        except OSError as error:
            raise CaseFolderError("case.no_write", folder=out, cause=error.strerror or "it is refused") from error
        _check(out, resume=resume, force=force)
        _forget_old(keep=place)
        goes_on = resume and _can_go_on(place, out)
        try:
            if not goes_on:
                _begin(place, out, resume=resume)
            _tidy(place)
            with _temporary_files_in(place / "tmp"):
                yield draft
        except Exception as error:
            full = _is_full(error, place)
            # What an interrupted run had done is not lost by an error in going on, nor by one that time may mend.
            if not goes_on and not getattr(error, "resumable", False):
                shutil.rmtree(place, ignore_errors=True)
            if full:
                raise CaseFolderError("case.disk_full_now") from error
            raise
        publish(draft, out)
        shutil.rmtree(place, ignore_errors=True)


def forget_draft(out: Path) -> None:
    """Remove what an ended run has left for `--resume`; nothing happens while a run works on it."""
    place = _place(_resolved(out))
    with contextlib.suppress(InUse), only_run(place):
        shutil.rmtree(place, ignore_errors=True)


def _resolved(out: Path) -> Path:
    """The folder itself, whatever links lead to it: it is renamed and locked under one name."""
    return Path(os.path.realpath(out.expanduser()))


def _place(out: Path) -> Path:
    return _drafts_folder() / hashlib.sha256(str(out).encode()).hexdigest()[:16]


def _drafts_folder() -> Path:
    folder = cache_folder() / "drafts"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CaseFolderError("case.no_write", folder=folder, cause=error.strerror or "it is refused") from error
    return folder


@contextlib.contextmanager
def _alone(place: Path, out: Path) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(only_run(place))
        except InUse as error:
            raise CaseFolderError("case.busy", folder=out) from error
        except OSError as error:
            cause = error.strerror or "it is refused"
            raise CaseFolderError("case.no_write", folder=place.parent, cause=cause) from error
        yield


def _check(out: Path, *, resume: bool, force: bool) -> None:
    if out.exists() and not (resume or force):
        if not out.is_dir() or any(out.iterdir()):
            raise CaseFolderError("case.exists", folder=out)
    if out.exists() and not (out / "case.json").is_file() and (not out.is_dir() or any(out.iterdir())):
        raise CaseFolderError("case.not_ours", folder=out)  # never delete what we did not write
    if out.exists() and not os.access(out, os.W_OK):
        raise CaseFolderError("case.no_write", folder=out, cause="it is write-protected")
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


def _begin(place: Path, out: Path, *, resume: bool) -> None:
    """An empty draft or, to go on with a case, a copy of it. A kill in here leaves no draft."""
    state = _state(out)
    if resume and not state:
        raise CaseFolderError("case.nothing_to_resume", folder=out)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    write_text(place / "began", state)
    copy = place / "copy"
    if resume:
        shutil.copytree(out, copy)
        for path in (copy, *copy.rglob("*")):  # write-protected files of a case are replaced like any others
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
    else:
        copy.mkdir()
    copy.rename(place / "case")


def _tidy(place: Path) -> None:
    shutil.rmtree(place / "tmp", ignore_errors=True)
    (place / "tmp").mkdir(mode=0o700)
    for left in (place / "case").rglob(TEMPORARY):  # of a killed run
        left.unlink()


def _can_go_on(place: Path, out: Path) -> bool:
    """Whether there is a draft, of the case as it is now; one that a power loss has damaged gives way to the case."""
    state = _state(out)
    if not (place / "case").is_dir() or state not in ("", _began_with(place)):
        return False
    try:
        json.loads((place / "case" / "case.json").read_bytes())
    except (OSError, ValueError):
        return not state
    return True


def _state(out: Path) -> str:
    """What tells whether the case has changed; no clock is asked. Empty where there is no case."""
    record = out / "case.json"
    return hashlib.sha256(record.read_bytes()).hexdigest() if record.is_file() else ""


def _began_with(place: Path) -> str:
    began = place / "began"
    return began.read_text(encoding="utf-8") if began.is_file() else "not known"


def _is_full(error: Exception, folder: Path) -> bool:
    """Whether an error came from a full disk; libraries in C++ say so in words of their own."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return True
    return not isinstance(error, VBError) and shutil.disk_usage(folder).free < FULL_MB * 2**20


def _forget_old(keep: Path) -> None:
    """Interrupted runs hold a patient's scan: they are not kept for ever, whatever way the clock was set since."""
    for place in {path.with_name(path.stem) for path in keep.parent.iterdir()} - {keep}:
        with contextlib.suppress(InUse, OSError), only_run(place):
            touched = [path.stat().st_mtime for path in (place, place / "case" / "case.json") if path.exists()]
            if not touched or min(abs(time.time() - when) for when in touched) > DAYS_KEPT * 86400:
                shutil.rmtree(place, ignore_errors=True)


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
