"""Class probabilities as bars with their figures: one quiet colour, so that nothing nudges."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vb_desktop.shell import theme

_ROW = 40


class ProbabilityBars(QWidget):
    """One row a class, most probable first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, float, bool]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_probabilities(self, probabilities: dict[str, float], in_set: list[str], names: dict[str, str]) -> None:
        """Show them.

        Args:
            probabilities: class -> probability.
            in_set: classes of the prediction set; they are drawn full, the others hollow.
            names: class -> words.
        """
        order = sorted(probabilities, key=lambda class_: -probabilities[class_])
        self._rows = [(names.get(class_, class_), probabilities[class_], class_ in in_set) for class_ in order]
        self.setAccessibleName("; ".join(self.rows()))
        self.setFixedHeight(_ROW * len(self._rows))
        self.update()

    def rows(self) -> list[str]:
        """The rows in words."""
        of_set = {True: self.tr(" (in the prediction set)"), False: ""}
        return [f"{name} {percent(value)}{of_set[inside]}" for name, value, inside in self._rows]

    def sizeHint(self) -> QSize:  # Qt's name
        """Rows of equal height."""
        return QSize(200, _ROW * len(self._rows))

    def paintEvent(self, _: QPaintEvent) -> None:  # Qt's name
        """Name and figure above, bar below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for n, (name, value, inside) in enumerate(self._rows):
            top, width = n * _ROW, self.width()
            painter.setPen(QColor(theme.colours().text if inside else theme.colours().secondary))
            text = QRectF(0, top + 2, width, 20)
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent(value))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colours().line))
            painter.drawRoundedRect(QRectF(0, top + 24, width, 7), 3, 3)
            painter.setBrush(QColor(theme.colours().accent if inside else theme.colours().secondary))
            painter.drawRoundedRect(QRectF(0, top + 24, max(width * value, 2), 7), 3, 3)
        painter.end()


def percent(value: float) -> str:
    """A probability with a sensible number of digits."""
    if 0 < value < 0.005:
        return "< 1 %"
    if 0.995 <= value < 1:
        return "> 99 %"
    return f"{100 * value:.0f} %"
