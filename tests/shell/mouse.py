"""A mouse on a canvas, as a hand moves it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def drag(canvas: QWidget, begin: QPointF, end: QPointF, button: Qt.MouseButton = LEFT) -> None:
    """Press, move in steps, release."""
    QTest.mouseMove(canvas, begin.toPoint())
    QTest.mousePress(canvas, button, NONE, begin.toPoint())
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, (begin + (end - begin) * part).toPoint())
        QTest.qWait(5)
    QTest.mouseRelease(canvas, button, NONE, end.toPoint())


def click(canvas: QWidget, at: QPointF, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press and release."""
    QTest.mouseMove(canvas, at.toPoint())
    QTest.mouseClick(canvas, LEFT, modifiers, at.toPoint())
