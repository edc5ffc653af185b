"""The palettes of the layers: small beside a name, and as a legend with its ends."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from napari_plugin import palette
from vb_desktop.shell import theme
from vb_desktop.shell.language import QT_TRANSLATE_NOOP, translate
from vb_desktop.shell.shown_layers import LayerId, LayerState
from vb_desktop.shell.slice_overlay import box_pen

SCALES = {
    LayerId.COARSE: ("0", QT_TRANSLATE_NOOP("LookingAt", "1 (prior)")),
    LayerId.REFINED: ("0", QT_TRANSLATE_NOOP("LookingAt", "1 (prior)")),
    LayerId.GRAD_CAM: ("0", QT_TRANSLATE_NOOP("LookingAt", "1 (of its highest value)")),
}
HAS_THRESHOLD = (LayerId.COARSE, LayerId.REFINED, LayerId.GRAD_CAM)


def _stops(layer: LayerId) -> list[str]:
    return {
        LayerId.COARSE: ["#000000", palette.VIOLET],
        LayerId.GRAD_CAM: ["#000004", "#420A68", "#932667", "#DD513A", "#FCA50A", "#FCFFA4"],
    }.get(layer, ["#000000", "#FFFFFF"])


def _gradient(area: QRectF, layer: LayerId) -> QLinearGradient:
    gradient = QLinearGradient(area.topLeft(), area.topRight())
    stops = _stops(layer)
    for n, colour in enumerate(stops):
        gradient.setColorAt(n / (len(stops) - 1), QColor(colour))
    return gradient


class Swatch(QWidget):
    """The layer's palette, small."""

    def __init__(self, layer: LayerId) -> None:
        super().__init__()
        self.setFixedSize(34, 14)
        self._layer = layer
        self.sources: tuple[str, ...] = ()

    def paintEvent(self, _: QPaintEvent) -> None:  # Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else 0.3)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._layer == LayerId.BOXES:
            sources = (self.sources or ("builtin",))[:2]
            width = area.width() / len(sources)
            for n, source in enumerate(sources):
                painter.setPen(box_pen(source))
                painter.drawRect(area.adjusted(n * width + 2, 1, -(len(sources) - 1 - n) * width - 2, -1))
        elif self._layer == LayerId.REFINED:
            fill = QColor(palette.PINK)
            painter.setPen(QPen(fill, 1.6))
            fill.setAlphaF(0.25)
            painter.setBrush(fill)
            painter.drawEllipse(area.adjusted(6, 0, -7, -1))
        else:
            painter.fillRect(area, _gradient(area, self._layer))
            painter.setPen(QColor(theme.colours().line))
            painter.drawRect(area)
        painter.end()


class Legend(QWidget):
    """The palette of the chosen layer with its ends; what the threshold leaves out is crossed out."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(26)
        self._layer, self._state = LayerId.IMAGE, LayerState(1.0, 0.0)
        self._sources: tuple[str, ...] = ()

    def show_layer(self, layer: LayerId, state: LayerState, sources: tuple[str, ...]) -> None:
        """Show the palette of a layer.

        Args:
            layer: that was chosen.
            state: how it is shown.
            sources: whose boxes there are.
        """
        self._layer, self._state, self._sources = layer, state, sources
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(theme.scaled(11))
        painter.setFont(font)
        area = QRectF(0, 0, self.width(), 9)
        layer = self._layer
        painter.setPen(QColor(theme.colours().secondary))
        if layer == LayerId.BOXES:
            x = 0.0
            for source in self._sources:
                painter.setPen(box_pen(source))
                painter.drawRect(QRectF(x + 1, 3, 22, 13))
                painter.setPen(QColor(theme.colours().secondary))
                said = {"reader": self.tr("reader"), "builtin": self.tr("detector")}.get(source, self.tr("VLM"))
                painter.drawText(QRectF(x + 30, 0, 70, 20), Qt.AlignmentFlag.AlignVCenter, said)
                x += 100
        else:
            painter.fillRect(area, _gradient(area, layer))
            ends = (self.tr("black: window's low end"), self.tr("white: high end"))
            low, high = (translate("LookingAt", end) for end in SCALES.get(layer, ends))
            if layer in HAS_THRESHOLD:
                x = self._state.threshold * self.width()
                if layer == LayerId.REFINED:
                    painter.fillRect(area, QColor(255, 143, 163, 60))
                painter.fillRect(QRectF(0, 0, x, 9), QColor(27, 32, 37, 215))
                painter.setPen(QPen(QColor("#FFFFFF"), 2))
                painter.drawLine(int(x), 0, int(x), 9)
            painter.setPen(QColor(theme.colours().secondary))
            painter.drawText(QRectF(0, 10, self.width(), 15), Qt.AlignmentFlag.AlignLeft, low)
            painter.drawText(QRectF(0, 10, self.width(), 15), Qt.AlignmentFlag.AlignRight, high)
        painter.end()
