"""Open a scan or a case, and say how it is to be analysed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from vb_desktop.pipeline.config import Config
from vb_desktop.shell import labels
from vb_desktop.shell.language import QT_TRANSLATE_NOOP, translate
from vb_desktop.shell.run_config import run_config
from vb_desktop.shell.screen_words import short_path
from vb_desktop.shell.settings import Settings

SPACES = {
    QT_TRANSLATE_NOOP("ImportPanel", "Whole head, native space"): "native",
    QT_TRANSLATE_NOOP("ImportPanel", "Skull already stripped"): "skull-stripped",
    QT_TRANSLATE_NOOP("ImportPanel", "Already in MNI152 space"): "mni",
}
QUALITIES = {
    QT_TRANSLATE_NOOP("ImportPanel", "Fast"): "fast",
    QT_TRANSLATE_NOOP("ImportPanel", "Accurate (many minutes)"): "accurate",
}
_FILES = QT_TRANSLATE_NOOP("ImportPanel", "Scans (*.nii *.nii.gz *.nrrd *.dcm *.ima *.zip);;All files (*)")


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
        self.opened = labels.body(self.tr("Nothing is open."))
        self.open_file = QPushButton(self.tr("Open a scan…"))
        self.open_folder = QPushButton(self.tr("DICOM or case folder…"))
        self.open_demo = QPushButton(self.tr("Open the demo case"))
        self.open_demo.setObjectName("flat")
        self.space = QComboBox()
        for text, space in SPACES.items():
            self.space.addItem(self.tr(text), space)
        self.space.setAccessibleName(self.tr("What was already done to the scan"))
        self.quality = QComboBox()
        for text, quality in QUALITIES.items():
            self.quality.addItem(self.tr(text), quality)
        self.follow_settings()
        self.quality.setAccessibleName(self.tr("Brain extraction and registration"))
        self.choose_series = QPushButton(self.tr("Choose a series of this folder…"))
        self.choose_series.setObjectName("flat")
        self.cases = labels.quiet()
        self.change_cases = QPushButton(self.tr("Change…"))
        self.change_cases.setObjectName("flat")
        self.run = QPushButton(self.tr("Analyse"))
        self.run.setObjectName("primary")
        self.run.setEnabled(False)
        self.why_not = labels.quiet(self.tr("Open a contrast-enhanced T1 scan first."))
        self._build()
        self._show_cases_folder()
        self.open_file.clicked.connect(self.choose_file)
        self.open_folder.clicked.connect(self.choose_folder)
        self.open_demo.clicked.connect(self.demo_requested)
        self.change_cases.clicked.connect(self._choose_cases_folder)
        self.run.clicked.connect(self.analysis_requested)

    def config(self) -> Config:
        """The settings that the choices mean."""
        return run_config(self._settings, self.space.currentData(), self.quality.currentData())

    def follow_settings(self) -> None:
        """Begin with the quality that the settings name."""
        self.quality.setCurrentIndex(max(self.quality.findData(self._settings.text("performance/quality")), 0))

    def show_opened(self, what: str, *, can_analyse: bool, space: str = "native") -> None:
        """Say what is open.

        Args:
            what: in words, without identity.
            can_analyse: whether a scan is there that can be analysed.
            space: what was already done to it, where that is known.
        """
        self.opened.setText(what)
        self._can_analyse = can_analyse
        self.space.setCurrentIndex(max(self.space.findData(space), 0))
        self.set_running(False)

    def set_running(self, running: bool) -> None:
        """While a job runs nothing else can be started."""
        for widget in (
            self.open_file,
            self.open_folder,
            self.open_demo,
            self.choose_series,
            self.space,
            self.quality,
            self.change_cases,
        ):
            widget.setEnabled(not running)
        self.run.setEnabled(self._can_analyse and not running)
        self.why_not.setVisible(not self._can_analyse)

    def choose_file(self) -> None:
        """Ask for a file."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a scan"), str(self._settings.last_folder), self.tr(_FILES)
        )
        if name:
            self._settings.last_folder = Path(name).parent
            self.open_requested.emit(Path(name))

    def choose_folder(self) -> None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Open a DICOM or case folder"), str(self._settings.last_folder)
        )
        if name:
            self._settings.last_folder = Path(name).parent
            self.open_requested.emit(Path(name))

    def _choose_cases_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Where to write cases"), str(self._settings.cases_folder.parent)
        )
        if name:
            self._settings.cases_folder = Path(name)
            self._show_cases_folder()

    def _show_cases_folder(self) -> None:
        named = self.tr("A new folder for each run, named by date and time.")
        self.cases.setText(f"{short_path(self._settings.cases_folder)}\n{named}")

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(labels.title(translate("Names", "Open")))
        column.addWidget(self.opened)
        row = QHBoxLayout()
        row.addWidget(self.open_file)
        row.addWidget(self.open_folder, stretch=1)
        column.addLayout(row)
        column.addWidget(self.open_demo)
        column.addWidget(self.choose_series)
        column.addWidget(self.run)
        column.addWidget(self.why_not)
        column.addWidget(labels.heading(self.tr("WHAT WAS ALREADY DONE TO THE SCAN")))
        column.addWidget(self.space)
        column.addWidget(labels.heading(self.tr("BRAIN EXTRACTION AND REGISTRATION")))
        column.addWidget(self.quality)
        column.addWidget(labels.heading(self.tr("CASES ARE WRITTEN TO")))
        column.addWidget(self.cases)
        column.addWidget(self.change_cases)
        column.addStretch()
