"""Keys of the whole window; those of the image and of the boxes stand where they are used."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

from vb_desktop.shell.panels.layers_panel import ROWS
from vb_desktop.shell.steps_rail import Step

if TYPE_CHECKING:
    from vb_desktop.shell.main_window import MainWindow


def add_keys(window: MainWindow) -> None:
    """Give the window its keys; `key_reference` lists them for the reader."""
    parts, correction = window.parts, window.correction

    def correct_boxes() -> None:
        if window.case is not None:
            window.show_step(Step.BOXES)
            correction.toggle()

    def update_or_analyse() -> None:
        if correction.editor.is_pending:
            correction.update()
        else:
            window.analyse()

    keys: dict[str, Callable[[], object]] = {
        "F1": window.dialogs.show_keys,
        "Ctrl+,": window.dialogs.show_settings,
        "Ctrl+Shift+O": parts.import_panel.choose_file,
        "Ctrl+Shift+F": parts.import_panel.choose_folder,
        "F2": correct_boxes,
        "F5": update_or_analyse,
        "F8": parts.layers_panel.pair.toggle,
        "F9": parts.layers_panel.blink.toggle,
        "Ctrl+Shift+P": parts.report_panel.print.click,
    }
    keys |= {f"Ctrl+{n}": partial(window.show_step, step) for n, step in enumerate(Step, start=1)}
    keys |= {row.key: partial(parts.layers_panel.press, row.key) for row in ROWS}
    for sequence, do in keys.items():
        QShortcut(QKeySequence(sequence), window).activated.connect(do)
