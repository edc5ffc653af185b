"""Choosing another series of the folder that was opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from vb_desktop.shell.case_jobs import CaseJobs
from vb_desktop.shell.series_jobs import ListedSeries
from vb_desktop.shell.window_layout import WindowLayout

_SINGLE = (".nii", ".gz", ".nrrd", ".mha", ".nhdr", ".mhd")
"""Files that hold one volume."""


class SeriesChoice(QObject):
    """Remembers what was opened and which of its series, and lets the reader take another.

    Signals:
        series_chosen (Path, str): what lies where, and the id of the volume in it.
    """

    series_chosen = Signal(Path, str)

    def __init__(self, window: QWidget, parts: WindowLayout, jobs: CaseJobs) -> None:
        super().__init__(window)
        self._window, self._button, self._jobs = window, parts.import_panel.choose_series, jobs
        self.source: Path | None = None
        self.uid: str | None = None
        self._button.clicked.connect(self.list)
        jobs.series_listed.connect(self.show)
        self._button.hide()

    def opened(self, source: Path | None, uid: str | None = None) -> None:
        """Something is opened; a case has no series any more.

        Args:
            source: what is read; None for a case.
            uid: id of the volume in it; None for the clear best.
        """
        has_series = source is not None and (source.is_dir() or source.suffix.lower() not in _SINGLE)
        self.source, self.uid = source if has_series else None, uid
        self._button.setVisible(has_series)

    def list(self) -> None:
        """Let the worker list the series."""
        if self.source is not None and not self._jobs.is_running:
            self._jobs.list_series(self.source)

    def show(self, listed: ListedSeries) -> QWidget:
        """Let the reader choose."""
        from vb_desktop.shell.series_dialog import SeriesDialog

        dialog = SeriesDialog(listed, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda uid: self.series_chosen.emit(listed.source, uid))
        dialog.show()
        return dialog
