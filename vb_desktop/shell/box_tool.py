"""The mouse on boxes: draw, select, move, resize; always along the axes, always whole voxels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from napari_plugin.display_grid import DisplayGrid
from vb_desktop.pipeline.case import Array, Box, Volume
from vb_desktop.shell.box_editor import BoxEditor
from vb_desktop.shell.plane_view import PlaneView
from vb_desktop.shell.slice_overlay import HANDLE_PX, handles

_NEAR_PX = 6
"""How near to an edge is on the edge."""
_CLICK_PX = 4
"""A shorter drag is a click."""
_CURSORS = {
    "lt": Qt.CursorShape.SizeFDiagCursor, "rb": Qt.CursorShape.SizeFDiagCursor,
    "rt": Qt.CursorShape.SizeBDiagCursor, "lb": Qt.CursorShape.SizeBDiagCursor,
    "l": Qt.CursorShape.SizeHorCursor, "r": Qt.CursorShape.SizeHorCursor,
    "t": Qt.CursorShape.SizeVerCursor, "b": Qt.CursorShape.SizeVerCursor,
    "move": Qt.CursorShape.SizeAllCursor, "": Qt.CursorShape.CrossCursor,
}  # fmt: skip
_NUDGES = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class BoxTool:
    """What the left button does on the axial plane in template space while boxes are corrected.

    On a handle: resize. Inside a selected box or on an edge: move. Elsewhere: a drag draws a new box, a click selects.

    Args:
        editor: what is changed.
        image: the processed scan, which is shown.
    """

    def __init__(self, editor: BoxEditor, image: Volume) -> None:
        self._editor = editor
        self._grid = DisplayGrid.of(image)
        self._doing, self._id = "", ""
        self._begin = QPointF()
        self._from: Array = np.zeros(3)

    def press(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """Begin what the place under the mouse is for."""
        if view.axis != 0:
            return False
        self._begin, self._from = event.position(), world
        self._doing, self._id = self._what(view, event.position())
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if adds:
            self._doing = "select"
        elif self._doing and self._id not in self._editor.selected:
            self._editor.select([self._id])
        elif not self._doing:
            self._doing = "draw"
        return True

    def move(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """Show what would become of it."""
        if view.axis != 0:
            return False
        if not event.buttons():
            view.canvas.setCursor(_CURSORS[self._what(view, event.position())[0]])
            return False
        if self._doing and self._doing != "select" and self._is_drag(event) and (box := self._box(view, world)):
            self._editor.drag(self._id or None, box)
        return True

    def release(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """Make it so."""
        doing, self._doing = self._doing, ""
        if not doing:
            return False
        if not self._is_drag(event):
            self._click(view, event)
            return True
        self._doing = doing
        box = self._box(view, world)
        self._doing = ""
        if box is None or doing == "select":
            self._editor.drag(None, None)
        elif doing == "draw":
            self._editor.add(box)
        else:
            self._editor.move(self._id, box)
        return True

    def key(self, view: PlaneView, event: QKeyEvent) -> bool:
        """Delete, Escape, and arrows that move the selected box by a voxel of the screen's directions."""
        editor, key = self._editor, Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and editor.selected:
            editor.delete()
        elif key == Qt.Key.Key_Escape:
            self._doing = ""
            editor.drag(None, None)
            editor.select([])
        elif key in _NUDGES and view.axis == 0 and len(editor.selected) == 1:
            place = view.place()
            right, down = _NUDGES[key]
            if place is None:
                return False
            di, dj = right * (1 if place.right else -1), down * (-1 if place.up else 1)
            box = editor.book.in_force[editor.selected[0]]
            editor.move(editor.selected[0], self._shifted(box, di, dj))
        else:
            return False
        return True

    # --- where the mouse is -----------------------------------------------------------------------------------------

    def _what(self, view: PlaneView, at: QPointF) -> tuple[str, str]:
        """What a drag from here would do, and to which box."""
        areas = self._areas(view)
        for id_ in self._editor.selected:
            if id_ in areas:
                for edges, point in handles(areas[id_]).items():
                    if max(abs(point.x() - at.x()), abs(point.y() - at.y())) <= HANDLE_PX:
                        return edges, id_
        for id_, area in areas.items():
            outer = area.adjusted(-_NEAR_PX, -_NEAR_PX, _NEAR_PX, _NEAR_PX)
            inner = area.adjusted(_NEAR_PX, _NEAR_PX, -_NEAR_PX, -_NEAR_PX)
            on_edge = outer.contains(at) and not (inner.isValid() and inner.contains(at))
            if on_edge or (id_ in self._editor.selected and area.contains(at)):
                return "move", id_
        return "", ""

    def _areas(self, view: PlaneView) -> dict[str, QRectF]:
        """Where the boxes of this slice are on the screen."""
        place = view.place()
        if place is None:
            return {}
        content = view.overlay.content
        return {
            box.id: QRectF(place.to_screen(*box.corners[0]), place.to_screen(*box.corners[2])).normalized()
            for box in content.boxes
            if abs(box.z - content.at) <= content.half
        }

    def _click(self, view: PlaneView, event: QMouseEvent) -> None:
        """Select the smallest box that is clicked into; with Shift beside those that are selected."""
        areas = {id_: area for id_, area in self._areas(view).items() if area.contains(event.position())}
        hit = min(areas, key=lambda id_: areas[id_].width() * areas[id_].height()) if areas else self._id
        self._editor.drag(None, None)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            chosen = list(self._editor.selected)
            if hit in chosen:
                chosen.remove(hit)
            elif hit:
                chosen.append(hit)
            self._editor.select(chosen)
        else:
            self._editor.select([hit] if hit else [])

    def _is_drag(self, event: QMouseEvent) -> bool:
        way = event.position() - self._begin
        return abs(way.x()) + abs(way.y()) >= _CLICK_PX

    # --- what the box becomes ---------------------------------------------------------------------------------------

    def _index(self, world: Array) -> tuple[float, float, float]:
        """Voxel indices (i, j, k) of a world position."""
        k, j, i = (np.asarray(world) - self._grid.translate) / self._grid.scale
        return float(i), float(j), float(k)

    def _box(self, view: PlaneView, world: Array) -> Box | None:
        i, j, k = self._index(world)
        from_i, from_j, _ = self._index(self._from)
        size_i, size_j, _ = self._editor.size
        if self._doing == "draw":
            i0, i1 = sorted((np.clip(from_i, 0, size_i - 1), np.clip(i, 0, size_i - 1)))
            j0, j1 = sorted((np.clip(from_j, 0, size_j - 1), np.clip(j, 0, size_j - 1)))
            return Box(
                k=round(k), i0=round(i0), i1=round(i1) + 1, j0=round(j0), j1=round(j1) + 1,
                confidence=1.0, source="reader",
            )  # fmt: skip
        before = self._editor.book.in_force.get(self._id)
        place = view.place()
        if before is None or place is None:
            return None
        if self._doing == "move":
            return self._shifted(before, round(i - from_i), round(j - from_j))
        # Which voxel edge follows the mouse: left and right of the screen are those of the convention.
        low_i = ("l" in self._doing) == place.right
        low_j = ("b" in self._doing) == place.up
        edge_i, edge_j = round(i + 0.5), round(j + 0.5)
        box = before
        if "l" in self._doing or "r" in self._doing:
            if low_i:
                box = replace(box, i0=int(np.clip(edge_i, 0, box.i1 - 1)))
            else:
                box = replace(box, i1=int(np.clip(edge_i, box.i0 + 1, size_i)))
        if "t" in self._doing or "b" in self._doing:
            if low_j:
                box = replace(box, j0=int(np.clip(edge_j, 0, box.j1 - 1)))
            else:
                box = replace(box, j1=int(np.clip(edge_j, box.j0 + 1, size_j)))
        return box

    def _shifted(self, box: Box, di: int, dj: int) -> Box:
        """Moved, kept inside the volume."""
        size_i, size_j, _ = self._editor.size
        di = int(np.clip(di, -box.i0, size_i - box.i1))
        dj = int(np.clip(dj, -box.j0, size_j - box.j1))
        return replace(box, i0=box.i0 + di, i1=box.i1 + di, j0=box.j0 + dj, j1=box.j1 + dj)
