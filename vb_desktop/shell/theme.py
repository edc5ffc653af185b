"""Look of the window: quiet, the image first; dark or light, while the canvas stays black in both."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from vb_desktop.assets import asset

CANVAS = "#000000"
ON_CANVAS = "#E8ECEF"
"""Words over the image, in both themes."""
ON_CANVAS_QUIET = "#9AA6B1"
ON_CANVAS_ACCENT = "#5AA9FF"
SMALLEST, USUAL, LARGEST = 8, 10, 16
"""Sizes of the window's font, points."""


@dataclass(frozen=True, slots=True)
class Colours:
    """A theme; text is told from its ground by at least 4.5 : 1."""

    background: str
    panel: str
    raised: str
    sunk: str
    field: str
    line: str
    handle: str
    text: str
    secondary: str
    disabled: str
    button: str
    pressed: str
    accent: str
    primary: str
    primary_hover: str
    attention: str
    attention_ground: str
    refusal: str
    refusal_ground: str
    good: str
    badge: str


DARK = Colours(
    background="#121518", panel="#1B2025", raised="#232A31", sunk="#20262B", field="#12171B", line="#2C343B",
    handle="#5A6670", text="#E8ECEF", secondary="#9AA6B1", disabled="#65707A", button="#2A323A", pressed="#24405E",
    accent="#5AA9FF", primary="#2E6FB5", primary_hover="#3A80CC", attention="#FFC24B", attention_ground="#33290F",
    refusal="#FF8080", refusal_ground="#3A2224", good="#5CCB8B", badge="#FFC24B",
)  # fmt: skip
LIGHT = Colours(
    background="#E9ECEF", panel="#F7F8F9", raised="#E8EDF2", sunk="#ECEEF0", field="#FFFFFF", line="#C9D0D6",
    handle="#8A96A1", text="#15191D", secondary="#515C66", disabled="#8B959E", button="#FFFFFF", pressed="#CFE2F7",
    accent="#1566B8", primary="#1E66B0", primary_hover="#2A78C8", attention="#8A5A00", attention_ground="#FFF2D1",
    refusal="#B3261E", refusal_ground="#FBE4E2", good="#1B7A45", badge="#FFC24B",
)  # fmt: skip
THEMES = {"dark": DARK, "light": LIGHT}


class _Chosen:
    """What the window looks like now: one application has one look."""

    colours = DARK
    points = USUAL


def use(name: str, points: int) -> None:
    """Choose a look; widgets take it when the style sheet is set anew.

    Args:
        name: "dark" or "light".
        points: size of the font.
    """
    _Chosen.colours = THEMES.get(name, DARK)
    _Chosen.points = min(max(points, SMALLEST), LARGEST)


def colours() -> Colours:
    """The colours of the window."""
    return _Chosen.colours


def scaled(size: float) -> int:
    """A length or a font size that was chosen for the usual font, in pixels, for the font of now."""
    return round(size * _Chosen.points / USUAL)


