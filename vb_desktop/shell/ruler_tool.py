"""The ruler: lengths in the plane, and two diameters with their product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from vb_desktop.pipeline.case import Array
from vb_desktop.shell.plane_view import PlaneView
from vb_desktop.shell.slice_overlay import Ruler

RULER_KEY = "F3"
_SHORTEST_MM = 1.0


class RulerTool:
    """A drag measures; a second line on the same slice is said with the product of both, as for RANO.

    Args:
        draw: shows the lines.
    """

    def __init__(self, draw: Callable[[list[Ruler]], None]) -> None:
        self._draw = draw
        self.lines: list[Ruler] = []
        self._unit = "mm"
        self._new: Ruler | None = None
        self.on_change: Callable[[], None] = _nothing
        """Told when the reader has drawn a line, or taken one away."""

    def forget(self, unit: str) -> None:
        """Another image.

        Args:
            unit: in which lengths are said.
        """
        self.lines, self._new, self._unit = [], None, unit

    def press(self, view: PlaneView, world: Array, _: QMouseEvent) -> bool:
        """Begin a line."""
        vertical, horizontal = view.model.dims.displayed
        begin = (float(world[vertical]), float(world[horizontal]))
        self._new = Ruler(view.axis, view.overlay.content.at, begin, begin, "")
        return True

    def move(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """Draw it to the mouse."""
        if self._new is None or not event.buttons() or view.axis != self._new.axis:
            return False
        vertical, horizontal = view.model.dims.displayed
        line = replace(self._new, end=(float(world[vertical]), float(world[horizontal])))
        self._new = replace(line, words=self._said(line))
        self._draw([*self.lines, self._new])
        return True

    def release(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """Keep it, unless it is a mere click."""
        line, self._new = self._new, None
        if line is not None and line.length >= _SHORTEST_MM:
            self.lines.append(line)
            self._draw(self.lines)
            self.on_change()
        else:
            self._draw(self.lines)
        return True

    def key(self, view: PlaneView, event: QKeyEvent) -> bool:
        """Delete takes the last line back, Escape all."""
        key = Qt.Key(event.key())
        if key not in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            return False
        self._new = None
        self.lines = [] if key == Qt.Key.Key_Escape else self.lines[:-1]
        self._draw(self.lines)
        self.on_change()
        return True

    def show(self, lines: list[Ruler]) -> None:
        """Draw these lines, in the order in which they were measured."""
        self.lines = []
        for line in lines:
            self.lines.append(replace(line, words=self._said(line)))
        self._draw(self.lines)

    def _said(self, line: Ruler) -> str:
        said = f"{line.length:.1f} {self._unit}"
        here = [other for other in self.lines if (other.axis, other.at) == (line.axis, line.at)]
        if len(here) % 2 == 1:
            said += f"   {here[-1].length:.1f} × {line.length:.1f} = {here[-1].length * line.length:.0f} mm²"
        return said


def _nothing() -> None:
    """Nobody listens."""
