"""One plane of the case: napari's canvas, what is drawn over it, and the mouse.

Importing this module imports napari (about 3 s): the window does it after it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from napari.components import ViewerModel
from napari.layers import Image, Layer
from napari.qt import QtViewer
from napari.utils.theme import get_theme, register_theme
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from napari_plugin import colormaps, names
from napari_plugin.layers import LayerData
from vb_desktop.pipeline.case import Array
from vb_desktop.shell import theme
from vb_desktop.shell.canvas_care import clear_layers, keep_picture
from vb_desktop.shell.orientation_letters import OrientationLetters, edge_letters
from vb_desktop.shell.screen_map import LEAST_ZOOM, MOST_ZOOM, ScreenMap
from vb_desktop.shell.shown_boxes import ShownBox
from vb_desktop.shell.shown_layers import LayerId, ShownLayers
from vb_desktop.shell.slice_overlay import OverlayContent, Ruler, SliceOverlay

PLANES = {"Axial": (0, 1, 2), "Coronal": (1, 0, 2), "Sagittal": (2, 0, 1)}
SENSES = {0: ("I", "S"), 1: ("P", "A"), 2: ("L", "R")}
"""Letters of the low and the high end of the world axes z, y, x."""
_THEME = "virtual-biopsy"
_MAPS = {
    LayerId.COARSE: colormaps.coarse_prior_map,
    LayerId.REFINED: colormaps.refined_prior_map,
    LayerId.GRAD_CAM: colormaps.grad_cam_map,
}


class PlaneTool(Protocol):
    """What the left button does on a plane; each method says whether it took the event.

    Positions are (z, y, x) in mm of the world.
    """

    def press(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """The left button went down."""

    def move(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """The mouse moved, with or without a button."""

    def release(self, view: PlaneView, world: Array, event: QMouseEvent) -> bool:
        """The left button went up."""

    def key(self, view: PlaneView, event: QKeyEvent) -> bool:
        """A key, with the focus on the canvas."""


class PlaneView(QWidget):
    """A plane; what it shows is set from outside, what the mouse wants is told.

    Signals:
        pointed_at (object): world position (z, y, x) in mm under the mouse; None outside of the image.
        crosshair_wanted (object): world position that the reader points at with the left button.
        turned (int): slices to go on.
        zoomed: the reader has changed zoom or place.
        touched: a button or the wheel was used here: this plane has the focus.

    Args:
        plane: "Axial", "Coronal" or "Sagittal".
    """

    pointed_at = Signal(object)
    crosshair_wanted = Signal(object)
    turned = Signal(int)
    zoomed = Signal()
    touched = Signal()

    def __init__(self, plane: str = "Axial", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plane = plane
        self.model = ViewerModel(axis_labels=("z", "y", "x"))
        self.viewer = QtViewer(self.model)
        self.viewer.setAcceptDrops(False)  # the window takes them: a dropped case is opened, not added
        self.viewer.dims.hide()
        self.model.theme = self.theme()
        self.model.dims.order = PLANES[plane]
        self.model.scene.camera.mouse_zoom = self.model.scene.camera.mouse_pan = False
        self.canvas: QWidget = self.viewer.canvas.native
        self.canvas.setMouseTracking(True)
        keep_picture(self.canvas)
        self.overlay = SliceOverlay(self.canvas, self.place)
        self.letters = OrientationLetters(self.canvas)
        self.tool: PlaneTool | None = None
        self.only: frozenset[LayerId] | None = None
        """Layers that this plane alone is restricted to (a comparison side by side)."""
        self._described: dict[str, LayerData] = {}
        self._drag: tuple[str, QPointF] | None = None
        self._is_fitting, self._is_fitted = False, True
        self._is_radiological = True
        self.pans_with_left = True
        """Whether the left button moves the image; else it moves the crosshair."""
        self.canvas.installEventFilter(self)
        self.model.scene.camera.events.zoom.connect(self._camera_moved)
        self.model.scene.camera.events.center.connect(self._camera_moved)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.viewer)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show_layers(self, described: Sequence[LayerData], *, keep: bool = False) -> None:
        """Another image, with what can be laid over it; each layer is made when it is first to be seen.

        Args:
            described: layers, the image first.
            keep: leave zoom and place as they are.
        """
        camera, is_fitted = self.model.scene.camera, self._is_fitted
        seen = (camera.center, camera.zoom)
        clear_layers(self.viewer)
        self._described = {layer[1]["name"]: layer for layer in described}
        if described:
            self._make(next(iter(self._described)))
            self.model.dims.order = PLANES[self.plane]  # napari forgets it with the last layer
            self.turn_sides(self._is_radiological)
            self.model.dims.axis_labels = ("z", "y", "x")
            self.viewer.dims.hide()
            self.fit()
            if keep and not is_fitted:
                camera.center, camera.zoom = seen

    def show_nothing(self) -> None:
        """No image."""
        clear_layers(self.viewer)
        self._described = {}
        self.overlay.content = OverlayContent()
        for label in self.letters.labels.values():
            label.hide()

    def apply(self, shown: ShownLayers) -> None:
        """Show the layers that are chosen."""
        visible = shown.visible if self.only is None else self.only & shown.there
        names_of = {
            LayerId.IMAGE: names.SCAN,
            LayerId.COARSE: names.COARSE_PRIOR,
            LayerId.REFINED: names.REFINED_PRIOR,
            LayerId.GRAD_CAM: names.grad_cam(shown.class_),
        }
        wanted = {name for id_, name in names_of.items() if id_ in visible}
        for layer in self.model.layers:
            if layer.name not in wanted and layer.visible:
                layer.visible = False
        for id_, name in names_of.items():
            if name not in wanted or name not in self._described:
                continue
            layer = self.model.layers[name] if name in self.model.layers else self._make(name)
            state = shown.states[id_]
            if id_ in _MAPS and layer.colormap is not (colormap := _MAPS[id_](state.threshold)):
                layer.colormap = colormap
            if layer.opacity != state.opacity:
                layer.opacity = state.opacity
            layer.visible = True

    def show_slice(self, world: Array) -> None:
        """Show the slice that goes through a world position (z, y, x)."""
        self.model.dims.set_point(self.axis, float(world[self.axis]))
        content = self.overlay.content
        content.axis, content.at = self.axis, float(world[self.axis])
        scan = self.scan
        content.half = 0.5 if scan is None else abs(float(scan.scale[self.axis])) * 0.5001

    def show_crosshair(self, world: Array | None) -> None:
        """Draw it through a world position; None for none."""
        vertical, horizontal = self.model.dims.displayed
        at = None if world is None else (float(world[vertical]), float(world[horizontal]))
        self.overlay.content.crosshair = at
        self.overlay.update()

    def show_boxes(self, boxes: list[ShownBox], selected: frozenset[str], opacity: float) -> None:
        """Draw boxes; the selected ones with handles."""
        content = self.overlay.content
        content.boxes, content.selected, content.opacity = boxes, selected, opacity
        self.overlay.update()

    def show_rulers(self, rulers: list[Ruler]) -> None:
        """Draw what was measured on this slice."""
        content = self.overlay.content
        content.rulers = [
            line for line in rulers if line.axis == self.axis and abs(line.at - content.at) <= content.half
        ]
        self.overlay.update()

    def set_plane(self, plane: str) -> None:
        """Show another plane."""
        self.plane = plane
        self.model.dims.order = PLANES[plane]
        self.turn_sides(self._is_radiological)
        self.fit()

    def turn_sides(self, radiological: bool) -> None:
        """The patient's right at the left of the screen (radiological), or at the right (neurological)."""
        self._is_radiological = radiological
        sagittal = self.plane == "Sagittal"  # anterior at the left in both
        self.model.scene.camera.orientation2d = ("up", "left" if radiological or sagittal else "right")
        if self.model.layers:
            self.letters.show_letters(edge_letters(self.model.dims.displayed, self.model.scene.camera.orientation2d))
        self.overlay.update()

    def fit(self) -> None:
        """Show the whole slice."""
        self._is_fitting = True
        self.model.reset_view()
        self._is_fitting, self._is_fitted = False, True
        self.overlay.update()

    # --- where things are -------------------------------------------------------------------------------------------

    @property
    def axis(self) -> int:
        """World axis that the slices are stacked along: 0 for axial ones."""
        return int(self.model.dims.order[0])

    @property
    def scan(self) -> Image | None:
        """The image itself."""
        return self.model.layers[names.SCAN] if names.SCAN in self.model.layers else None

    def place(self) -> ScreenMap | None:
        """How the plane lies on the screen; None while nothing is shown."""
        if not self.model.layers:
            return None
        camera = self.model.scene.camera
        size = (self.canvas.width(), self.canvas.height())
        return ScreenMap.of(size, camera.center, camera.zoom, camera.orientation2d)

    def world_at(self, point: QPointF) -> Array | None:
        """World position (z, y, x) under a pixel of the canvas; None while nothing is shown."""
        if (place := self.place()) is None:
            return None
        world = np.array(self.model.dims.point, dtype=float)
        vertical, horizontal = self.model.dims.displayed
        world[vertical], world[horizontal] = place.to_world(point)
        return world

    # --- mouse and keys ---------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Napari hears nothing of mouse and keys: its own meaning of them is not a reading room's."""
        if watched is not self.canvas:
            return super().eventFilter(watched, event)
        kind = event.type()
        if kind == QEvent.Type.Resize and self._is_fitted:
            QTimer.singleShot(0, self, self.fit)
        elif kind == QEvent.Type.Leave:
            self.pointed_at.emit(None)
        elif isinstance(event, QWheelEvent):
            self._wheel(event)
            return True
        elif isinstance(event, QMouseEvent):
            self._mouse(event)
            return True
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            taken = self.tool is not None and self.tool.key(self, event)
            event.setAccepted(taken or self._key(event))
            return True
        return super().eventFilter(watched, event)

    def _wheel(self, event: QWheelEvent) -> None:
        self.touched.emit()
        notches = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            zoomed = self.model.scene.camera.zoom * 1.15**notches
            self.model.scene.camera.zoom = min(max(zoomed, LEAST_ZOOM), MOST_ZOOM)
        elif notches:
            self.turned.emit(1 if notches > 0 else -1)

    def _key(self, event: QKeyEvent) -> bool:
        slices = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}.get(
            Qt.Key(event.key())
        )
        if slices is not None:
            self.turned.emit(slices)
        return slices is not None

    def _mouse(self, event: QMouseEvent) -> None:
        world = self.world_at(event.position())
        if world is None:
            return
        kind, button = event.type(), event.button()
        if kind == QEvent.Type.MouseButtonPress:
            self.touched.emit()
            self.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
            pans = button == Qt.MouseButton.MiddleButton or (
                button == Qt.MouseButton.LeftButton and event.modifiers() & Qt.KeyboardModifier.ControlModifier
            )
            if not pans and button == Qt.MouseButton.LeftButton and self.tool is None and self.pans_with_left:
                pans = True
            if pans:
                self._drag = ("pan", event.position())
            elif button == Qt.MouseButton.LeftButton:
                if self.tool is not None and self.tool.press(self, world, event):
                    self._drag = ("tool", event.position())
                else:
                    self._drag = ("crosshair", event.position())
                    self.crosshair_wanted.emit(world)
        elif kind == QEvent.Type.MouseMove:
            self._dragged(event, world)
            self.pointed_at.emit(world)
        elif kind == QEvent.Type.MouseButtonRelease:
            if self._drag is not None and self._drag[0] == "tool" and self.tool is not None:
                self.tool.release(self, world, event)
            self._drag = None

    def _dragged(self, event: QMouseEvent, world: Array) -> None:
        doing = self._drag[0] if self._drag is not None and event.buttons() else ""
        if doing == "pan" and self._drag is not None and (place := self.place()) is not None:
            before, now = place.to_world(self._drag[1]), place.to_world(event.position())
            z, y, x = (float(value) for value in (0.0, *self.model.scene.camera.center)[-3:])
            self.model.scene.camera.center = (z, y + before[0] - now[0], x + before[1] - now[1])
            self._drag = ("pan", event.position())
        elif doing == "crosshair":
            self.crosshair_wanted.emit(world)
        elif self.tool is not None and doing in ("", "tool"):
            self.tool.move(self, world, event)

    def _camera_moved(self) -> None:
        self._is_fitted = self._is_fitting
        self.overlay.update()
        if not self._is_fitting:
            self.zoomed.emit()

    # --- layers -----------------------------------------------------------------------------------------------------

    def _make(self, name: str) -> Layer:
        """Add a described layer at its place among the others."""
        order = list(self._described)
        below = [layer.name for layer in self.model.layers if order.index(layer.name) < order.index(name)]
        layer = Layer.create(*self._described[name])
        self.model.layers.insert(len(below), layer)
        self.model.layers.selection.clear()
        return layer

    @staticmethod
    def theme() -> str:
        """Name of napari's theme for the canvases."""
        return _dark_theme()

    def close_viewer(self) -> None:
        """Let go of the canvas."""
        self.canvas.removeEventFilter(self)
        clear_layers(self.viewer)
        self.viewer.close()


def _dark_theme() -> str:
    look: Any = get_theme("dark").model_copy()
    look.id, look.label = _THEME, "Virtual Biopsy"
    look.canvas, look.background = theme.CANVAS, theme.CANVAS
    register_theme(_THEME, look, "vb-desktop")
    return _THEME
