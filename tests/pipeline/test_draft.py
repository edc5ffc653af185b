"""The case folder changes only at the end and at a stroke; a killed run leaves a draft, a failed one nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from vb_desktop.installation import cache_folder
from vb_desktop.pipeline import draft as draft_module
from vb_desktop.pipeline.draft import DAYS_KEPT, draft_of, forget_draft
from vb_desktop.pipeline.errors import CaseFolderError


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write_case(out: Path, text: str = "{}", **options: bool) -> None:
    options = {"resume": False, "force": False} | options
    with draft_of(out, **options) as folder:
        (folder / "case.json").write_text(text)
        (folder / "native").mkdir(exist_ok=True)
        (folder / "native" / "a.txt").write_text(text)


class Killed(BaseException):
    """Stands for SIGKILL: no `except Exception` sees it, as nothing sees the signal."""


def interrupt(out: Path, **options: bool) -> None:
    with pytest.raises(Killed), draft_of(out, **{"resume": False, "force": False} | options) as folder:
        (folder / "case.json").write_text('"half"')
        raise Killed


def test_a_finished_run_is_published_whole(tmp_path: Path) -> None:
    write_case(tmp_path / "case", "new")
    assert snapshot(tmp_path / "case") == {"case.json": b"new", "native/a.txt": b"new"}
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != ".home") == ["case"]
    assert not list((cache_folder() / "drafts").iterdir())


def test_an_existing_case_is_refused_and_left_alone(tmp_path: Path) -> None:
    write_case(tmp_path / "case", "old")
    before = snapshot(tmp_path / "case")
    with pytest.raises(CaseFolderError) as error:
        write_case(tmp_path / "case", "new")
    assert error.value.message.id == "case.exists"
    assert "--resume" in error.value.advice() and "--force" in error.value.advice()
    assert snapshot(tmp_path / "case") == before


def test_force_replaces_the_case(tmp_path: Path) -> None:
    write_case(tmp_path / "case", "old")
    (tmp_path / "case" / "left over.txt").write_text("x")
    write_case(tmp_path / "case", "new", force=True)
    assert snapshot(tmp_path / "case") == {"case.json": b"new", "native/a.txt": b"new"}


@pytest.mark.parametrize("options", [{"force": True}, {"resume": True}])
def test_a_folder_that_is_no_case_is_never_replaced(tmp_path: Path, options: dict[str, bool]) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(CaseFolderError) as error:
        write_case(tmp_path / "photos", **options)
    assert error.value.message.id == "case.not_ours"
    assert snapshot(tmp_path / "photos") == {"holiday.jpg": b"x"}


def test_an_error_leaves_the_case_as_before_and_no_draft(tmp_path: Path) -> None:
    write_case(tmp_path / "case", "old")
    before = snapshot(tmp_path / "case")
    with pytest.raises(RuntimeError), draft_of(tmp_path / "case", resume=False, force=True) as folder:
        (folder / "case.json").write_text("half")
        raise RuntimeError
    assert snapshot(tmp_path / "case") == before
    assert not list((cache_folder() / "drafts").iterdir())


def test_a_killed_run_leaves_no_case_and_a_draft_to_resume(tmp_path: Path) -> None:
    interrupt(tmp_path / "case")
    assert not (tmp_path / "case").exists()
    with draft_of(tmp_path / "case", resume=True, force=False) as folder:
        assert (folder / "case.json").read_text() == '"half"'
        (folder / "case.json").write_text("whole")
    assert (tmp_path / "case" / "case.json").read_text() == "whole"


def test_a_new_run_does_not_see_the_draft_of_a_killed_one(tmp_path: Path) -> None:
    interrupt(tmp_path / "case")
    with draft_of(tmp_path / "case", resume=False, force=False) as folder:
        assert not (folder / "case.json").exists()
        (folder / "case.json").write_text("new")


def test_resume_goes_on_with_the_draft_unless_the_case_was_changed_since(tmp_path: Path) -> None:
    write_case(tmp_path / "case", "old")
    interrupt(tmp_path / "case", force=True)
    with draft_of(tmp_path / "case", resume=True, force=False) as folder:
        assert (folder / "case.json").read_text() == '"half"'
    interrupt(tmp_path / "case", force=True)
    (tmp_path / "case" / "case.json").write_text("edited since")
    with draft_of(tmp_path / "case", resume=True, force=False) as folder:
        assert (folder / "case.json").read_text() == "edited since"


@pytest.mark.parametrize("when", [1, 2**32])
def test_a_clock_that_was_set_does_not_choose(tmp_path: Path, when: int) -> None:
    write_case(tmp_path / "case", "old")
    interrupt(tmp_path / "case", force=True)
    os.utime(tmp_path / "case" / "case.json", (when, when))
    with draft_of(tmp_path / "case", resume=True, force=False) as folder:
        assert (folder / "case.json").read_text() == '"half"'


def test_a_damaged_draft_gives_way_to_the_case(tmp_path: Path) -> None:
    write_case(tmp_path / "case", "old")
    interrupt(tmp_path / "case", resume=True)
    record = place_of(tmp_path / "case") / "case" / "case.json"
    record.write_bytes(record.read_bytes()[:3])  # what a power loss leaves
    with draft_of(tmp_path / "case", resume=True, force=False) as folder:
        assert (folder / "case.json").read_text() == "old"


def test_a_case_that_was_removed_meanwhile_leaves_its_draft_to_go_on_with(tmp_path: Path) -> None:
    write_case(tmp_path / "case", "old")
    interrupt(tmp_path / "case", resume=True)
    shutil.rmtree(tmp_path / "case")
    with draft_of(tmp_path / "case", resume=True, force=False) as folder:
        assert (folder / "case.json").read_text() == '"half"'


def test_nothing_to_resume_is_said(tmp_path: Path) -> None:
    with pytest.raises(CaseFolderError) as error:
        write_case(tmp_path / "case", resume=True)
    assert error.value.message.id == "case.nothing_to_resume"


def test_two_runs_on_one_case_are_refused(tmp_path: Path) -> None:
    with draft_of(tmp_path / "case", resume=False, force=False) as folder:
        (folder / "case.json").write_text("first")
        with pytest.raises(CaseFolderError) as error, draft_of(tmp_path / "case", resume=False, force=False):
            pass
    assert error.value.message.id == "case.busy"
    assert (tmp_path / "case" / "case.json").read_text() == "first"


def test_a_folder_that_cannot_be_written_is_said_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CaseFolderError) as error:
        write_case(tmp_path / "file" / "case")
    assert error.value.message.id == "case.no_write"


def test_too_little_room_is_said_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_module, "NEEDED_MB", 10**9)
    with pytest.raises(CaseFolderError) as error:
        write_case(tmp_path / "case")
    assert error.value.message.id == "case.disk_full"
    assert not (tmp_path / "case").exists()


def test_a_disk_that_becomes_full_leaves_the_case_as_before(tmp_path: Path) -> None:
    write_case(tmp_path / "case", "old")
    before = snapshot(tmp_path / "case")
    with pytest.raises(CaseFolderError) as error, draft_of(tmp_path / "case", resume=False, force=True):
        raise OSError(28, "No space left on device")
    assert error.value.message.id == "case.disk_full_now"
    assert snapshot(tmp_path / "case") == before


def test_temporary_files_of_libraries_stay_in_the_draft(tmp_path: Path) -> None:
    import tempfile

    with draft_of(tmp_path / "case", resume=False, force=False) as folder:
        with tempfile.NamedTemporaryFile() as file:
            assert Path(file.name).is_relative_to(folder.parent)
        (folder / "case.json").write_text("x")
    assert [path.name for path in (tmp_path / "case").iterdir()] == ["case.json"]


def test_an_error_in_going_on_does_not_lose_what_was_done(tmp_path: Path) -> None:
    interrupt(tmp_path / "case")
    with pytest.raises(RuntimeError), draft_of(tmp_path / "case", resume=True, force=False):
        raise RuntimeError
    with draft_of(tmp_path / "case", resume=True, force=False) as folder:
        assert (folder / "case.json").read_text() == '"half"'


def test_a_draft_can_be_forgotten_but_not_under_a_run(tmp_path: Path) -> None:
    interrupt(tmp_path / "case")
    forget_draft(tmp_path / "case")
    assert not list((cache_folder() / "drafts").iterdir())
    with draft_of(tmp_path / "case", resume=False, force=False) as folder:
        (folder / "case.json").write_text("working")
        forget_draft(tmp_path / "case")
        assert (folder / "case.json").read_text() == "working"


def test_drafts_of_killed_runs_are_not_kept_for_ever(tmp_path: Path) -> None:
    assert DAYS_KEPT > 1
    for name, when in (("long ago", 1), ("with a wrong clock", 2**32), ("yesterday", None)):
        interrupt(tmp_path / name)
        if when is not None:
            place = place_of(tmp_path / name)
            os.utime(place / "case" / "case.json", (when, when))
            os.utime(place, (when, when))
    write_case(tmp_path / "case", "new")
    assert list((cache_folder() / "drafts").iterdir()) == [place_of(tmp_path / "yesterday")]


def test_an_old_draft_is_not_taken_from_under_its_run(tmp_path: Path) -> None:
    with draft_of(tmp_path / "slow", resume=False, force=False) as folder:
        (folder / "case.json").write_text("working")
        os.utime(folder / "case.json", (1, 1))
        os.utime(folder.parent, (1, 1))
        write_case(tmp_path / "case", "new")
        assert (folder / "case.json").read_text() == "working"


def test_a_copy_that_was_killed_is_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_case(tmp_path / "case", "old")
    with monkeypatch.context() as patch:

        def half(source: Path, target: Path) -> None:
            target.mkdir()
            shutil.copy(source / "case.json", target)
            raise Killed

        patch.setattr(shutil, "copytree", half)
        with pytest.raises(Killed):
            write_case(tmp_path / "case", "new", resume=True)
    with draft_of(tmp_path / "case", resume=True, force=False) as folder:
        assert snapshot(folder) == {"case.json": b"old", "native/a.txt": b"old"}


def test_write_protected_files_of_a_case_are_replaced_a_write_protected_folder_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_case(tmp_path / "case", "old")
    (tmp_path / "case" / "case.json").chmod(0o444)
    write_case(tmp_path / "case", "new", resume=True)
    assert (tmp_path / "case" / "case.json").read_text() == "new"
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != tmp_path / "case")  # the tests may run as root
    with pytest.raises(CaseFolderError) as error:
        write_case(tmp_path / "case", "newer", resume=True)
    assert error.value.message.id == "case.no_write"
    assert (tmp_path / "case" / "case.json").read_text() == "new"


def test_a_link_to_a_case_stays_a_link(tmp_path: Path) -> None:
    write_case(tmp_path / "disk" / "case", "old")
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "case")
    with draft_of(tmp_path / "link", resume=True, force=False) as folder:
        (folder / "case.json").write_text("new")
        with pytest.raises(CaseFolderError) as error:
            write_case(tmp_path / "disk" / "case", "two at once", resume=True)
        assert error.value.message.id == "case.busy"
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "disk" / "case" / "case.json").read_text() == "new"


def place_of(out: Path) -> Path:
    return draft_module._place(out)
