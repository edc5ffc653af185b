"""What the running job does: stages, time, real fractions, cancel."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell import labels
from vb_desktop.shell.language import QT_TRANSLATE_NOOP, translate
from vb_desktop.shell.progress_words import progress_words

WORDS = {
    Stage.OPEN: QT_TRANSLATE_NOOP("Stages", "Read the scan"),
    Stage.PROCESS: QT_TRANSLATE_NOOP("Stages", "Standardise: brain, bias field, template"),
    Stage.LOCALIZE: QT_TRANSLATE_NOOP("Stages", "Localise: boxes and priors"),
    Stage.DIAGNOSE: QT_TRANSLATE_NOOP("Stages", "Diagnose: classes and Grad-CAM"),
    Stage.REPORT: QT_TRANSLATE_NOOP("Stages", "Write the report"),
}
_BUSY = 0


@dataclass
class _Row:
    mark: QLabel
    word: QLabel
    seconds: QLabel
    started: float | None = None
    ended: float | None = None


class ProgressPanel(QWidget):
    """The stages of a run.

    Signals:
        cancel_requested: end the job.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._rows: dict[Stage, _Row] = {}
        self._stage: Stage | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        self.title = labels.title("")
        column.addWidget(self.title)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for n, stage in enumerate(Stage):
            row = _Row(QLabel("·"), labels.body(translate("Stages", WORDS[stage])), QLabel(""))
            row.mark.setFixedWidth(18)
            for place, widget in enumerate((row.mark, row.word, row.seconds)):
                grid.addWidget(widget, n, place)
            self._rows[stage] = row
        column.addLayout(grid)
        self.step = labels.quiet()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.cancel_requested)
        column.addSpacing(8)
        column.addWidget(self.step)
        column.addWidget(self.bar)
        column.addSpacing(8)
        column.addWidget(self.cancel)
        column.addWidget(labels.quiet(self.tr("Cancelling ends the run at once; the case folder stays as it was.")))
        column.addStretch()
        self._clock = QTimer(self)
        self._clock.setInterval(500)
        self._clock.timeout.connect(self._show_times)

    def begin(self, title: str = "") -> None:
        """A job starts."""
        self.title.setText(title)
        self._stage = None
        for row in self._rows.values():
            row.started = row.ended = None
            row.mark.setText("·")
            row.seconds.setText("")
        self.step.setText(self.tr("Starting"))
        self.bar.setRange(0, _BUSY)
        self._clock.start()

    def end(self) -> None:
        """The job is over."""
        self._close_stage(self._stage)
        self._clock.stop()
        self.bar.setRange(0, 1)
        self.bar.setValue(0)

    def show_progress(self, progress: Progress) -> None:
        """A step was told."""
        if progress.stage != self._stage:
            self._close_stage(self._stage)
            self._stage = progress.stage
            row = self._rows[progress.stage]
            row.started = time.monotonic()
            row.mark.setText("▸")
        share = "" if progress.fraction is None else f" ({progress.fraction:.0%})"
        self.step.setText(progress_words(progress.text) + share)
        if progress.fraction is None:
            self.bar.setRange(0, _BUSY)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(progress.fraction * 1000))
        self._show_times()

    def words(self) -> str:
        """One line for the status bar."""
        if self._stage is None:
            return self.step.text()
        return f"{translate('Stages', WORDS[self._stage])}: {self.step.text()}"

    def _close_stage(self, stage: Stage | None) -> None:
        if stage is not None:
            self._rows[stage].ended = time.monotonic()
            self._rows[stage].mark.setText("✓")

    def _show_times(self) -> None:
        for row in self._rows.values():
            if row.started is not None:
                row.seconds.setText(f"{(row.ended or time.monotonic()) - row.started:.0f} s")
