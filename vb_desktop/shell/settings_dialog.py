"""The settings: a list of pages; what is chosen holds at once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from vb_desktop.shell import theme
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_pages.appearance_page import AppearancePage
from vb_desktop.shell.settings_pages.models_page import ModelsPage
from vb_desktop.shell.settings_pages.page import SettingsPage
from vb_desktop.shell.settings_pages.performance_page import PerformancePage
from vb_desktop.shell.settings_pages.privacy_page import PrivacyPage
from vb_desktop.shell.settings_pages.report_page import ReportPage
from vb_desktop.shell.settings_pages.vlm_page import VlmPage


class SettingsDialog(QDialog):
    """All pages.

    Signals:
        changed: something that runs, report or first page follow.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.appearance = AppearancePage(settings)
        self.report = ReportPage(settings)
        self.models = ModelsPage(settings)
        self.vlm = VlmPage(settings)
        self.performance = PerformancePage(settings)
        self.privacy = PrivacyPage(settings)
        self.pages: tuple[SettingsPage, ...] = (
            self.appearance, self.report, self.models, self.vlm, self.performance, self.privacy,
        )  # fmt: skip
        self.names = QListWidget()
        self.names.setObjectName("pages")
        self.names.setAccessibleName(self.tr("Pages of the settings"))
        self.names.setFixedWidth(theme.scaled(190))
        self.stack = QStackedWidget()
        for page in self.pages:
            self.names.addItem(page.title)
            self.stack.addWidget(page)
            page.changed.connect(self.changed)
        self.names.currentRowChanged.connect(self.stack.setCurrentIndex)
        close = QPushButton(self.tr("Close"))
        close.setObjectName("primary")
        close.clicked.connect(self.accept)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.names)
        middle.addWidget(self.stack, stretch=1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 10)
        foot.addStretch()
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, stretch=1)
        column.addLayout(foot)
        self.names.setCurrentRow(0)
        self.resize(theme.scaled(820), theme.scaled(560))
