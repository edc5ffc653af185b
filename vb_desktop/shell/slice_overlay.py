"""What is drawn over a plane: boxes, crosshair, ruler, scale bar, whose scan it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor, hypot, log10

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from napari_plugin import palette
from vb_desktop.shell import theme
from vb_desktop.shell.language import translate
from vb_desktop.shell.screen_map import ScreenMap
from vb_desktop.shell.shown_boxes import ShownBox

VLM_SOURCES = ("qwen3-vl", "openai")
HANDLE_PX = 7
_SHADOW = QColor(0, 0, 0, 170)
_BAR_PX = 110
"""Longest scale bar."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """A line that was measured.

    Attributes:
        axis: of the plane that it lies in.
        at: position of its slice.
        begin: (vertical, horizontal) in mm.
        end: likewise.
        words: what is written beside it.
    """

    axis: int
    at: float
    begin: tuple[float, float]
    end: tuple[float, float]
    words: str

    @property
    def length(self) -> float:
        """In mm."""
        return hypot(self.end[0] - self.begin[0], self.end[1] - self.begin[1])


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """An image that lies on the slice.

    Attributes:
        image: its first row and column are the lowest positions.
        low: (vertical, horizontal) of its lowest edge in mm.
        high: likewise of its highest.
    """

    image: QImage
    low: tuple[float, float]
    high: tuple[float, float]


@dataclass(slots=True)
class OverlayContent:
    """What a plane's overlay shows, in mm of the world; the view that owns it fills it.

    Attributes:
        axis: world axis that the slices are stacked along (0: axial).
        at: position of the slice on that axis.
        half: half a slice.
        crosshair: (vertical, horizontal), or None.
        boxes: on this slice or across it; empty while the layer is off.
        selected: ids of the boxes with handles.
        opacity: of the boxes.
        rulers: lines that were measured on this slice.
        patch: the reader's region on this slice; None where there is none.
        banner: whose scan it is.
        title: which plane it is, or what is compared.
        is_focused: the plane that keys and the slice ribbon belong to, where there are several.
    """

    axis: int = 0
    at: float = 0.0
    half: float = 0.5
    crosshair: tuple[float, float] | None = None
    boxes: list[ShownBox] = field(default_factory=list)
    selected: frozenset[str] = frozenset()
    opacity: float = 1.0
    rulers: list[Ruler] = field(default_factory=list)
    patch: Patch | None = None
    banner: str = ""
    title: str = ""
    is_focused: bool = False


def box_pen(source: str, *, width: float = 1.6) -> QPen:
    """Colour and line of a source: VLM amber and dashed, detector amber and whole, reader teal and whole."""
    pen = QPen(QColor(palette.TEAL if source == "reader" else palette.AMBER), width)
    if source in VLM_SOURCES:
        pen.setDashPattern([4, 2.5])
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


class SliceOverlay(QWidget):
    """A sheet of glass over a canvas; the mouse goes through it.

    Args:
        canvas: the widget it lies on.
        place: how the plane lies on the screen now; None while nothing is shown.
    """

    def __init__(self, canvas: QWidget, place: Callable[[], ScreenMap | None]) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._place = place
        self.content = OverlayContent()
        self.resize(canvas.size())
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """As large as the canvas."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return False

    def paintEvent(self, _: QPaintEvent) -> None:  # Qt's name
        """Draw it."""
        place = self._place()
        if place is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._patch(painter, place)
        self._boxes(painter, place)
        self._crosshair(painter, place)
        self._rulers(painter, place)
        self._scale_bar(painter, place)
        self._words(painter)
        if self.content.is_focused:
            painter.setPen(QPen(QColor(theme.ON_CANVAS_ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _boxes(self, painter: QPainter, place: ScreenMap) -> None:
        content = self.content
        painter.save()
        painter.setOpacity(content.opacity)
        for box in content.boxes:
            if content.axis == 0:
                if abs(box.z - content.at) <= content.half:
                    self._outline(painter, place, box)
            else:
                self._bar(painter, place, box)
        painter.restore()

    def _outline(self, painter: QPainter, place: ScreenMap, box: ShownBox) -> None:
        corners = QPolygonF([place.to_screen(y, x) for y, x in box.corners])
        is_selected = box.id in self.content.selected
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_SHADOW, 3.2))
        painter.drawPolygon(corners)
        painter.setPen(box_pen(box.source, width=2.4 if is_selected else 1.6))
        painter.drawPolygon(corners)
        area = corners.boundingRect()
        said = translate("Overlay", "reader") if box.source == "reader" else f"{box.confidence:.2f}"
        self._text(painter, QPointF(area.left() + 1, area.top() - 4), said, box_pen(box.source).color(), px=11)
        if is_selected:
            painter.setPen(QPen(QColor("#000000"), 1))
            painter.setBrush(QColor("#FFFFFF"))
            for point in handles(area).values():
                painter.drawRect(QRectF(point.x() - HANDLE_PX / 2, point.y() - HANDLE_PX / 2, HANDLE_PX, HANDLE_PX))

    def _bar(self, painter: QPainter, place: ScreenMap, box: ShownBox) -> None:
        """The box seen from its side: as thick as its slice."""
        across, along = (box.y_range, box.x_range) if self.content.axis == 1 else (box.x_range, box.y_range)
        if not across[0] <= self.content.at <= across[1]:
            return
        half = box.thickness / 2
        area = QRectF(place.to_screen(box.z - half, along[0]), place.to_screen(box.z + half, along[1])).normalized()
        colour = box_pen(box.source).color()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), 46))
        painter.drawRect(area)
        painter.setBrush(colour)
        for x in (area.left(), area.right()):
            painter.drawRect(QRectF(x - 1, area.top(), 2, max(area.height(), 1.5)))

    def _crosshair(self, painter: QPainter, place: ScreenMap) -> None:
        if self.content.crosshair is None:
            return
        at = place.to_screen(*self.content.crosshair)
        gap = 12.0
        painter.setPen(QPen(QColor(90, 169, 255, 190), 1))
        for a, b in (
            (QPointF(0, at.y()), QPointF(at.x() - gap, at.y())),
            (QPointF(at.x() + gap, at.y()), QPointF(self.width(), at.y())),
            (QPointF(at.x(), 0), QPointF(at.x(), at.y() - gap)),
            (QPointF(at.x(), at.y() + gap), QPointF(at.x(), self.height())),
        ):
            painter.drawLine(a, b)

    def _patch(self, painter: QPainter, place: ScreenMap) -> None:
        patch = self.content.patch
        if patch is None:
            return
        a, b = place.to_screen(*patch.low), place.to_screen(*patch.high)
        painter.save()
        painter.translate(a)
        painter.scale((b.x() - a.x()) / patch.image.width(), (b.y() - a.y()) / patch.image.height())
        painter.drawImage(0, 0, patch.image)
        painter.restore()

    def _rulers(self, painter: QPainter, place: ScreenMap) -> None:
        for line in self.content.rulers:
            a, b = place.to_screen(*line.begin), place.to_screen(*line.end)
            painter.setPen(QPen(_SHADOW, 4))
            painter.drawLine(a, b)
            painter.setPen(QPen(QColor("#FFFFFF"), 1.6))
            painter.drawLine(a, b)
            length = hypot(b.x() - a.x(), b.y() - a.y()) or 1.0
            across = QPointF(-(b.y() - a.y()) / length * 5, (b.x() - a.x()) / length * 5)
            for point in (a, b):
                painter.drawLine(point - across, point + across)
            self._text(painter, b + QPointF(8, 4), line.words, QColor("#FFFFFF"))

    def _scale_bar(self, painter: QPainter, place: ScreenMap) -> None:
        mm = nice_length(_BAR_PX / place.zoom)
        length = mm * place.zoom
        left, bottom = 14.0, self.height() - 14.0
        painter.setPen(QPen(_SHADOW, 4))
        painter.drawLine(QPointF(left, bottom), QPointF(left + length, bottom))
        painter.setPen(QPen(QColor("#FFFFFF"), 2))
        painter.drawLine(QPointF(left, bottom), QPointF(left + length, bottom))
        for x in (left, left + length):
            painter.drawLine(QPointF(x, bottom - 4), QPointF(x, bottom + 4))
        self._text(painter, QPointF(left + length + 8, bottom + 4), length_words(mm), QColor("#FFFFFF"))

    def _words(self, painter: QPainter) -> None:
        if self.content.banner:
            room = painter.fontMetrics().elidedText(
                self.content.banner, Qt.TextElideMode.ElideRight, max(self.width() // 2 - 40, 60)
            )
            self._text(painter, QPointF(10, 18), room, QColor(theme.ON_CANVAS), px=11)
        if self.content.title:
            self._text(painter, QPointF(10, 34), self.content.title, QColor(theme.ON_CANVAS_QUIET), px=11)

    @staticmethod
    def _text(painter: QPainter, at: QPointF, said: str, colour: QColor, *, px: int = 12) -> None:
        font = painter.font()
        font.setPixelSize(px)
        painter.setFont(font)
        painter.setPen(_SHADOW)
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawText(at + QPointF(dx, dy), said)
        painter.setPen(colour)
        painter.drawText(at, said)


def handles(area: QRectF) -> dict[str, QPointF]:
    """The eight points that a box is resized at, by the edges that they move (l, r, t, b)."""
    middle = area.center()
    return {
        "lt": area.topLeft(), "rt": area.topRight(), "lb": area.bottomLeft(), "rb": area.bottomRight(),
        "l": QPointF(area.left(), middle.y()), "r": QPointF(area.right(), middle.y()),
        "t": QPointF(middle.x(), area.top()), "b": QPointF(middle.x(), area.bottom()),
    }  # fmt: skip


def length_words(mm: float) -> str:
    """A length of the scale bar."""
    return f"{mm / 10:g} cm" if mm >= 10 else f"{mm:g} mm"


def nice_length(longest: float) -> float:
    """The longest of 1, 2, 5, 10, 20, 50 ... that is not above `longest`."""
    power = 10.0 ** floor(log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest)
