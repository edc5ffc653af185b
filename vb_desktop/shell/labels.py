"""The few kinds of label that panels are made of."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy


class WrappedLabel(QLabel):
    """Plain text that wraps, and is as high as its words need: a scroll area does not ask for that by itself."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setIndent(0)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # Qt's name
        """Other words."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """The width decides the height."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # Qt's name
        """Another font needs another height."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            QTimer.singleShot(0, self, self._fit)  # the style sheet's font comes after this

    def _fit(self) -> None:
        self.setMinimumHeight(0)  # Qt never asks for less than the minimum
        self.setFixedHeight(max(self.heightForWidth(self.width()), 0))  # -1 for no words


def _label(text: str, name: str) -> QLabel:
    return WrappedLabel(text, name)


def title(text: str) -> QLabel:
    """Name of a panel."""
    return _label(text, "title")


def heading(text: str) -> QLabel:
    """Name of a part of a panel."""
    label = _label(text, "heading")
    label.setContentsMargins(0, 8, 0, 0)
    return label


def body(text: str = "") -> QLabel:
    """A sentence."""
    return _label(text, "body")


def quiet(text: str = "") -> QLabel:
    """A sentence that explains."""
    return _label(text, "quiet")


def note(text: str, kind: str = "attention") -> QLabel:
    """A sentence with a coloured edge; the words alone must say what the colour says.

    Args:
        text: what is to be known.
        kind: "good", "attention", "refusal" or "quiet".
    """
    label = _label(text, "note")
    label.setProperty("kind", kind)
    return label


def clear(layout: QLayout) -> None:
    """Remove everything from a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()  # else it becomes a window of its own until it is deleted
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
