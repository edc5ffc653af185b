"""Analyse a scan from within napari: the pipeline in a child process, its layers in the viewer."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from qtpy.QtCore import QProcess
from qtpy.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_plugin.layers import show_case
from vb_desktop.pipeline.case_folder import read_case
from vb_desktop.pipeline.errors import VBError

RESEARCH_USE = "Research use only, not a substitute for biopsy."
SPACES = {
    "Whole head, native space": "native",
    "Skull already stripped": "skull-stripped",
    "Already in MNI152 space": "mni",
}


class AnalyseWidget(QWidget):
    """Choose a scan and a folder for the case, run `vb-desktop run`, show the case.

    Args:
        napari_viewer: napari's Viewer, or any ViewerModel.
    """

    def __init__(self, napari_viewer: Any) -> None:
        super().__init__()
        self._viewer = napari_viewer
        self._said = ""
        self._out: Path | None = None
        self._cancelling = False
        self.scan = QLineEdit()
        self.scan.setPlaceholderText("NIfTI file or DICOM folder")
        self.cases = QLineEdit(str(Path.home() / "Virtual Biopsy Cases"))
        self.space = QComboBox()
        self.space.addItems(list(SPACES))
        self.run = QPushButton("Analyse")
        self.cancel = QPushButton("Cancel")
        self.cancel.setEnabled(False)
        self.busy = QProgressBar()
        self.busy.setVisible(False)
        self.state = QLabel("")
        self.state.setWordWrap(True)
        self.process = QProcess(self)
        self.process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._build()
        self.run.clicked.connect(self.start)
        self.cancel.clicked.connect(self.stop)
        self.process.readyRead.connect(self._listen)
        self.process.finished.connect(self._finished)
        self.process.errorOccurred.connect(self._not_started)

    def start(self) -> None:
        """Analyse the scan that is named."""
        source = self.scan.text().strip()
        if not source:
            self.state.setText("Choose a scan first.")
            return
        self._out = Path(self.cases.text()).expanduser() / f"case-{datetime.now():%Y%m%d-%H%M%S}"
        self._said, self._cancelling = "", False
        space = SPACES[self.space.currentText()]
        self._running(True)
        self.state.setText("Analysing; this takes some minutes.")
        arguments = ["run", source, "--out", str(self._out), "--input-space", space]
        self.process.start(sys.executable, ["-c", "from vb_desktop.cli import main; main()", *arguments])

    def stop(self) -> None:
        """End the run; nothing is written."""
        self._cancelling = True
        self.process.terminate()
        if not self.process.waitForFinished(1500):
            self.process.kill()

    def _listen(self) -> None:
        self._said += bytes(self.process.readAll().data()).decode(errors="replace")

    def _finished(self, code: int, _: Any) -> None:
        self._listen()
        self._running(False)
        if self._cancelling:
            self.state.setText("Cancelled; no case was written.")
        elif code != 0 or self._out is None:
            self.state.setText(self._said.strip()[-600:] or f"The analysis ended with exit code {code}.")
        else:
            self._show(self._out)

    def _not_started(self, _: Any) -> None:
        if not self._cancelling:
            self._running(False)
            self.state.setText("The analysis could not be started, or it was ended from outside.")

    def _show(self, folder: Path) -> None:
        try:
            case = read_case(folder)
            show_case(self._viewer, case)
        except VBError as error:
            self.state.setText(f"{error.sentence()} {error.advice()}")
            return
        words = {"done": "Done", "no_tumour_found": "No tumour was found", "withheld": "The diagnosis is withheld"}
        self.state.setText(f"{words.get(case.record.status, 'Done in part')}. The report is in {folder}.")

    def _running(self, running: bool) -> None:
        self.busy.setVisible(running)
        self.busy.setRange(0, 0 if running else 1)
        self.run.setEnabled(not running)
        self.cancel.setEnabled(running)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open a scan")
        if name:
            self.scan.setText(name)

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Open a DICOM folder")
        if name:
            self.scan.setText(name)

    def _build(self) -> None:
        file, folder = QPushButton("File…"), QPushButton("Folder…")
        file.clicked.connect(self._choose_file)
        folder.clicked.connect(self._choose_folder)
        row = QHBoxLayout()
        for widget in (self.scan, file, folder):
            row.addWidget(widget)
        form = QFormLayout()
        form.addRow("Scan", row)
        form.addRow("Already done", self.space)
        form.addRow("Cases in", self.cases)
        buttons = QHBoxLayout()
        buttons.addWidget(self.run)
        buttons.addWidget(self.cancel)
        note = QLabel(RESEARCH_USE)
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addWidget(self.busy)
        column.addWidget(self.state)
        column.addWidget(note)
        column.addStretch()
