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
from vb_desktop.assets import asset
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.settings import Settings

WARM_UP_MS = 1500
"""How long after the viewer the worker starts: until then the window needs the processor."""


def main(path: Path | None = None) -> int:
    """Show the window until it is closed.

    Args:
        path: a case folder, a scan or a DICOM folder; None for the demo case.

    Returns:
        Exit status.
    """
    use_own_napari_settings()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Virtual Biopsy Desktop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("vb-desktop")
    window = build_window(path)
    window.show()
    try:
        return app.exec()
    finally:
        window.runner.shut_down()  # Python waits for children that are left
        sys.unraisablehook = _nothing  # nothing runs any more; vispy's finalisers stumble over a Python half gone


def _nothing(_: sys.UnraisableHookArgs) -> None:
    """Say nothing."""


def build_window(path: Path | None, runner: CaseRunner | None = None, settings: Settings | None = None) -> MainWindow:
    """The window, which goes on loading once it is shown and the event loop runs."""
    window = MainWindow(settings or Settings(), runner or CaseRunner())
    show_faults_in(window)
    window.parts.loading_page.painted.connect(lambda: _load_viewer(window, path))
    return window


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
    elif (asset("demo/case") / "case.json").is_file():
        window.open_demo()
    QTimer.singleShot(WARM_UP_MS, window, window.runner.warm_up)


def show_faults_in(window: MainWindow) -> None:
    """An exception that nobody caught becomes a sentence in the window."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if not issubclass(kind, KeyboardInterrupt):
            window.show_unexpected("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = show
