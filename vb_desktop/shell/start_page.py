"""The first page: what the program is, what it is not, and the ways to begin."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import platformdirs
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from vb_desktop.pipeline.messages import Message
from vb_desktop.shell import labels, theme
from vb_desktop.shell.language import say
from vb_desktop.shell.screen_words import short_path
from vb_desktop.shell.settings import Settings

_WIDTH = 620


class StartPage(QWidget):
    """Shown while nothing is open.

    Signals:
        file_wanted: choose a scan.
        folder_wanted: choose a folder.
        demo_requested: the demo case.
        open_requested (Path): a case of the list.
        settings_wanted: the settings.
    """

    file_wanted = Signal()
    folder_wanted = Signal()
    demo_requested = Signal()
    open_requested = Signal(Path)
    settings_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("page")
        self._settings = settings
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(theme.scaled(_WIDTH))
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(10)
        column.addWidget(labels.title("Virtual Biopsy Desktop"))
        column.addWidget(
            labels.body(
                self.tr(
                    "Reads one contrast-enhanced T1 MRI of the head, marks the tumour slice by slice and names glioma, "
                    "PCNSL, germinoma or another rare tumour, with the evidence for it and what speaks against it."
                )
            )
        )
        column.addWidget(labels.note(say(Message("case.research_use")), "refusal"))
        self.file = QPushButton(self.tr("Open a scan…"))
        self.folder = QPushButton(self.tr("DICOM or case folder…"))
        self.demo = QPushButton(self.tr("Open the demo case"))
        self.file.setObjectName("primary")
        self.file.clicked.connect(self.file_wanted)
        self.folder.clicked.connect(self.folder_wanted)
        self.demo.clicked.connect(self.demo_requested)
        row = QHBoxLayout()
        for button in (self.file, self.folder, self.demo):
            row.addWidget(button, stretch=1)
        column.addLayout(row)
        column.addWidget(labels.quiet(self.tr("Or drop a file, a DICOM folder or a case folder on this window.")))
        self.heading = labels.heading(self.tr("CASES THAT WERE OPEN"))
        self.recent = QListWidget()
        self.recent.setAccessibleName(self.tr("Cases that were open"))
        self.recent.setMaximumHeight(theme.scaled(150))
        self.recent.itemActivated.connect(self._chosen)
        self.recent.itemClicked.connect(self._chosen)
        column.addWidget(self.heading)
        column.addWidget(self.recent)
        models = self.tr(
            "The diagnoser that ships is a demonstration model, trained on synthetic cases. "
            "Your own models are installed under Settings and lie in {folder}."
        )
        column.addWidget(labels.quiet(models.format(folder=short_path(_models_folder()))))
        more = QPushButton(self.tr("Settings…"))
        more.setObjectName("flat")
        more.clicked.connect(self.settings_wanted)
        column.addWidget(more, alignment=Qt.AlignmentFlag.AlignLeft)
        outer = QVBoxLayout(self)
        outer.addStretch()
        outer.addWidget(card, alignment=Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch()
        self.show_recent()

    def show_recent(self) -> None:
        """The cases that were open, by folder and date: no identity."""
        self.recent.clear()
        for folder in self._settings.recent_cases:
            changed = datetime.fromtimestamp((folder / "case.json").stat().st_mtime)
            item = QListWidgetItem(f"{folder.name}      {changed:%Y-%m-%d %H:%M}")
            item.setData(Qt.ItemDataRole.UserRole, str(folder))
            item.setToolTip(str(folder))
            self.recent.addItem(item)
        there = self.recent.count() > 0
        self.recent.setVisible(there)
        self.heading.setVisible(there)

    def _chosen(self, item: QListWidgetItem) -> None:
        self.open_requested.emit(Path(item.data(Qt.ItemDataRole.UserRole)))


def _models_folder() -> Path:
    """As `pipeline.models` has it, which takes too long to import before the window is there."""
    return platformdirs.user_data_path("vb-desktop", appauthor=False) / "models"
