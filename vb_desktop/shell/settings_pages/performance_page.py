"""How much of the machine a run takes."""

from __future__ import annotations

import os

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox

from vb_desktop.shell.language import translate
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_pages.page import SettingsPage


class PerformancePage(SettingsPage):
    """Quality, device, processors, and the process that waits for runs.

    Signals:
        worker_changed: the process of the runs is to be started anew.
    """

    worker_changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__(translate("PerformancePage", "Performance"), settings)
        self.quality = self.choice(
            self.tr("Brain extraction and registration"),
            {"": self.tr("Fast"), "accurate": self.tr("Accurate (many minutes)")},
            settings.text("performance/quality"),
            lambda value: settings.set_text("performance/quality", value),
        )
        self.device = self.choice(
            self.tr("Networks run on"),
            {"": self.tr("A graphics card if there is one"), "cpu": self.tr("The processor"), "cuda": "CUDA"},
            settings.text("performance/device"),
            lambda value: settings.set_text("performance/device", value),
        )
        self.threads = QSpinBox()
        self.threads.setRange(0, os.cpu_count() or 1)
        self.threads.setSpecialValueText(self.tr("All"))
        kept = settings.text("performance/threads")
        self.threads.setValue(int(kept) if kept.isdecimal() else 0)
        self.threads.editingFinished.connect(self._keep_threads)
        self.row(self.tr("Processor cores for a run"), self.threads)
        self.warm = self.check(
            self.tr("Keep a process waiting for runs (about 1 GB; a run starts 10 s sooner)"),
            settings.text("performance/warm") != "false",
            self._keep_warm,
        )
        self.say(
            self.tr(
                "The registration to the template always takes one core, so that it can be repeated to the bit. "
                "The choice of quality can be changed for each run."
            )
        )
        self.column.addStretch()

    def _keep_threads(self) -> None:
        value = str(self.threads.value()) if self.threads.value() else ""
        if value != self.settings.text("performance/threads"):
            self.settings.set_text("performance/threads", value)
            self.worker_changed.emit()

    def _keep_warm(self, on: bool) -> None:
        self.settings.set_text("performance/warm", "" if on else "false")
        self.worker_changed.emit()
