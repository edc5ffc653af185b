"""Start the window: the shell at once, napari after it, the worker last."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from vb_desktop import __version__
from vb_desktop.shell import language
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.fonts import load_fonts
from vb_desktop.shell.freed_memory import return_freed_memory
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.run_config import apply_environment
from vb_desktop.shell.settings import Settings

WARM_UP_MS = 1500
"""How long after the viewer the worker starts: until then the window needs the processor."""


def main(path: Path | None = None) -> int:
    """Show the window until it is closed.

    Args:
        path: a case folder, a scan or a DICOM folder; None for the first page.

    Returns:
        Exit status.
    """
    return_freed_memory()
    use_own_napari_settings()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Virtual Biopsy Desktop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("vb-desktop")
    runner = CaseRunner()
    window = build_window(path, runner)
    window.show()
    try:
        return app.exec()
    finally:
        runner.shut_down()  # Python waits for children that are left
        sys.unraisablehook = _nothing  # nothing runs any more; vispy's finalisers stumble over a Python half gone


def _nothing(_: sys.UnraisableHookArgs) -> None:
    """Say nothing."""


def build_window(path: Path | None, runner: CaseRunner | None = None, settings: Settings | None = None) -> MainWindow:
    """The window, which goes on loading once it is shown and the event loop runs.

    Args:
        path: what it opens; None for the first page.
        runner: of its jobs.
        settings: of the user.
    """
    settings = settings or Settings()
    language.use(settings.language)
    apply_environment(settings)
    load_fonts()
    window = MainWindow(settings, runner or CaseRunner())
    show_faults_in(window)
    window.parts.loading_page.painted.connect(lambda: _load_viewer(window, path))
    window.language_chosen.connect(lambda: _replace(window))
    return window


def _replace(window: MainWindow) -> None:
    """Build the window anew, in the language of now, on what is open; a run that goes on keeps the old words."""
    if window.jobs.is_running:
        return  # the next start takes the language
    step = window.parts.rail.step
    window.is_replaced = True
    window.jobs.let_go()
    other = build_window(window.source, window.runner, window.settings)
    _shown[:] = [other]
    window.close()
    other.show()
    other.canvas_shown.connect(lambda: other.show_step(step))
    window.deleteLater()


_shown: list[MainWindow] = []
"""The window that has taken another's place: Python would drop it."""


def use_own_napari_settings() -> None:
    """Keep napari off what the user set for a napari of their own; to be called before napari is imported."""
    folder = Path(platformdirs.user_config_dir("vb-desktop", appauthor=False))
    os.environ["NAPARI_CONFIG"] = str(folder / "napari.yaml")
    os.environ.setdefault("QT_API", "pyside6")


def _load_viewer(window: MainWindow, path: Path | None) -> None:
    from napari.qt import get_qapp

    from vb_desktop.shell.canvas_view import CanvasView

    get_qapp()  # registers the places of napari's icons
    window.set_canvas(CanvasView())
    if path is not None:
        window.open(path.expanduser().absolute())
    if window.settings.text("performance/warm") != "false":
        QTimer.singleShot(WARM_UP_MS, window, window.runner.warm_up)


def show_faults_in(window: MainWindow) -> None:
    """An exception that nobody caught becomes a sentence in the window."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if not issubclass(kind, KeyboardInterrupt):
            window.show_unexpected("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = show
