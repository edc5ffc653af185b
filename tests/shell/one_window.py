"""One window, or one canvas, for the tests of a module, and a runner that runs nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtTest import QTest

from vb_desktop.shell.app import build_window
from vb_desktop.shell.canvas_view import CanvasView
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.settings import Settings


class FakeRunner(QObject):
    """The signals of the runner, and what it was asked."""

    started = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str, str, str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, Any]] = []
        self.prepared: list[tuple[Any, Any]] = []
        self.is_running = False
        self.was_shut_down = False
        self.renewed: bool | None = None

    def warm_up(self) -> None: ...

    def start(self, job: Any, argument: Any) -> None:
        self.asked.append((job, argument))
        self.is_running = True

    def renew(self, *, warm: bool = True) -> None:
        self.renewed = warm

    def prepare(self, job: Any, argument: Any) -> None:
        self.prepared.append((job, argument))

    def cancel(self) -> None:
        self.is_running = False
        self.cancelled.emit()

    def shut_down(self) -> None:
        self.was_shut_down = True

    def end_with(self, result: Any) -> None:
        self.is_running = False
        self.finished.emit(result)

    def fail(self, *words: str) -> None:
        self.is_running = False
        self.failed.emit(*words)


def load(path: Path | None, settings: Settings, runner: FakeRunner | CaseRunner) -> MainWindow:
    window = build_window(path, runner, settings)  # type: ignore[arg-type]
    window.show()
    until = time.monotonic() + 30
    while window.canvas is None:
        assert time.monotonic() < until, "the viewer did not load"
        QTest.qWait(20)
    return window


def forget(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    QTest.qWait(50)


@contextmanager
def shared_window(folder: Path, height: int, runner: CaseRunner | None = None) -> Iterator[MainWindow]:
    """One window for the tests of a module: building it takes a second. Unless a runner is given, nothing runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NAPARI_CONFIG", str(folder / "napari.yaml"))
        patch.setattr(sys, "excepthook", sys.excepthook)
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        settings.cases_folder = folder / "cases"
        window = load(None, settings, runner or FakeRunner())
        window.resize(1000, height)
        yield window
        forget(window)


@contextmanager
def shared_canvas(folder: Path, width: int, height: int) -> Iterator[CanvasView]:
    """One canvas for the tests of a module: four of napari's take a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NAPARI_CONFIG", str(folder / "napari.yaml"))
        canvas = CanvasView()
        canvas.resize(width, height)
        canvas.show()
        yield canvas
        canvas.close_viewer()
        canvas.deleteLater()
        QTest.qWait(50)  # make_napari_viewer of other tests refuses to work beside a viewer that is still there
