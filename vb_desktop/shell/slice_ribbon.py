"""The slice ribbon: where along the slices boxes, prior and Grad-CAM lie; a click goes there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSlider, QToolTip, QWidget

from napari_plugin import palette
from vb_desktop.pipeline.case import Array
from vb_desktop.shell import theme
from vb_desktop.shell.screen_words import named
from vb_desktop.shell.slice_overlay import VLM_SOURCES
from vb_desktop.shell.slice_profile import SliceProfile

HEIGHT = 56
_LEFT, _RIGHT = 74, 26
"""Room for the names of the rows at the left, for the patient's side at the right."""
_ROWS = (("Boxes", 6, 10), ("Prior", 19, 14), ("Grad-CAM", 36, 14))
"""Name, upper edge and height of each row."""


class SliceRibbon(QSlider):
    """A slider over the slices which shows what lies where."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("ribbon")
        self.setFixedHeight(HEIGHT)
        self.setEnabled(False)
        self.setAccessibleName(self.tr("Slice"))
        self.setPageStep(5)
        self.setToolTip(self.tr("Boxes, prior and Grad-CAM along the slices; click to go there."))
        self.setMouseTracking(True)
        self.profile = SliceProfile()
        self._ends = ("", "")
        self.axis = -1

    @property
    def _left(self) -> int:
        return theme.scaled(_LEFT)

    def sizeHint(self) -> QSize:  # Qt's name
        """As wide as there is room."""
        return QSize(400, HEIGHT)

    def show_profile(self, profile: SliceProfile, ends: tuple[str, str], axis: int = -1) -> None:
        """Show what lies where.

        Args:
            profile: one value a slice.
            ends: letters of the patient's sides at the first and at the last slice.
            axis: that the slices are stacked along.
        """
        self.profile, self._ends, self.axis = profile, ends, axis
        self.update()

    def x_of(self, k: float) -> float:
        """Where a slice is drawn."""
        return self._left + (self.width() - self._left - _RIGHT) * (k + 0.5) / max(self.profile.count, 1)

    def slice_at(self, x: float) -> int:
        """The slice that is drawn there."""
        k = (x - self._left) / max(self.width() - self._left - _RIGHT, 1) * self.profile.count
        return int(np.clip(np.floor(k), 0, max(self.profile.count - 1, 0)))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Go to the slice that is pointed at."""
        if event.button() == Qt.MouseButton.LeftButton and self.profile.count:
            self.setValue(self.slice_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Go along with the mouse."""
        if event.buttons() & Qt.MouseButton.LeftButton and self.profile.count:
            self.setValue(self.slice_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # Qt's name
        """Nothing."""

    def event(self, event: QEvent) -> bool:
        """Say what lies on the slice under the mouse."""
        if isinstance(event, QHelpEvent) and self.profile.count:
            QToolTip.showText(event.globalPos(), self.profile.words(self.slice_at(event.pos().x())), self)
            return True
        return super().event(event)

    def paintEvent(self, _: QPaintEvent) -> None:  # Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().background))
        font = painter.font()
        font.setPixelSize(theme.scaled(11))
        painter.setFont(font)
        right = self.width() - _RIGHT
        for name, top, height in _ROWS:
            painter.setPen(QColor(theme.colours().secondary))
            painter.drawText(QRectF(4, top, self._left - 12, height), Qt.AlignmentFlag.AlignVCenter, named(name))
            painter.fillRect(QRectF(self._left, top, right - self._left, height), QColor(theme.colours().sunk))
        if self.profile.count:
            self._boxes(painter)
            self._curve(painter, 1, self.profile.prior_cm2, QColor(palette.PINK), None)
            self._curve(painter, 2, self.profile.grad_cam, QColor("#DD7A3A"), 1.0)
            self._cursor(painter)
            painter.setPen(QColor(theme.colours().secondary))
            painter.drawText(QRectF(right + 6, 0, 18, HEIGHT), Qt.AlignmentFlag.AlignVCenter, self._ends[1])
            painter.drawText(QRectF(self._left - 12, 0, 12, HEIGHT), Qt.AlignmentFlag.AlignVCenter, self._ends[0])
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.colours().accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _boxes(self, painter: QPainter) -> None:
        _, top, height = _ROWS[0]
        step = max((self.width() - self._left - _RIGHT) / self.profile.count, 2.0)
        for k, sources in self.profile.boxes.items():
            by_reader = "reader" in sources
            colour = QColor(palette.TEAL if by_reader else palette.AMBER)
            inset = 0 if by_reader else 2 if any(source in VLM_SOURCES for source in sources) else 3
            area = QRectF(self.x_of(k) - step / 2, top + inset, max(step - 0.6, 1.4), height - 2 * inset)
            painter.fillRect(area, colour)

    def _curve(self, painter: QPainter, row: int, values: Array | None, colour: QColor, full: float | None) -> None:
        """A row of columns, as high as the values."""
        if values is None or not len(values) or not float(values.max()) > 0:
            return
        _, top, height = _ROWS[row]
        whole = full or float(values.max())
        points = [QPointF(self.x_of(-0.5), top + height)]
        points += [
            QPointF(self.x_of(k), top + height - height * float(value) / whole) for k, value in enumerate(values)
        ]
        points.append(QPointF(self.x_of(len(values) - 0.5), top + height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF(points))

    def _cursor(self, painter: QPainter) -> None:
        x = self.x_of(self.value())
        painter.setPen(QPen(QColor("#000000"), 4))
        painter.drawLine(QPointF(x, 3), QPointF(x, HEIGHT - 4))
        painter.setPen(QPen(QColor("#FFFFFF"), 2))
        painter.drawLine(QPointF(x, 3), QPointF(x, HEIGHT - 4))
