"""Look of the window: dark, quiet, the image first."""

from __future__ import annotations

from string import Template

BACKGROUND = "#121518"
PANEL = "#1B2025"
LINE = "#2C343B"
TEXT = "#E8ECEF"
SECONDARY = "#9AA6B1"
ACCENT = "#5AA9FF"
ATTENTION = "#FFC24B"
REFUSAL = "#FF6B6B"
GOOD = "#5CCB8B"
CANVAS = "#000000"

STATE_COLOURS = {"good": GOOD, "attention": ATTENTION, "refusal": REFUSAL, "quiet": SECONDARY}

_STYLE = Template("""
* { font-family: "Inter", "Noto Sans", "Segoe UI", "DejaVu Sans", sans-serif; }
QMainWindow, QDialog, QStackedWidget, QWidget#page { background: $background; }
QWidget { color: $text; font-size: 10pt; }
QWidget#panel, QWidget#rail, QWidget#banner, QScrollArea, QScrollArea > QWidget > QWidget { background: $panel; }
QWidget#banner { border-bottom: 1px solid $line; }
QWidget#rail { border-right: 1px solid $line; }
QWidget#side { background: $panel; border-left: 1px solid $line; }
QScrollArea { border: none; }
QLabel { background: transparent; }
QLabel#title { font-size: 12pt; font-weight: 600; }
QLabel#patient { font-size: 11pt; font-weight: 600; }
QLabel#heading { color: $secondary; font-size: 9pt; font-weight: 600; }
QLabel#quiet { color: $secondary; font-size: 9pt; }
QLabel#letter { color: #FFFFFF; font-size: 15pt; font-weight: 700; background: rgba(0, 0, 0, 120);
    border-radius: 4px; }
QLabel#badge { border: 1px solid $attention; color: $attention; border-radius: 3px;
    padding: 2px 6px; font-size: 8pt; font-weight: 700; }
QLabel#badge[kind="research"] { background: $attention; color: #1A1400; }
QLabel#badge[kind="demo"] { border-color: $refusal; color: #FF8F8F; }
QLabel#note { background: #232A31; border-left: 3px solid $secondary; padding: 6px 8px; }
QLabel#note[kind="attention"] { border-left-color: $attention; }
QLabel#note[kind="refusal"] { border-left-color: $refusal; }
QLabel#note[kind="good"] { border-left-color: $good; }
QFrame#errorbar { background: #3A2224; border-bottom: 1px solid $refusal; }
QFrame#stalebar { background: #33290F; border-bottom: 1px solid $attention; }
QLabel#key { color: $secondary; border: 1px solid $line; border-radius: 3px; font-size: 8pt; }
QPushButton { background: #2A323A; border: 1px solid $line; border-radius: 4px; padding: 5px 12px; }
QPushButton:hover { border-color: $accent; }
QPushButton:pressed, QPushButton:checked { background: #24405E; border-color: $accent; }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus { border: 1px solid $accent; }
QPushButton:disabled { color: #65707A; background: #20262B; }
QPushButton#primary { background: #2E6FB5; border-color: #2E6FB5; color: white; font-weight: 600; padding: 7px 12px; }
QPushButton#primary:hover { background: #3A80CC; }
QPushButton#primary:disabled { background: #26313B; border-color: $line; color: #65707A; }
QPushButton#flat { background: transparent; border: none; color: $accent; padding: 2px 4px; text-align: left; }
QPushButton#flat:hover { text-decoration: underline; }
QToolButton { background: #2A323A; border: 1px solid $line; border-radius: 4px; padding: 2px 8px; }
QToolButton:hover { border-color: $accent; }
QToolButton:checked, QToolButton:pressed { background: #24405E; border-color: $accent; }
QToolButton:disabled { color: #65707A; background: #20262B; }
QToolButton#step { background: transparent; border: none; border-left: 3px solid transparent;
    color: $secondary; font-size: 8pt; padding: 6px 0 4px 0; }
QToolButton#step:checked { color: $text; border-left-color: $accent; background: #232A31; }
QToolButton#step:hover { color: $text; }
QToolButton#step:disabled { color: #4B555E; }
QToolButton#small { padding: 2px 4px; }
QComboBox#small { font-size: 8pt; padding: 2px 0 2px 3px; }
QComboBox#small::drop-down { width: 14px; }
QToolButton#menu { padding: 2px 20px 2px 6px; }
QToolButton#menu::menu-indicator { subcontrol-origin: padding; subcontrol-position: center right; right: 4px; }
QComboBox, QLineEdit { background: #12171B; border: 1px solid $line; border-radius: 4px; padding: 3px 6px; }
QComboBox QAbstractItemView { background: $panel; selection-background-color: #24405E; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 6px; background: $text; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $line; }
QProgressBar { background: #12171B; border: 1px solid $line; border-radius: 3px; height: 8px;
    text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QStatusBar { background: $panel; border-top: 1px solid $line; color: $secondary; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $secondary; font-size: 9pt; padding: 0 8px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid #5A6670; border-radius: 3px; background: #12171B; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox:focus { color: $accent; }
QTreeWidget, QListWidget { background: #12171B; border: 1px solid $line; }
QTreeWidget::item:selected { background: #24405E; }
QHeaderView::section { background: $panel; color: $secondary; border: none; padding: 3px; font-size: 9pt; }
QScrollBar:vertical { background: $panel; width: 10px; }
QScrollBar::handle:vertical { background: #3A444D; border-radius: 5px; min-height: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QToolTip { background: $panel; color: $text; border: 1px solid $line; }
QMenu { background: $panel; border: 1px solid $line; }
QMenu::item:selected { background: #24405E; }
""")


def style_sheet() -> str:
    """The style sheet of the main window; dialogs inherit it."""
    return _STYLE.substitute(
        background=BACKGROUND, panel=PANEL, line=LINE, text=TEXT, secondary=SECONDARY,
        accent=ACCENT, attention=ATTENTION, refusal=REFUSAL, good=GOOD,
    )  # fmt: skip
