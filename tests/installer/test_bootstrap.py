"""The set-up: done once, named in one command where it may not install, and never half done."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with a root of its own."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "installer" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "MARK", tmp_path / ".venv" / "vb-setup-done")
    (tmp_path / ".venv").mkdir()
    return module


def test_it_needs_nothing_but_the_standard_library() -> None:
    code = (
        f"import runpy, sys; sys.argv = ['bootstrap.py']; runpy.run_path({str(ROOT / 'installer' / 'bootstrap.py')!r})"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


@pytest.mark.parametrize("arguments", [[], ["fly"], ["run", "test"]])
def test_wrong_usage_is_2(bootstrap: ModuleType, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_a_second_call_does_no_set_up(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def set_up() -> None:
        done.append("set up")
        bootstrap.MARK.write_text(bootstrap.fingerprint(), encoding="utf-8")

    monkeypatch.setattr(bootstrap, "set_up", set_up)
    monkeypatch.setattr(bootstrap, "run", lambda: 0)
    monkeypatch.setattr(bootstrap, "test", lambda: 0)
    assert bootstrap.main(["run"]) == 0 and bootstrap.main(["test"]) == 0
    assert done == ["set up"]


def test_a_failed_set_up_is_a_sentence_and_is_done_again(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def set_up() -> None:
        raise subprocess.CalledProcessError(1, ["pip", "install"])

    monkeypatch.setattr(bootstrap, "set_up", set_up)
    assert bootstrap.main(["run"]) == 1
    assert "Check the connection" in capsys.readouterr().err
    assert not bootstrap.MARK.exists()


def test_without_root_it_names_the_one_command(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(bootstrap.ctypes.util, "find_library", lambda name: None if name == "EGL" else "found")
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    bootstrap.system_libraries()
    said = capsys.readouterr().err
    assert "sudo apt-get install" in said and "libegl1" in said and "xvfb" in said and "libgl1 " not in said


def test_what_only_tests_need_is_installed_for_tests_alone(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    there = {"apt-get", "qpdf", "pdftoppm"}
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name, path=None: f"/{name}" if name in there else None)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    bootstrap.test_programs()
    said = capsys.readouterr().err
    assert "orthanc orthanc-dicomweb dicom3tools" in said and "qpdf" not in said
    monkeypatch.setattr(bootstrap.ctypes.util, "find_library", lambda name: "found")
    bootstrap.system_libraries()
    assert "orthanc" not in capsys.readouterr().err


def test_without_a_display_the_demo_case_runs_headless(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "has_display", lambda: False)

    def run(command: list[object], **_: object) -> subprocess.CompletedProcess[bytes]:
        called.append([str(part) for part in command])
        return subprocess.CompletedProcess(called[-1], 7)

    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    assert bootstrap.run() == 7, "the exit status of the program is the command's"
    assert called[0][1] == "run" and Path(called[0][2]).is_file() and "--out" in called[0]
