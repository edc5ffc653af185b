"""Open a scan or a case, and say how it is to be analysed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from vb_desktop.pipeline.config import Config
from vb_desktop.shell import labels
from vb_desktop.shell.settings import Settings

SPACES = {
    "Whole head, native space": "native",
    "Skull already stripped": "skull-stripped",
    "Already in MNI152 space": "mni",
}
QUALITIES: dict[str, dict[str, Any]] = {
    "Fast": {"skull_stripping__folds": 1, "skull_stripping__mirroring": False, "registration__spacing_mm": 1.6},
    "Accurate (many minutes)": {
        "skull_stripping__folds": 5,
        "skull_stripping__mirroring": True,
        "registration__spacing_mm": 1.0,
    },
}
"""As --fast and --accurate of the command line."""
_FILES = "Scans (*.nii *.nii.gz *.nrrd *.dcm *.ima *.zip);;All files (*)"


class ImportPanel(QWidget):
    """What to open, and the few choices of a run.

    Signals:
        open_requested (Path): a scan, a DICOM folder or a case folder.
        demo_requested: the demo case.
        analysis_requested: analyse what is open.
    """

    open_requested = Signal(Path)
    demo_requested = Signal()
    analysis_requested = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._settings = settings
        self._can_analyse = False
        self.opened = labels.body("Nothing is open.")
        self.open_file = QPushButton("Open a scan…")
        self.open_folder = QPushButton("DICOM or case folder…")
        self.open_demo = QPushButton("Open the demo case")
        self.open_demo.setObjectName("flat")
        self.space = QComboBox()
        self.space.addItems(list(SPACES))
        self.space.setAccessibleName("What was already done to the scan")
        self.quality = QComboBox()
        self.quality.addItems(list(QUALITIES))
        self.quality.setAccessibleName("Brain extraction and registration")
        self.cases = labels.quiet()
        self.change_cases = QPushButton("Change…")
        self.change_cases.setObjectName("flat")
        self.run = QPushButton("Analyse")
        self.run.setObjectName("primary")
        self.run.setEnabled(False)
        self.why_not = labels.quiet("Open a contrast-enhanced T1 scan first.")
        self._build()
        self._show_cases_folder()
        self.open_file.clicked.connect(self.choose_file)
        self.open_folder.clicked.connect(self.choose_folder)
        self.open_demo.clicked.connect(self.demo_requested)
        self.change_cases.clicked.connect(self._choose_cases_folder)
        self.run.clicked.connect(self.analysis_requested)

    def config(self) -> Config:
        """The settings that the choices mean."""
        choices = QUALITIES[self.quality.currentText()]
        return Config().changed(input__space=SPACES[self.space.currentText()], **choices)

    def show_opened(self, what: str, *, can_analyse: bool, space: str = "native") -> None:
        """Say what is open.

        Args:
            what: in words, without identity.
            can_analyse: whether a scan is there that can be analysed.
            space: what was already done to it, where that is known.
        """
        self.opened.setText(what)
        self._can_analyse = can_analyse
        self.space.setCurrentText(next(text for text, value in SPACES.items() if value == space))
        self.set_running(False)

    def set_running(self, running: bool) -> None:
        """While a job runs nothing else can be started."""
        for widget in (self.open_file, self.open_folder, self.open_demo, self.space, self.quality, self.change_cases):
            widget.setEnabled(not running)
        self.run.setEnabled(self._can_analyse and not running)
        self.why_not.setVisible(not self._can_analyse)

    def choose_file(self) -> None:
        """Ask for a file."""
        name, _ = QFileDialog.getOpenFileName(self, "Open a scan", str(self._settings.last_folder), _FILES)
        if name:
            self._settings.last_folder = Path(name).parent
            self.open_requested.emit(Path(name))

    def choose_folder(self) -> None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(self, "Open a DICOM or case folder", str(self._settings.last_folder))
        if name:
            self._settings.last_folder = Path(name).parent
            self.open_requested.emit(Path(name))

    def _choose_cases_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Where to write cases", str(self._settings.cases_folder.parent))
        if name:
            self._settings.cases_folder = Path(name)
            self._show_cases_folder()

    def _show_cases_folder(self) -> None:
        self.cases.setText(f"{self._settings.cases_folder}\nA new folder for each run, named by date and time.")

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(labels.title("Open"))
        column.addWidget(self.opened)
        row = QHBoxLayout()
        row.addWidget(self.open_file)
        row.addWidget(self.open_folder, stretch=1)
        column.addLayout(row)
        column.addWidget(self.open_demo)
        column.addWidget(labels.heading("WHAT WAS ALREADY DONE TO THE SCAN"))
        column.addWidget(self.space)
        column.addWidget(labels.heading("BRAIN EXTRACTION AND REGISTRATION"))
        column.addWidget(self.quality)
        column.addWidget(labels.heading("CASES ARE WRITTEN TO"))
        column.addWidget(self.cases)
        column.addWidget(self.change_cases)
        column.addSpacing(6)
        column.addWidget(self.run)
        column.addWidget(self.why_not)
        column.addStretch()
