"""Language, theme, font, and where the panels are."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSpinBox

from vb_desktop.shell import theme
from vb_desktop.shell.language import LANGUAGES, translate
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_pages.page import SettingsPage


class AppearancePage(SettingsPage):
    """How the window looks.

    Signals:
        look_changed: theme or font.
        language_chosen: another language.
        reset_wanted: the panels back to their places.
    """

    look_changed = Signal()
    language_chosen = Signal()
    reset_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__(translate("AppearancePage", "Appearance"), settings)
        self.language = self.choice(self.tr("Language"), LANGUAGES, settings.language, self._keep_language)
        themes = {"dark": self.tr("Dark"), "light": self.tr("Light")}
        self.theme = self.choice(self.tr("Theme"), themes, settings.theme, self._keep_theme)
        self.font_size = QSpinBox()
        self.font_size.setRange(theme.SMALLEST, theme.LARGEST)
        self.font_size.setSuffix(" pt")
        self.font_size.setValue(settings.font_points)
        self.font_size.valueChanged.connect(self._keep_font)
        self.row(self.tr("Font size"), self.font_size)
        self.say(self.tr("The image keeps its black ground in both themes. The window takes the language at once."))
        reset = QPushButton(self.tr("Put the panels back to their places"))
        reset.clicked.connect(self.reset_wanted)
        self.column.addWidget(reset)
        self.column.addStretch()

    def _keep_theme(self, name: str) -> None:
        self.settings.theme = name
        self.look_changed.emit()

    def _keep_font(self, points: int) -> None:
        self.settings.font_points = points
        self.look_changed.emit()

    def _keep_language(self, code: str) -> None:
        if code != self.settings.language:
            self.settings.language = code
            self.language_chosen.emit()
