"""R, L, A, P, S, I at the edges of the image: which side of the patient is where."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from vb_desktop.shell.screen_words import named

TOWARDS = (("I", "S"), ("P", "A"), ("L", "R"))
"""Letters of the low and the high end of the world axes z, y, x of napari (data in RAS)."""
NAMES = {"R": "right", "L": "left", "A": "anterior", "P": "posterior", "S": "superior", "I": "inferior"}
_MARGIN = 8


def edge_letters(displayed: Sequence[int], orientation2d: Sequence[str]) -> dict[str, str]:
    """Which letter stands at which edge of the screen.

    Args:
        displayed: the two world axes shown, vertical first (`viewer.dims.displayed`).
        orientation2d: which way they grow, e.g. ("up", "left") (`camera.orientation2d`).
    """
    vertical, horizontal = displayed
    low_v, high_v = TOWARDS[vertical]
    low_h, high_h = TOWARDS[horizontal]
    up = str(orientation2d[0]) == "up"
    right = str(orientation2d[1]) == "right"
    return {
        "top": high_v if up else low_v,
        "bottom": low_v if up else high_v,
        "right": high_h if right else low_h,
        "left": low_h if right else high_h,
    }


class OrientationLetters(QObject):
    """Four labels over a canvas; the mouse goes through them."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.labels = {edge: QLabel(canvas) for edge in ("top", "bottom", "left", "right")}
        for label in self.labels.values():
            label.setObjectName("letter")
            label.setFixedSize(28, 28)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.hide()
        canvas.installEventFilter(self)

    def show_letters(self, letters: dict[str, str]) -> None:
        """Show the letters of `edge_letters`."""
        for edge, label in self.labels.items():
            label.setText(letters[edge])
            said = self.tr("{edge} of the image: {side} of the patient")
            label.setAccessibleName(said.format(edge=named(edge), side=named(NAMES[letters[edge]])))
            label.show()
            label.raise_()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Stay at the edges."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        width, height = self._canvas.width(), self._canvas.height()
        for edge, label in self.labels.items():
            x = {"left": _MARGIN, "right": width - label.width() - _MARGIN}.get(edge, (width - label.width()) // 2)
            y = {"top": _MARGIN, "bottom": height - label.height() - _MARGIN}.get(edge, (height - label.height()) // 2)
            label.move(x, y)
