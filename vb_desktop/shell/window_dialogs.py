"""The dialogs of the window, and what the window does when something was chosen in them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.key_reference import KeyReference
from vb_desktop.shell.run_config import apply_environment
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.window_layout import WindowLayout


class WindowDialogs(QObject):
    """Settings and keys.

    Signals:
        look_changed: theme or font.
        language_chosen: another language.

    Args:
        window: that they belong to.
        parts: the widgets of the window.
        settings: of the user.
        runner: is told when the process of the runs must be another.
    """

    look_changed = Signal()
    language_chosen = Signal()

    def __init__(self, window: QWidget, parts: WindowLayout, settings: Settings, runner: CaseRunner) -> None:
        super().__init__(window)
        self._window, self._parts, self._settings, self._runner = window, parts, settings, runner
        parts.rail.settings.clicked.connect(self.show_settings)
        parts.rail.help.clicked.connect(self.show_keys)
        parts.empty_page.settings_wanted.connect(self.show_settings)

    def show_settings(self) -> QWidget:
        """The settings, beside the window that follows them."""
        from vb_desktop.shell.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._settings, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.appearance.look_changed.connect(self.look_changed)
        dialog.appearance.language_chosen.connect(self.language_chosen)
        dialog.appearance.reset_wanted.connect(self._parts.docks.reset)
        dialog.performance.worker_changed.connect(self._restart_worker)
        dialog.report.reader.editingFinished.connect(self._restart_worker)
        dialog.changed.connect(self._follow)
        dialog.show()
        return dialog

    def show_keys(self) -> QWidget:
        """The keys."""
        dialog = KeyReference(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
        return dialog

    def _follow(self) -> None:
        self._parts.import_panel.follow_settings()
        self._parts.empty_page.show_recent()

    def _restart_worker(self) -> None:
        """A process keeps the environment that it was started with."""
        apply_environment(self._settings)
        self._runner.renew(warm=self._settings.text("performance/warm") != "false")
