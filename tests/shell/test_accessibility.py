"""Screen readers and keyboards: everything that can be used has a name and can be reached."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from one_window import FakeRunner
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from vb_desktop.shell.canvas_bar import LAYOUT_KEY
from vb_desktop.shell.cine import CINE_KEY
from vb_desktop.shell.key_reference import KEYS, KeyReference
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.ruler_tool import RULER_KEY
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_dialog import SettingsDialog
from vb_desktop.shell.window_control import AUTO_KEY

INTERACTIVE = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """The window with its settings, without a viewer."""
    folder = tmp_path_factory.mktemp("names")
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    made = MainWindow(settings, FakeRunner())  # type: ignore[arg-type]
    SettingsDialog(settings, made)
    yield made
    made.deleteLater()


def interactive(window: QWidget) -> list[QWidget]:
    """What a hand can use; parts that Qt makes for itself (scroll bars, a combo box's list) are left out."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, INTERACTIVE)
        and not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), (QAbstractItemView, QComboBox, QAbstractSpinBox))
        and (parent := widget.parent()) is not None
        and "PrivateContainer" not in parent.metaObject().className()
    ]


def name_of(widget: QWidget) -> str:
    """As a screen reader hears it."""
    heard = QAccessible.queryAccessibleInterface(widget)
    return "" if heard is None else heard.text(QAccessible.Text.Name).strip()


def test_everything_that_can_be_used_has_a_name(window: MainWindow) -> None:
    widgets = interactive(window)
    assert len(widgets) > 70
    assert [f"{type(widget).__name__} in {widget.parent()}" for widget in widgets if not name_of(widget)] == []


def test_everything_that_can_be_used_can_be_reached_with_the_keyboard(window: MainWindow) -> None:
    titles = ("QDockWidgetTitleButton",)
    assert [
        name_of(widget)
        for widget in interactive(window)
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus and widget.metaObject().className() not in titles
    ] == []


def test_tab_goes_from_the_steps_to_the_panels(window: MainWindow) -> None:
    """Each step before the next one, and the opening panel in the order in which it is read."""
    chain: list[QWidget] = []
    widget: QWidget = window.parts.rail
    for _ in range(2000):
        following = widget.nextInFocusChain()
        if following is None or following in chain:
            break
        widget = following
        chain.append(widget)
    panel = window.parts.import_panel
    rail: list[QWidget] = [*window.parts.rail.buttons.values(), window.parts.rail.settings, window.parts.rail.help]
    assert [chain.index(button) for button in rail] == sorted(chain.index(button) for button in rail)
    order: list[QWidget] = [panel.open_file, panel.open_folder, panel.open_demo, panel.run, panel.space, panel.quality]
    assert [chain.index(button) for button in order] == sorted(chain.index(button) for button in order)


def test_the_page_of_keys_names_every_key(qtbot: QtBot, window: MainWindow) -> None:
    listed = " ".join(key for keys in KEYS.values() for key, _ in keys)
    used = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    used |= {LAYOUT_KEY, CINE_KEY, RULER_KEY, AUTO_KEY}
    ranges = {f"Ctrl+{n}" for n in range(1, 7)} | {str(n) for n in range(1, 7)}
    assert len(used) > 20
    assert sorted(key for key in used - ranges if QKeySequence(key).toString() not in listed) == []
    page = KeyReference()
    qtbot.addWidget(page)
    assert "F5" in page.table.toPlainText()
