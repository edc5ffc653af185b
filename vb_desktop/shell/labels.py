"""The few kinds of label that panels are made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    return label


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
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
