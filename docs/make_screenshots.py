"""Take the pictures of the README: `xvfb-run -a -s "-screen 0 1366x768x24" python docs/make_screenshots.py [CASE]`.

Writes into docs/screenshots, of the demo case or of CASE: window.png (the diagnosis with its evidence), four.png (three
planes and the view in space), boxes.png (boxes being corrected), compare.png (two layers side by side), mni.png (the
processed scan with the priors) and report.png.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from vb_desktop.assets import asset
from vb_desktop.shell.app import build_window, use_own_napari_settings
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.steps_rail import Step

FOLDER = Path(__file__).resolve().parent / "screenshots"
SETTLE_MS = 1500
"""Drawing in software takes its time."""


def main(case: Path) -> None:
    """Show the case in its states and take pictures of the screen."""
    use_own_napari_settings()
    app = QApplication([])
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder  # what is drawn here must not wait for the user as a correction
        settings = Settings(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
        settings.cases_folder = Path("~/Virtual Biopsy Cases")  # no name of an account in a picture
        window = build_window(case, CaseRunner(warm=()), settings)
        window.show()
        while window.canvas is None or window.case is None:
            QTest.qWait(100)
        canvas, layers = window.canvas, window.parts.layers_panel

        def take(name: str) -> None:
            QTest.qWait(SETTLE_MS)
            app.primaryScreen().grabWindow(0).save(str(FOLDER / f"{name}.png"))

        take("window")
        canvas.toggle_four()
        take("four")
        window.show_step(Step.BOXES)
        window.correction.edit(True)
        canvas.toggle_four()
        k = canvas.index_of(canvas.point)[0]
        editor = window.correction.editor
        editor.select([id_ for id_, box in editor.book.in_force.items() if box.k == k][:1])
        take("boxes")
        window.correction.edit(False)
        window.show_step(Step.PRIOR)
        take("mni")
        window.show_step(Step.DIAGNOSIS)
        layers.left.setCurrentText("Scan alone")
        layers.right.setCurrentText("Grad-CAM")
        layers.pair.click()
        take("compare")
        layers.pair.click()
        window.show_step(Step.REPORT)
        take("report")
        window.close()


if __name__ == "__main__":  # the worker imports this file again
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else asset("demo/case"))
