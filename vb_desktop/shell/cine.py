"""Run through the slices as a film."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QToolButton

if TYPE_CHECKING:
    from vb_desktop.shell.canvas_view import CanvasView

CINE_KEY = "F7"
FRAME_MS = 90


class Cine(QObject):
    """A film of the focused plane, to and fro; each picture is drawn before the next is asked for."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._way = 1
        self.button = QToolButton()
        self.button.setText("▶")
        self.button.setCheckable(True)
        self.button.setToolTip(self.tr("Run through the slices ({key})").format(key=CINE_KEY))
        self.button.setAccessibleName(self.tr("Run through the slices"))
        self.button.toggled.connect(self._toggled)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._next)

    def stop(self) -> None:
        """Stay where it is."""
        self.button.setChecked(False)

    def _toggled(self, on: bool) -> None:
        self.button.setText("⏸" if on else "▶")
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def _next(self) -> None:
        canvas = self._canvas
        if canvas.count < 2:
            self.stop()
            return
        if not 0 <= canvas.step + self._way < canvas.count:
            self._way = -self._way
        canvas.turn(self._way)
        self._timer.start()
