"""What the program keeps of patients, and what may leave the machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import platformdirs
from PySide6.QtWidgets import QPushButton

from vb_desktop.shell import labels
from vb_desktop.shell.language import translate
from vb_desktop.shell.screen_words import short_path
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_pages.page import SettingsPage


class PrivacyPage(SettingsPage):
    """The list of cases, kept corrections, and what is sent."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(translate("PrivacyPage", "Privacy"), settings)
        self.remembers = self.check(
            self.tr("List the cases that were open on the first page"), settings.remembers_cases, self._keep_remembers
        )
        self.forget = QPushButton(self.tr("Empty the list"))
        self.forget.clicked.connect(self._forget)
        self.column.addWidget(self.forget)
        self.drop = QPushButton(self.tr("Delete corrections that were kept and not computed with"))
        self.drop.clicked.connect(self._drop)
        self.column.addWidget(self.drop)
        self.said = labels.quiet()
        self.column.addWidget(self.said)
        self.say(
            self.tr(
                "Nothing leaves this machine unless a server elsewhere was chosen under Boxes (VLM) and agreed to; "
                "then it is pixels of slices only, without identity."
            )
        )
        self.say(
            self.tr(
                "Cases lie in {cases}. A case folder holds the patient's identity in patient.json, source_dicom.json "
                "and report.pdf; the list above holds folder names only."
            ).format(cases=short_path(settings.cases_folder))
        )
        self.column.addStretch()
        self._show()

    def _keep_remembers(self, on: bool) -> None:
        self.settings.remembers_cases = on
        self._show()

    def _forget(self) -> None:
        self.settings.forget_recent()
        self._show()
        self.changed.emit()

    def _drop(self) -> None:
        shutil.rmtree(corrections_folder(), ignore_errors=True)
        self._show()

    def _show(self) -> None:
        cases = len(self.settings.recent_cases)
        kept = len(list(corrections_folder().glob("*.json")))
        self.forget.setEnabled(cases > 0)
        self.drop.setEnabled(kept > 0)
        said = self.tr("Kept now: {cases} cases in the list, corrections of {kept} cases.")
        self.said.setText(said.format(cases=cases, kept=kept))


def corrections_folder() -> Path:
    """Where corrections wait until they are computed with."""
    return platformdirs.user_data_path("vb-desktop", appauthor=False) / "corrections"
