"""Putting a draft in the case's place: killed between any two steps it is mended, and a failure changes nothing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vb_desktop.pipeline.errors import CaseFolderError
from vb_desktop.pipeline.publish import mend, publish


class Killed(BaseException):
    """Stands for SIGKILL."""


def draft_in(folder: Path, text: str = "new") -> Path:
    (folder / "draft" / "case" / "native").mkdir(parents=True)
    (folder / "draft" / "case" / "case.json").write_text(text)
    (folder / "draft" / "case" / "native" / "a.txt").write_text(text)
    return folder / "draft" / "case"


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def other_disk(monkeypatch: pytest.MonkeyPatch, draft: Path) -> None:
    """As if the draft lay on another disk."""
    rename = os.rename

    def refuse(source: Path, target: Path) -> None:
        if (draft in Path(source).parents or draft == Path(source)) is not (draft == Path(target)):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(source, target)

    monkeypatch.setattr(os, "rename", refuse)


WHOLE = {"case.json": b"new", "native/a.txt": b"new"}
OLD = {"case.json": b"old"}


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("one_disk", [True, False])
def test_the_draft_takes_the_place_of_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, one_disk: bool
) -> None:
    draft, out = draft_in(tmp_path), tmp_path / "cases" / "case"
    out.parent.mkdir()
    if there:
        out.mkdir()
        out.chmod(0o750)
        (out / "left over.txt").write_text("x")
    if not one_disk:
        other_disk(monkeypatch, draft)
    publish(draft, out)
    assert snapshot(out) == WHOLE
    assert [path.name for path in out.parent.iterdir()] == ["case"]
    assert not there or out.stat().st_mode & 0o777 == 0o750
    assert draft.exists() is not one_disk, "a draft that was copied is removed by who made it"


STEPS = ["rename 1 before", "rename 1", "rename 2 before", "rename 2", "rename 3 before", "rename 3", "copy", "rmtree"]


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("one_disk", [True, False])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_loses_neither_case_nor_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, one_disk: bool, step: str
) -> None:
    draft, out = draft_in(tmp_path), tmp_path / "cases" / "case"
    out.parent.mkdir()
    if there:
        out.mkdir()
        (out / "case.json").write_text("old")
    with monkeypatch.context() as patch:
        if not one_disk:
            other_disk(patch, draft)
        kill_at(patch, step)
        try:
            publish(draft, out)
        except Killed:
            pass
    with monkeypatch.context() as patch:
        if not one_disk:
            other_disk(patch, draft)
        mend(draft, out)
    seen = snapshot(out) if out.exists() else None
    assert seen in ([WHOLE, OLD] if there else [WHOLE, None]), "the old one or the new one, never half"
    assert seen == WHOLE or snapshot(draft) == WHOLE, "what was computed is there"
    assert {path.name for path in out.parent.iterdir()} <= {"case"}


def kill_at(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    name, _, rest = step.partition(" ")
    number, before = int(rest.split()[0]) if rest else 1, rest.endswith("before")
    module: Any = {"rename": os, "copy": shutil, "rmtree": shutil}[name]
    attribute = {"rename": "rename", "copy": "copy2", "rmtree": "rmtree"}[name]
    really: Callable[..., Any] = getattr(module, attribute)
    calls = 0

    def killed(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number and before:
            raise Killed
        done = really(*arguments, **named) if name != "rmtree" else None
        if calls == number:
            raise Killed
        return done

    monkeypatch.setattr(module, attribute, killed)
    if name == "copy":  # copytree bound it when it was defined
        monkeypatch.setattr(shutil.copytree, "__defaults__", (False, None, killed, False, False))


@pytest.mark.parametrize("there", [False, True])
def test_a_disk_that_is_full_at_the_end_keeps_the_work_and_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    draft, out = draft_in(tmp_path), tmp_path / "cases" / "case"
    out.parent.mkdir()
    if there:
        out.mkdir()
        (out / "case.json").write_text("old")
    with monkeypatch.context() as patch:
        other_disk(patch, draft)

        def full(source: str, target: str, **_: Any) -> None:
            Path(target).write_bytes(b"ne")
            raise OSError(errno.ENOSPC, "No space left on device", target)

        patch.setattr(shutil.copytree, "__defaults__", (False, None, full, False, False))
        with pytest.raises(CaseFolderError) as error:
            publish(draft, out)
    assert error.value.message.id == "case.not_published"
    assert "No space left on device" in error.value.sentence() and ".new" not in error.value.sentence()
    assert snapshot(draft) == WHOLE
    assert (snapshot(out) if there else out.exists()) == (OLD if there else False)
    assert {path.name for path in out.parent.iterdir()} <= {"case"}


def test_a_case_that_cannot_be_replaced_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, out = draft_in(tmp_path), tmp_path / "cases" / "case"
    out.mkdir(parents=True)
    (out / "case.json").write_text("old")
    rename = os.rename

    def refuse(source: Path, target: Path) -> None:
        if Path(target) == out and Path(source).suffix == ".new":
            raise PermissionError(errno.EACCES, "Permission denied")
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refuse)
        with pytest.raises(CaseFolderError) as error:
            publish(draft, out)
    assert "Permission denied" in error.value.sentence()
    assert snapshot(out) == OLD and snapshot(draft) == WHOLE
    assert [path.name for path in out.parent.iterdir()] == ["case"]
