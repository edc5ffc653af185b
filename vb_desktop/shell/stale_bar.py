"""What is shown is older than the corrections: said over the image, with the way out beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from vb_desktop.shell import labels


class StaleBar(QFrame):
    """A thin bar over the image.

    Signals:
        update_requested: compute with the corrections.
        discard_requested: drop them.
    """

    update_requested = Signal()
    discard_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stalebar")
        self.words = labels.body()
        self.update_case = QPushButton(self.tr("Update"))
        self.update_case.setObjectName("primary")
        self.update_case.clicked.connect(self.update_requested)
        self.discard = QPushButton(self.tr("Discard"))
        self.discard.clicked.connect(self.discard_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 10, 3)
        row.addWidget(self.words, stretch=1)
        row.addWidget(self.update_case)
        row.addWidget(self.discard)
        self.hide()

    def show_steps(self, steps: int) -> None:
        """How many corrections there are; none hides the bar."""
        if steps == 1:
            said = self.tr("Update needed: 1 correction of the boxes is not computed with yet.")
        else:
            said = self.tr("Update needed: {n} corrections of the boxes are not computed with yet.").format(n=steps)
        self.words.setText(said)
        self.setAccessibleName(self.words.text())
        self.setVisible(steps > 0)
