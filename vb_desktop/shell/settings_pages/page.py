"""What the pages of the settings have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from vb_desktop.shell import labels
from vb_desktop.shell.settings import Settings

LABEL_WIDTH = 150


class SettingsPage(QWidget):
    """A title, rows of a name and a field, and sentences between them.

    Signals:
        changed: something was chosen and is kept.

    Args:
        title: of the page.
        settings: that the page shows and changes.
    """

    changed = Signal()

    def __init__(self, title: str, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.title, self.settings = title, settings
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(8)
        self.column.addWidget(labels.title(title))
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(8)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.column.addLayout(self.form)

    def row(self, name: str, field: QWidget) -> None:
        """A field with its name."""
        field.setAccessibleName(name)
        self.form.addRow(name, field)

    def say(self, words: str) -> None:
        """A sentence below the rows."""
        self.column.addWidget(labels.quiet(words))

    def choice(self, name: str, options: Mapping[str, str], chosen: str, keep: Callable[[str], None]) -> QComboBox:
        """A box of options.

        Args:
            name: of the field.
            options: value -> words.
            chosen: the value of now.
            keep: takes the value that is chosen.
        """
        box = QComboBox()
        for value, words in options.items():
            box.addItem(words, value)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.activated.connect(lambda _: self._kept(lambda: keep(str(box.currentData()))))
        self.row(name, box)
        return box

    def line(self, name: str, key: str, placeholder: str = "") -> QLineEdit:
        """A line of text that is kept under a key of the settings."""
        line = QLineEdit(self.settings.text(key))
        line.setPlaceholderText(placeholder)
        line.editingFinished.connect(lambda: self._kept(lambda: self.settings.set_text(key, line.text().strip())))
        self.row(name, line)
        return line

    def check(self, words: str, on: bool, keep: Callable[[bool], None]) -> QCheckBox:
        """A box to tick, below the rows."""
        box = QCheckBox(words)
        box.setAccessibleName(words)
        box.setChecked(on)
        box.toggled.connect(lambda now: self._kept(lambda: keep(now)))
        self.column.addWidget(box)
        return box

    def _kept(self, keep: Callable[[], None]) -> None:
        keep()
        self.changed.emit()


class Task(QObject):
    """A piece of work beside the window.

    Signals:
        done (object): what it returned, or the error that ended it.
    """

    done = Signal(object)

    def start(self, work: Callable[[], object]) -> None:
        """Do it in a thread; `done` comes back in the window's own."""
        import threading

        def run() -> None:
            try:
                result: object = work()
            except Exception as error:  # said in the page
                result = error
            try:
                self.done.emit(result)
            except RuntimeError:
                return  # the page is gone

        threading.Thread(target=run, name="settings", daemon=True).start()