_STYLE = Template("""
* { font-family: "Inter", "Noto Sans", "Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC",
    "Droid Sans Fallback", "DejaVu Sans", sans-serif; }
QMainWindow, QDialog, QStackedWidget, QWidget#page { background: $background; }
QWidget { color: $text; font-size: ${s10}pt; }
QWidget#panel, QWidget#rail, QWidget#banner, QScrollArea, QScrollArea > QWidget > QWidget { background: $panel; }
QWidget#banner { border-bottom: 1px solid $line; }
QWidget#rail { border-right: 1px solid $line; }
QDockWidget { color: $secondary; font-size: ${s9}pt; }
QDockWidget::title { background: $panel; padding: 2px 10px; border-left: 1px solid $line;
    border-bottom: 1px solid $line; }
QDockWidget > QWidget { border-left: 1px solid $line; }
QDockWidget::float-button { icon-size: 11px; }
QMainWindow::separator { background: $line; width: 2px; height: 2px; }
QMainWindow::separator:hover { background: $accent; }
QScrollArea { border: none; }
QLabel { background: transparent; }
QLabel#title { font-size: ${s12}pt; font-weight: 600; }
QLabel#patient { font-size: ${s11}pt; font-weight: 600; }
QLabel#heading { color: $secondary; font-size: ${s9}pt; font-weight: 600; }
QLabel#quiet { color: $secondary; font-size: ${s9}pt; }
QLabel#letter { color: #FFFFFF; font-size: ${s15}pt; font-weight: 700; background: rgba(0, 0, 0, 120);
    border-radius: 4px; }
QDialog { border: 1px solid $handle; }
QFrame#card { background: $panel; border: 1px solid $line; border-radius: 8px; }
QListWidget#pages { background: $panel; border: none; border-right: 1px solid $line; padding: 8px 0; }
QListWidget#pages::item { padding: 8px 14px; border-left: 3px solid transparent; }
QListWidget#pages::item:selected { background: $raised; color: $text; border-left: 3px solid $accent; }
QSpinBox, QTextBrowser, QPlainTextEdit { background: $field; border: 1px solid $line; border-radius: 4px;
    padding: 3px 6px; }
QSpinBox::up-button, QSpinBox::down-button { border: none; width: 18px; }
QSpinBox::down-arrow { image: url("$icons/arrow-$name.svg"); width: 11px; height: 11px; }
QSpinBox::up-arrow { image: url("$icons/arrow-up-$name.svg"); width: 11px; height: 11px; }
QLabel#badge { border: 1px solid $attention; color: $attention; border-radius: 3px;
    padding: 2px 6px; font-size: ${s8}pt; font-weight: 700; }
QLabel#badge[kind="research"] { background: $badge; color: #1A1400; border-color: $badge; }
QLabel#badge[kind="demo"] { border-color: $refusal; color: $refusal; }
QLabel#note { background: $raised; border-left: 3px solid $secondary; padding: 6px 8px; }
QLabel#note[kind="attention"] { border-left-color: $attention; }
QLabel#note[kind="refusal"] { border-left-color: $refusal; }
QLabel#note[kind="good"] { border-left-color: $good; }
QLabel#errormark { color: $refusal; font-size: ${s18}pt; font-weight: 800; padding: 0 8px; }
QLabel#strong { font-weight: 600; }
QPushButton#layer { background: transparent; border: none; padding: 0; text-align: left; font-weight: 400; }
QPushButton#layer[chosen="true"] { font-weight: 600; }
QPushButton#layer[there="false"] { color: $disabled; }
QPushButton#layer:focus { color: $accent; }
QFrame#errorbar { background: $refusal_ground; border-bottom: 1px solid $refusal; }
QFrame#stalebar { background: $attention_ground; border-bottom: 1px solid $attention; }
QLabel#key { color: $secondary; border: 1px solid $line; border-radius: 3px; font-size: ${s8}pt; }
QPushButton { background: $button; border: 1px solid $line; border-radius: 4px; padding: 5px 12px; }
QPushButton:hover { border-color: $accent; }
QPushButton:pressed, QPushButton:checked { background: $pressed; border-color: $accent; }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $disabled; background: $sunk; }
QPushButton#primary { background: $primary; border-color: $primary; color: white; font-weight: 600; padding: 7px 12px; }
QPushButton#primary:hover { background: $primary_hover; }
QPushButton#primary:disabled { background: $sunk; border-color: $line; color: $disabled; }
QPushButton#flat { background: transparent; border: none; color: $accent; padding: 2px 4px; text-align: left; }
QPushButton#flat:hover { text-decoration: underline; }
QToolButton { background: $button; border: 1px solid $line; border-radius: 4px; padding: 2px 8px; }
QToolButton:hover { border-color: $accent; }
QToolButton:checked, QToolButton:pressed { background: $pressed; border-color: $accent; }
QToolButton:disabled { color: $disabled; background: $sunk; }
QToolButton#step { background: transparent; border: none; border-left: 3px solid transparent;
    color: $secondary; font-size: ${s8}pt; padding: 6px 0 4px 0; }
QToolButton#step:checked { color: $text; border-left-color: $accent; background: $raised; }
QToolButton#step:hover { color: $text; }
QToolButton#step:disabled { color: $disabled; }
QToolButton#small { padding: 2px 4px; }
QComboBox#small { font-size: ${s8}pt; padding: 2px 0 2px 3px; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url("$icons/arrow-$name.svg"); width: 12px; height: 12px; }
QComboBox#small::drop-down { width: 14px; }
QToolButton#menu { padding: 2px 20px 2px 6px; }
QToolButton#menu::menu-indicator { image: url("$icons/arrow-$name.svg"); width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 4px; }
QComboBox, QLineEdit { background: $field; border: 1px solid $line; border-radius: 4px; padding: 3px 6px; }
QComboBox QAbstractItemView { background: $panel; selection-background-color: $pressed; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 6px; background: $text; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $line; }
QProgressBar { background: $field; border: 1px solid $line; border-radius: 3px; height: 8px;
    text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QStatusBar { background: $panel; border-top: 1px solid $line; color: $secondary; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $secondary; font-size: ${s9}pt; padding: 0 8px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $handle; border-radius: 3px; background: $field; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url("$icons/check-$name.svg"); }
QCheckBox:focus { color: $accent; }
QTreeWidget, QListWidget { background: $field; border: 1px solid $line; }
QTreeWidget::item:selected { background: $pressed; }
QHeaderView::section { background: $panel; color: $secondary; border: none; padding: 3px; font-size: ${s9}pt; }
QScrollBar:vertical { background: $panel; width: 10px; }
QScrollBar::handle:vertical { background: $handle; border-radius: 5px; min-height: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QToolTip { background: $panel; color: $text; border: 1px solid $line; }
QMenu { background: $panel; border: 1px solid $line; }
QMenu::item:selected { background: $pressed; }
""")


def style_sheet() -> str:
    """The style sheet of the main window; dialogs inherit it."""
    sizes = {f"s{size}": f"{size * _Chosen.points / USUAL:.1f}" for size in (8, 9, 10, 11, 12, 15, 18)}
    icons = {"icons": asset("icons").as_posix(), "name": "light" if colours() is LIGHT else "dark"}
    return _STYLE.substitute(asdict(colours()) | sizes | icons)
