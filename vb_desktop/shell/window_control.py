"""Window / level on every canvas: a right-button drag, a menu of presets, back to the automatic window."""

from __future__ import annotations

import numpy as np
from napari.layers import Image
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from vb_desktop.shell.language import QT_TRANSLATE_NOOP
from vb_desktop.shell.screen_words import named
from vb_desktop.shell.window_level import Window, dragged, presets

AUTO_KEY = "F6"
_HELP = QT_TRANSLATE_NOOP(
    "WindowControl",
    "Window / level: drag with the right button\n(right: wider, down: darker);\n"
    "right double-click or {key}: automatic window",
)
_RIGHT = Qt.MouseButton.RightButton


class WindowControl(QObject):
    """The greys of one image in all its planes; each space keeps its own window until another case is shown.

    Signals:
        changed (str): the window that is shown, in words; "" without an image.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._canvases: list[QWidget] = []
        self._layers: list[Image] = []
        self._space = "native"
        self._auto = self._data = Window(1.0, 0.5)
        self._kept: dict[str, Window] = {}
        self._drag: tuple[QPointF, Window] | None = None
        self.button = QToolButton()
        self.button.setObjectName("menu")
        self.button.setText("W / L")
        self.button.setToolTip(self.tr(_HELP).format(key=AUTO_KEY))
        self.button.setAccessibleName(self.tr("Window / level"))
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.button)
        for name in presets(self._auto, self._data):
            action = self.menu.addAction(f"{named(name)}\t{AUTO_KEY}" if name == "Auto" else named(name))
            action.triggered.connect(lambda _=False, name=name: self.choose(name))
        self.button.setMenu(self.menu)
        self.button.setEnabled(False)

    def watch(self, canvas: QWidget) -> None:
        """Take the right button of a canvas."""
        self._canvases.append(canvas)
        canvas.installEventFilter(self)

    def add_layer(self, layer: Image) -> None:
        """The same image in another plane."""
        self._layers.append(layer)
        if self.window is not None:
            layer.contrast_limits = self.window.limits

    def show_layer(self, layer: Image, space: str) -> None:
        """Take over an image whose contrast limits are the automatic window.

        Args:
            layer: the image, just added.
            space: "native" or "mni".
        """
        self._layers, self._space, self._drag = [layer], space, None
        self._auto = Window.of(*(float(limit) for limit in layer.contrast_limits))
        finite = layer.data[np.isfinite(layer.data)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else self._auto.limits
        self._data = Window.of(low, high) if high > low else self._auto
        self.button.setEnabled(True)
        self._show(self._kept.get(space, self._auto))

    def forget(self) -> None:
        """No image, and no window of the case before."""
        self._layers, self._drag = [], None
        self._kept.clear()
        self.button.setEnabled(False)
        self.changed.emit("")

    @property
    def window(self) -> Window | None:
        """What is shown."""
        if not self._layers:
            return None
        return Window.of(*(float(limit) for limit in self._layers[0].contrast_limits))

    def choose(self, preset: str) -> None:
        """Show a preset; "Auto" is the way back."""
        self._show(presets(self._auto, self._data)[preset])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keep the right button for the window; everything else goes its way."""
        if watched not in self._canvases or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        kind = event.type()
        if kind == QEvent.Type.MouseMove and self._drag is not None:
            if event.buttons() & _RIGHT:
                begin, start = self._drag
                way = event.position() - begin
                self._show(dragged(start, way.x(), way.y(), self._auto, self._data))
                return True
            self._drag = None  # released where nobody told
        if event.button() != _RIGHT:
            return super().eventFilter(watched, event)
        self._drag = None
        if kind == QEvent.Type.MouseButtonPress and self.window is not None:
            self._drag = (event.position(), self.window)
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.choose("Auto")
        return True

    def _show(self, window: Window) -> None:
        if not self._layers:
            return
        self._kept[self._space] = window
        for layer in self._layers:
            layer.contrast_limits = window.limits
        self.changed.emit(window.words(self.tr("z-score") if self._space == "mni" else ""))
