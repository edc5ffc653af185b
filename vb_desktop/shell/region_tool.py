"""The brush: what the left button does while the reader's region is painted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from vb_desktop.pipeline.case import Array
from vb_desktop.shell.plane_view import PlaneView
from vb_desktop.shell.region_editor import RegionEditor


class RegionTool:
    """A drag paints on the slice; with Shift it rubs out.

    Args:
        editor: what is painted on.
    """

    def __init__(self, editor: RegionEditor) -> None:
        self._editor = editor
        self.radius_mm = 4.0
        self._last: Array | None = None
        self._axis = 0

    def press(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """Begin a stroke."""
        self._last, self._axis = world, view.axis
        self._editor.begin_stroke(view.axis, world)
        self._editor.paint(world, world, self.radius_mm, erase=_erases(event))
        return True

    def move(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """Go on with it."""
        if self._last is None or not event.buttons() or view.axis != self._axis:
            return False
        self._editor.paint(self._last, world, self.radius_mm, erase=_erases(event))
        self._last = world
        return True

    def release(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """End it."""
        self._last = None
        self._editor.end_stroke()
        return True

    def key(self, view: PlaneView, event: QKeyEvent) -> bool:
        """Keys keep their meaning."""
        return False


def _erases(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
