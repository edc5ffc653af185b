"""The panels beside the image, as docks: moved, laid over one another or taken off the window, and remembered."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from vb_desktop.shell import theme

WIDTH = 336
"""Of the docks at first, pixels, at the usual size of the font."""
_STATE = 1
"""Version of what is remembered."""


class Docks:
    """The panel of the step over the panel of the layers, at the right until the reader moves them.

    Args:
        window: that they belong to.
        step: the panel of the step.
        layers: the panel of the layers.
        titles: of the two.
    """

    def __init__(self, window: QMainWindow, step: QWidget, layers: QWidget, titles: tuple[str, str]) -> None:
        self._window = window
        self.step = self._dock("step", step, titles[0])
        self.layers = self._dock("layers", layers, titles[1])
        self.reset()

    def reset(self) -> None:
        """Put them where they are at first."""
        for dock in (self.step, self.layers):
            self._window.removeDockWidget(dock)
            dock.setFloating(False)
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            dock.show()
        self._window.splitDockWidget(self.step, self.layers, Qt.Orientation.Vertical)
        self._window.resizeDocks([self.step], [theme.scaled(WIDTH)], Qt.Orientation.Horizontal)
        least = self.layers.sizeHint().height()
        self._window.resizeDocks([self.step, self.layers], [2000, least], Qt.Orientation.Vertical)

    def state(self) -> QByteArray:
        """Where they are."""
        return self._window.saveState(_STATE)

    def restore(self, state: QByteArray | None) -> None:
        """Put them where they were."""
        if state is not None:
            self._window.restoreState(state, _STATE)

    def _dock(self, name: str, widget: QWidget, title: str) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(widget)
        dock.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        movable, floatable = (
            QDockWidget.DockWidgetFeature.DockWidgetMovable,
            QDockWidget.DockWidgetFeature.DockWidgetFloatable,
        )
        dock.setFeatures(movable | floatable)
        return dock
