"""Take the pictures of the guide: `python docs/make_screenshots.py [NAME ...]` on a screen of at least 2560 x 1440.

    xvfb-run -a -s "-screen 0 2560x1440x24" python docs/make_screenshots.py

Writes docs/screenshots/NAME-THEME-LANGUAGE.png at 1366 x 768: each state dark in English and light in Chinese, some
in the other two ways as well (with --all each state in all four); some at 2560 x 1440 (NAME-large-...) and, in a
program of its own, at twice the pixels (hidpi). With names, only those.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from vb_desktop.assets import asset
from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell import app
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_dialog import SettingsDialog
from vb_desktop.shell.steps_rail import Step

FOLDER = Path(__file__).resolve().parent / "screenshots"
SMALL, LARGE = (1366, 768), (2560, 1440)
SETTLE_MS = int(os.environ.get("VB_SETTLE_MS", "900"))
"""Drawing in software takes its time; more of it where the machine is busy."""
COLOURS = 256
"""Of a picture: they are looked at, not measured."""
VARIANTS = [("dark", "en"), ("light", "en"), ("dark", "zh"), ("light", "zh")]
OF_EACH = (("dark", "en"), ("light", "zh"))
"""Ways in which each state is kept."""


class Idle(CaseRunner):
    """A runner that starts nothing, so that a run can be shown without one."""

    busy = False

    @property
    def is_running(self) -> bool:
        """What the picture wants."""
        return self.busy

    def warm_up(self) -> None:
        """No process."""


def start(window: MainWindow) -> None:
    """Nothing is open."""
    window._forget_case()
    window.source = None
    window.show_step(Step.OPEN)


def case(window: MainWindow) -> None:
    """The demo case with its diagnosis."""
    if window.case is None:
        window.open(Path.home() / "Virtual Biopsy Cases" / "demo")
    window.parts.error_bar.hide()
    window.show_step(Step.DIAGNOSIS)


def step(which: Step) -> Callable[[MainWindow], None]:
    """The demo case at a step."""

    def show(window: MainWindow) -> None:
        case(window)
        window.show_step(which)

    return show


@contextmanager
def four(window: MainWindow) -> Iterator[None]:
    """Three planes and the view in space."""
    case(window)
    assert window.canvas is not None
    window.canvas.toggle_four()
    yield
    window.canvas.toggle_four()


@contextmanager
def correcting(window: MainWindow) -> Iterator[None]:
    """A box that is being corrected."""
    case(window)
    window.show_step(Step.BOXES)
    window.correction.edit(True)
    assert window.canvas is not None
    k = window.canvas.index_of(window.canvas.point)[0]
    editor = window.correction.editor
    editor.select([id_ for id_, box in editor.book.in_force.items() if box.k == k][:1])
    yield
    window.correction.edit(False)
    window.show_space("native")


@contextmanager
def compare(window: MainWindow) -> Iterator[None]:
    """Two layers side by side."""
    case(window)
    panel = window.parts.layers_panel
    for box, title in ((panel.left, "Scan alone"), (panel.right, "Grad-CAM")):
        box.setCurrentIndex(box.findData(title))
    panel.pair.click()
    yield
    panel.pair.click()


@contextmanager
def mni(window: MainWindow) -> Iterator[None]:
    """The processed scan with the priors."""
    case(window)
    window.show_step(Step.PRIOR)
    window.show_space("mni")
    yield
    window.show_space("native")


@contextmanager
def running(window: MainWindow) -> Iterator[None]:
    """A run half way."""
    case(window)
    runner = window.runner
    assert isinstance(runner, Idle)
    runner.busy = True
    window.jobs._running(window.jobs.tr("Analysing"))
    runner.progressed.emit(Progress(Stage.OPEN, None, "Reading the scan"))
    runner.progressed.emit(Progress(Stage.PROCESS, None, "Aligning to the template (SyN)"))
    runner.progressed.emit(Progress(Stage.LOCALIZE, 0.41, "Looked at slice 52 of 128"))
    yield
    runner.busy = False
    window.jobs.rest()


@contextmanager
def error(window: MainWindow) -> Iterator[None]:
    """A file that is no scan."""
    from vb_desktop.pipeline.errors import UnreadableScan
    from vb_desktop.shell.language import current

    start(window)
    told = UnreadableScan("scan_import.no_dicom_but_nifti", count=3)
    window.parts.error_bar.show_error(told.sentence(current()), told.advice(current()), "")
    yield
    window.parts.error_bar.hide()


def settings_page(n: int) -> Callable[[MainWindow], object]:
    """A page of the settings over the case."""

    @contextmanager
    def show(window: MainWindow) -> Iterator[None]:
        case(window)
        dialog = window.dialogs.show_settings()
        assert isinstance(dialog, SettingsDialog)
        dialog.names.setCurrentRow(n)
        dialog.move(window.x() + 240, window.y() + 90)
        yield
        dialog.close()

    return show


@contextmanager
def keys(window: MainWindow) -> Iterator[None]:
    """The page of keys."""
    case(window)
    dialog: QWidget = window.dialogs.show_keys()
    dialog.move(window.x() + 300, window.y() + 60)
    yield
    dialog.close()


STATES: dict[str, Callable[[MainWindow], object]] = {
    "start": start,
    "window": case,
    "open": step(Step.OPEN),
    "scan": step(Step.SCAN),
    "boxes": correcting,
    "prior": mni,
    "four": four,
    "compare": compare,
    "report": step(Step.REPORT),
    "running": running,
    "error": error,
    "settings": settings_page(0),
    "settings-report": settings_page(1),
    "settings-models": settings_page(2),
    "settings-vlm": settings_page(3),
    "keys": keys,
}
IN_ALL = ("start", "window", "boxes", "settings")
"""States whose pictures are kept in all four ways; the others as `OF_EACH` says."""
AT_LARGE = ("window", "four")


def main(wanted: list[str], every: bool) -> None:
    """Show each state in its looks and languages, and take its picture."""
    app.use_own_napari_settings()
    FOLDER.mkdir(exist_ok=True)
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        use_home(folder)
        for theme, language in VARIANTS:
            settings = Settings(QSettings(f"{folder}/{theme}-{language}.ini", QSettings.Format.IniFormat))
            settings.cases_folder = Path.home() / "Virtual Biopsy Cases"
            settings.theme, settings.language = theme, language
            settings.set_text("reader", "Dr. Roe")
            window = app.build_window(None, Idle(warm=()), settings)
            show(window, SMALL)
            while window.canvas is None:
                QTest.qWait(100)
            for name, state in STATES.items():
                kept = every or name in IN_ALL or (theme, language) in OF_EACH
                if kept and (not wanted or name in wanted):
                    take(application, window, state, f"{name}-{theme}-{language}")
            if not wanted or "large" in wanted:
                show(window, LARGE)
                for name in AT_LARGE if (theme, language) in OF_EACH else ():
                    take(application, window, STATES[name], f"{name}-large-{theme}-{language}")
            window.close()
            window.deleteLater()
            QTest.qWait(200)
    if os.environ.get("QT_SCALE_FACTOR") is None and (not wanted or "hidpi" in wanted):
        again = [sys.executable, __file__, "only-hidpi"]
        subprocess.run(again, check=True, env=os.environ | {"QT_SCALE_FACTOR": "2"})


def use_home(folder: str) -> None:
    """A home of its own: what is drawn must not wait for the user as a correction, nor a picture name an account."""
    os.environ |= {"HOME": folder, "XDG_DATA_HOME": f"{folder}/.local/share"}
    shutil.copytree(asset("demo/case"), Path(folder) / "Virtual Biopsy Cases" / "demo")


def hidpi() -> None:
    """One picture at twice the pixels."""
    app.use_own_napari_settings()
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        use_home(folder)
        settings = Settings(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
        settings.cases_folder = Path.home() / "Virtual Biopsy Cases"
        window = app.build_window(None, Idle(warm=()), settings)
        show(window, (1270, 714))
        while window.canvas is None:
            QTest.qWait(100)
        take(application, window, STATES["four"], "four-hidpi-dark-en")
        window.close()


def show(window: MainWindow, size: tuple[int, int]) -> None:
    """At the upper left of the screen, in a size."""
    window.move(0, 0)
    window.resize(*size)
    window.show()
    QTest.qWait(SETTLE_MS)


def take(application: QApplication, window: MainWindow, state: Callable[[MainWindow], object], name: str) -> None:
    """Bring the window into a state, take its picture, and undo what the state says is to be undone."""
    shown = state(window)
    with shown if isinstance(shown, AbstractContextManager) else nullcontext():
        _save(application, window, name)


def _save(application: QApplication, window: MainWindow, name: str) -> None:
    window.move(0, 0)
    QTest.qWait(SETTLE_MS)
    path = FOLDER / f"{name}.png"
    screen = application.primaryScreen()
    screen.grabWindow(0, 0, 0, window.width(), window.height()).save(str(path))
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":  # the worker imports this file again
    if sys.argv[1:] == ["only-hidpi"]:
        hidpi()
    else:
        main([name for name in sys.argv[1:] if name != "--all"], "--all" in sys.argv)
