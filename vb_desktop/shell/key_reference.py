"""The keys of the window, on one page (F1)."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QDialog, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from vb_desktop.shell import theme
from vb_desktop.shell.language import QT_TRANSLATE_NOOP, translate

KEYS: dict[str, tuple[tuple[str, str], ...]] = {
    QT_TRANSLATE_NOOP("Keys", "Open and analyse"): (
        ("Ctrl+Shift+O", QT_TRANSLATE_NOOP("Keys", "Open a scan")),
        ("Ctrl+Shift+F", QT_TRANSLATE_NOOP("Keys", "Open a DICOM or case folder")),
        ("F5", QT_TRANSLATE_NOOP("Keys", "Analyse, or update after corrections")),
        ("Ctrl+Shift+P", QT_TRANSLATE_NOOP("Keys", "Print the report")),
        ("Ctrl+,", QT_TRANSLATE_NOOP("Keys", "Settings")),
        ("F1", QT_TRANSLATE_NOOP("Keys", "This page")),
    ),
    QT_TRANSLATE_NOOP("Keys", "Steps"): (
        ("Ctrl+1 … Ctrl+6", QT_TRANSLATE_NOOP("Keys", "Open, Scan, Boxes, Prior, Diagnosis, Report")),
    ),
    QT_TRANSLATE_NOOP("Keys", "Image"): (
        ("PgUp / PgDown", QT_TRANSLATE_NOOP("Keys", "Next and previous slice; so do the wheel and the arrow keys")),
        ("F4", QT_TRANSLATE_NOOP("Keys", "One plane, or four views")),
        ("F6", QT_TRANSLATE_NOOP("Keys", "Automatic window; drag with the right button for another")),
        ("F7", QT_TRANSLATE_NOOP("Keys", "Run through the slices")),
        ("F3", QT_TRANSLATE_NOOP("Keys", "Ruler; two lines on a slice give their product")),
        (
            QT_TRANSLATE_NOOP("Keys", "Ctrl+wheel"),
            QT_TRANSLATE_NOOP("Keys", "Zoom; the middle button moves the image"),
        ),
    ),
    QT_TRANSLATE_NOOP("Keys", "Layers"): (
        ("1 … 6", QT_TRANSLATE_NOOP("Keys", "Scan, Processed, Boxes, Coarse prior, Refined prior, Grad-CAM")),
        ("F8", QT_TRANSLATE_NOOP("Keys", "Two layers side by side")),
        ("F9", QT_TRANSLATE_NOOP("Keys", "Two layers in turn")),
    ),
    QT_TRANSLATE_NOOP("Keys", "Correct the boxes"): (
        ("F2", QT_TRANSLATE_NOOP("Keys", "Begin or end correcting")),
        ("Ctrl+Z", QT_TRANSLATE_NOOP("Keys", "Undo")),
        ("Ctrl+Shift+Z", QT_TRANSLATE_NOOP("Keys", "Redo")),
        ("Del", QT_TRANSLATE_NOOP("Keys", "Take the selected boxes, or the last line of the ruler, out")),
        ("Ctrl+D", QT_TRANSLATE_NOOP("Keys", "Copy the selected box to the slice that is shown")),
        ("Ctrl+I", QT_TRANSLATE_NOOP("Keys", "Interpolate between two selected boxes")),
    ),
}
"""Group -> keys and what they do."""


class KeyReference(QDialog):
    """A table of the keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.table = QTextBrowser()
        self.table.setAccessibleName(self.tr("Keys"))
        self.table.setHtml(_html())
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.addWidget(self.table)
        column.addWidget(close)
        self.resize(theme.scaled(620), theme.scaled(620))


def _html() -> str:
    colours = theme.colours()
    rows = []
    for group, keys in KEYS.items():
        title = escape(translate("Keys", group))
        rows.append(f'<tr><td colspan="2" style="color:{colours.secondary}; padding-top:10px"><b>{title}</b></td></tr>')
        rows += [
            f'<tr><td style="padding:2px 18px 2px 0"><b>{escape(translate("Keys", key))}</b></td>'
            f"<td>{escape(translate('Keys', what))}</td></tr>"
            for key, what in keys
        ]
    return f"<table>{''.join(rows)}</table>"
