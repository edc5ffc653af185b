"""What went wrong, why, and the next step as a button; the details are for the engineer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vb_desktop.shell import labels

LONGEST = 260
"""Characters of a sentence that are shown; the whole of it is copied with the details."""


class ErrorBar(QFrame):
    """A bar over the image: no dialog that blocks.

    Signals:
        next_step_requested: the user wants to do what the advice says (choose another input).
    """

    next_step_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorbar")
        self.sentence = labels.body()
        self.sentence.setObjectName("strong")
        self.advice = labels.body()
        self.next_step = QPushButton(self.tr("Choose another scan…"))
        self.next_step.clicked.connect(self.next_step_requested)
        self.copy = QPushButton(self.tr("Copy details"))
        self.copy.clicked.connect(self._copy)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.hide)
        mark = QLabel("!")
        mark.setObjectName("errormark")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.sentence)
        words.addWidget(self.advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.addWidget(mark)
        row.addLayout(words, stretch=1)
        for button in (self.next_step, self.copy, close):
            row.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.details = self._whole = ""
        self.hide()

    def show_error(self, sentence: str, advice: str, details: str, next_step: str | None = None) -> None:
        """Say it.

        Args:
            sentence: what happened and why.
            advice: what to do.
            details: for the engineer; copied, never shown.
            next_step: word of the button that does it; empty for none, None for another scan.
        """
        self.sentence.setText(sentence if len(sentence) <= LONGEST else f"{sentence[:LONGEST].rstrip()}…")
        self._whole = sentence
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.details = details
        self.next_step.setText(self.tr("Choose another scan…") if next_step is None else next_step)
        self.next_step.setVisible(next_step != "")
        self.setAccessibleName(self.tr("Error: {what}").format(what=f"{sentence} {advice}"))
        self.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._whole}\n{self.advice.text()}\n\n{self.details}")
