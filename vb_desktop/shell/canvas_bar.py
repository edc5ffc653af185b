"""The bar below the image: plane, slice, film, ruler, window, sides, fit."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from vb_desktop.shell.plane_view import PLANES
from vb_desktop.shell.ruler_tool import RULER_KEY
from vb_desktop.shell.screen_words import named

FOUR = "Four views"
LAYOUT_KEY = "F4"


class CanvasBar(QWidget):
    """The widgets of the bar; the view that owns it connects them.

    Args:
        cine: button of the film.
        window_level: button of the windows.
    """

    def __init__(self, cine: QToolButton, window_level: QToolButton) -> None:
        super().__init__()
        self.plane = QComboBox()
        for name in (*PLANES, FOUR):
            self.plane.addItem(named(name), name)
        self.plane.setAccessibleName(self.tr("Plane"))
        self.plane.setToolTip(self.tr("One plane, or four views ({key})").format(key=LAYOUT_KEY))
        self.position = QLabel()
        self.position.setMinimumWidth(190)
        self.ruler = _button(
            self.tr("Ruler"),
            self.tr("Measure with the left button ({key}); Delete takes the last back").format(key=RULER_KEY),
        )
        self.ruler.setCheckable(True)
        self.sides = _button("R | L", "")
        self.sides.setCheckable(True)
        self.sides.setChecked(True)
        self.sides.setAccessibleName(self.tr("Radiological convention"))
        self.fit = _button(self.tr("Fit"), self.tr("Show the whole slice"))
        self.say_convention(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 4)
        row.setSpacing(8)
        for widget in (self.plane, self.position, cine):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.ruler, window_level, self.sides, self.fit):
            row.addWidget(widget)

    def say_convention(self, radiological: bool) -> None:
        """Which side of the patient is at the left of the screen."""
        self.sides.setText("R | L" if radiological else "L | R")
        if radiological:
            said = self.tr("The patient's right at the left of the screen (radiological convention)")
        else:
            said = self.tr("The patient's right at the right of the screen (neurological convention)")
        self.sides.setToolTip(said)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    return button
