"""Who reads, and what stands on the letterhead."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from vb_desktop.pipeline.reader import account
from vb_desktop.shell import labels
from vb_desktop.shell.language import LANGUAGES, translate
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_pages.page import SettingsPage


class ReportPage(SettingsPage):
    """Reader, institution, logo, language and paper of the report."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(translate("ReportPage", "Reader and report"), settings)
        self.reader = self.line(self.tr("Reader's name"), "reader", account())
        self.institution = self.line(
            self.tr("Institution"), "report/institution", self.tr("the one that the scan names")
        )
        self.logo = self.line(self.tr("Logo (PNG or JPEG)"), "report/logo", self.tr("none"))
        self.logo.editingFinished.connect(self._show_logo)
        choose = QPushButton(self.tr("Choose a picture…"))
        choose.clicked.connect(self._choose_logo)
        self.picture = QLabel()
        row = QHBoxLayout()
        row.addWidget(choose)
        row.addWidget(self.picture, stretch=1)
        field = QWidget()
        field.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self.form.addRow("", field)
        self.refusal = labels.note("", "attention")
        self.column.addWidget(self.refusal)
        languages = {"": self.tr("As the window"), **LANGUAGES}
        self.choice(
            self.tr("Language of the report"), languages, settings.text("report/language"),
            lambda code: settings.set_text("report/language", code),
        )  # fmt: skip
        self.choice(
            self.tr("Paper"), {"": "A4", "Letter": "Letter"}, settings.text("report/page"),
            lambda page: settings.set_text("report/page", page),
        )  # fmt: skip
        self.say(
            self.tr(
                "The reader's name stands beside corrections and accepted gates. "
                "Institution, logo, language and paper are used by the next run."
            )
        )
        self.column.addStretch()
        self._show_logo()

    def _choose_logo(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose a logo"), str(Path.home()), self.tr("Pictures (*.png *.jpg *.jpeg)")
        )
        if name:
            self.logo.setText(name)
            self.logo.editingFinished.emit()

    def _show_logo(self) -> None:
        path = self.logo.text().strip()
        picture = QPixmap(path) if path else QPixmap()
        if picture.isNull():
            self.picture.clear()
        else:
            kind = Qt.TransformationMode.SmoothTransformation
            self.picture.setPixmap(picture.scaledToHeight(32, kind))
        self.refusal.setText(self.tr("This file is no picture that can be read: the report would stay without a logo."))
        self.refusal.setVisible(bool(path) and picture.isNull())
