"""The chain of evidence at the left: one step after the other, each with its state."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from vb_desktop.shell import theme
from vb_desktop.shell.screen_words import named

WIDTH = 68


class Step(StrEnum):
    """From the file to the paper."""

    OPEN = "Open"
    SCAN = "Scan"
    BOXES = "Boxes"
    PRIOR = "Prior"
    DIAGNOSIS = "Diagnosis"
    REPORT = "Report"


class StepState(StrEnum):
    """How far a step is; shown as a mark and said in the tool tip."""

    NOT_YET = "not yet"
    RUNNING = "running"
    DONE = "done"
    STALE = "update needed"
    ATTENTION = "attention"


_MARKS = {
    StepState.NOT_YET: "",
    StepState.RUNNING: "…",
    StepState.DONE: "✓",
    StepState.STALE: "↻",
    StepState.ATTENTION: "!",
}
_COLOURS = {
    StepState.NOT_YET: "secondary",
    StepState.RUNNING: "accent",
    StepState.DONE: "good",
    StepState.STALE: "attention",
    StepState.ATTENTION: "attention",
}
"""Names of the theme's colours."""


class StepsRail(QWidget):
    """Buttons of the steps.

    Signals:
        chosen (Step): the user wants to see this step.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons: dict[Step, QToolButton] = {}
        self.states: dict[Step, StepState] = {}
        for step in Step:
            button = QToolButton()
            button.setObjectName("step")
            button.setText(named(step))
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.clicked.connect(lambda _=False, step=step: self.chosen.emit(step))
            group.addButton(button)
            column.addWidget(button)
            self.buttons[step] = button
            self.set_state(step, StepState.NOT_YET)
        column.addStretch()
        self.settings = _tool(self.tr("Settings"), self.tr("Settings (Ctrl+,)"))
        self.help = _tool(self.tr("Keys"), self.tr("Keys of the window (F1)"))
        for button in (self.settings, self.help):
            column.addWidget(button)
        self.follow_look()
        self.show_step(Step.OPEN)

    def follow_look(self) -> None:
        """Sizes and icons in the look of now."""
        self.setFixedWidth(theme.scaled(WIDTH))
        for step, button in self.buttons.items():
            button.setFixedSize(theme.scaled(WIDTH), theme.scaled(60))
            button.setIconSize(QSize(theme.scaled(30), theme.scaled(26)))
            button.setIcon(_icon(step, self.states[step]))
        for button, shape in ((self.settings, _sliders()), (self.help, _keyboard())):
            button.setFixedSize(theme.scaled(WIDTH), theme.scaled(50))
            button.setIconSize(QSize(theme.scaled(26), theme.scaled(22)))
            button.setIcon(_drawn(shape, theme.colours().secondary))

    def show_step(self, step: Step) -> None:
        """Mark the step that is shown."""
        self.step = step
        self.buttons[step].setChecked(True)

    def set_state(self, step: Step, state: StepState) -> None:
        """Say how far a step is."""
        self.states[step] = state
        self.buttons[step].setIcon(_icon(step, state))
        self.buttons[step].setToolTip(f"{named(step)}: {named(state)}")
        self.buttons[step].setAccessibleName(f"{named(step)}, {named(state)}")


def _tool(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName("step")
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    return button


def _drawn(shape: QPainterPath, colour: str) -> QIcon:
    scale = 3
    pixmap = QPixmap(30 * scale, 26 * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.6))
    painter.drawPath(shape)
    painter.end()
    return QIcon(pixmap)


def _sliders() -> QPainterPath:
    """Three lines with a knob each."""
    path = QPainterPath()
    for y, x in ((6, 19), (13, 10), (20, 16)):
        path.moveTo(5, y)
        path.lineTo(x - 2.5, y)
        path.addEllipse(QPointF(x, y), 2.5, 2.5)
        path.moveTo(x + 2.5, y)
        path.lineTo(25, y)
    return path


def _keyboard() -> QPainterPath:
    """A keyboard with a row of keys and its space bar."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(3, 6, 24, 14), 2.5, 2.5)
    for x in (8, 13, 18, 23):
        path.addRect(QRectF(x - 1, 10, 1.5, 1.5))
    path.moveTo(9, 16)
    path.lineTo(21, 16)
    return path


def _icon(step: Step, state: StepState) -> QIcon:
    scale, colours = 3, theme.colours()
    pixmap = QPixmap(30 * scale, 26 * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colours.text if state != StepState.NOT_YET else colours.secondary), 1.6)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPath(_shape(step))
    if mark := _MARKS[state]:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.panel))
        painter.drawEllipse(QRectF(18.5, 0, 11.5, 11.5))
        painter.setPen(QColor(getattr(colours, _COLOURS[state])))
        font = painter.font()
        font.setPixelSize(11)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(QRectF(18.5, -0.5, 11.5, 12), Qt.AlignmentFlag.AlignCenter, mark)
    painter.end()
    return QIcon(pixmap)


def _shape(step: Step) -> QPainterPath:
    """A line drawing in a field of 30 x 26."""
    path = QPainterPath()
    head = QRectF(6, 5, 16, 18)
    match step:
        case Step.OPEN:  # a folder
            for n, (x, y) in enumerate([(4, 22), (4, 6), (11, 6), (13, 9), (24, 9), (24, 22)]):
                path.lineTo(x, y) if n else path.moveTo(x, y)
            path.closeSubpath()
        case Step.SCAN:  # a head from above
            path.addEllipse(head)
            path.moveTo(14, 9)
            path.lineTo(14, 19)
        case Step.BOXES:
            path.addEllipse(head)
            path.addRect(QRectF(13, 10, 7, 7))
        case Step.PRIOR:
            path.addEllipse(head)
            path.addEllipse(QPointF(16, 14), 3.5, 3.5)
            path.addEllipse(QPointF(16, 14), 1.2, 1.2)
        case Step.DIAGNOSIS:  # bars
            for y, width in ((7, 18), (13, 9), (19, 5)):
                path.addRect(QRectF(4, y, width, 3))
        case Step.REPORT:  # a page
            path.addRect(QRectF(7, 4, 14, 19))
            for y in (9, 13, 17):
                path.moveTo(10, y)
                path.lineTo(18, y)
    return path
