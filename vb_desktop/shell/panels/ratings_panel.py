"""How plausible the reader finds boxes, prior and heatmap: 1 to 5 each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vb_desktop.pipeline.reading import Rated, Reading
from vb_desktop.shell import labels
from vb_desktop.shell.screen_words import named

RATED: dict[Rated, str] = {"boxes": "Boxes", "prior": "Prior", "heatmap": "Grad-CAM"}


class RatingsPanel(QWidget):
    """Five buttons for each piece of the evidence.

    Signals:
        rated (str, int): which piece, and the score.
        export_requested (Path): the ratings of all cases are to be written as CSV.
    """

    rated = Signal(str, int)
    export_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 10)
        column.setSpacing(6)
        column.addWidget(labels.heading(self.tr("PLAUSIBILITY")))
        column.addWidget(labels.quiet(self.tr("How plausible is the evidence? 1: not at all, 5: entirely.")))
        self.scores: dict[Rated, QButtonGroup] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(3)
        for row, (of, name) in enumerate(RATED.items()):
            grid.addWidget(QLabel(named(name)), row, 0)
            group = QButtonGroup(self)
            for score in range(1, 6):
                button = QToolButton()
                button.setObjectName("small")
                button.setText(str(score))
                button.setCheckable(True)
                button.setAccessibleName(
                    self.tr("{evidence}: plausibility {score} of 5").format(evidence=named(name), score=score)
                )
                group.addButton(button, score)
                grid.addWidget(button, row, score)
            group.idClicked.connect(lambda score, of=of: self.rated.emit(of, score))
            self.scores[of] = group
        grid.setColumnStretch(0, 1)
        column.addLayout(grid)
        self.export = QPushButton(self.tr("Export all ratings…"))
        self.export.setToolTip(self.tr("The ratings and impressions of every case in the folder of cases, as CSV"))
        self.export.clicked.connect(self._choose_file)
        column.addWidget(self.export)
        self.show_reading(Reading(), frozenset())

    def show_reading(self, reading: Reading, there: frozenset[Rated]) -> None:
        """The scores of a case.

        Args:
            reading: of the case.
            there: what can be rated.
        """
        for of, group in self.scores.items():
            group.setExclusive(False)
            for button in group.buttons():
                with QSignalBlocker(button):
                    button.setChecked(group.id(button) == reading.rating(of))
                button.setEnabled(of in there)
            group.setExclusive(True)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export all ratings"), "ratings.csv", "CSV (*.csv)")
        if name:
            self.export_requested.emit(Path(name))
