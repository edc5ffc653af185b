"""The views beside one another: one plane, three planes with the view in space, or the same plane twice."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from napari_plugin import names
from napari_plugin.layers import LayerData
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.shell.plane_view import PLANES, PlaneTool, PlaneView
from vb_desktop.shell.screen_words import named
from vb_desktop.shell.shown_boxes import ShownBox
from vb_desktop.shell.shown_layers import LAYER_NAMES, LayerId, ShownLayers
from vb_desktop.shell.slice_overlay import Ruler
from vb_desktop.shell.view3d import SpatialCase, View3D
from vb_desktop.shell.window_control import WindowControl

CELLS = {"Axial": (0, 0), "Coronal": (0, 1), "Sagittal": (1, 0)}
"""Row and column of each plane where there are four views."""
_TWIN_COLUMN = 2


class Mode(StrEnum):
    """How many views there are."""

    SINGLE = "single"
    FOUR = "four"
    PAIR = "pair"


class ViewGrid(QWidget):
    """The planes, each made when it is first needed and loaded when it can be seen.

    Signals:
        pointed_at (object): world position (z, y, x) under the mouse, or None.
        point_wanted (object): world position that all planes should go through.
        turned (int, str): slices to go on, and the plane.
        focus_changed: another plane has the focus.

    Args:
        shown: which layers are shown.
        window_level: the greys of all planes.
    """

    pointed_at = Signal(object)
    point_wanted = Signal(object)
    turned = Signal(int, str)
    focus_changed = Signal()

    def __init__(self, shown: ShownLayers, window_level: WindowControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown, self._window_level = shown, window_level
        self.planes: dict[str, PlaneView] = {}
        self.space_view: View3D | None = None
        self.twin: PlaneView | None = None
        """The second view of a comparison side by side."""
        self.mode, self.focused = Mode.SINGLE, "Axial"
        self.tool: PlaneTool | None = None
        self._described: list[LayerData] = []
        self._volume: Volume | None = None
        self._brain: Volume | None = None
        self._point: Array = np.zeros(3)
        self._boxes: list[ShownBox] = []
        self._selected: frozenset[str] = frozenset()
        self._rulers: list[Ruler] = []
        self._banner = ""
        self._is_radiological = True
        self._keeps = False
        self._version = 0
        self._shows: dict[PlaneView, int] = {}
        self._in_space: tuple[int, str] | None = None
        self.cells = QGridLayout(self)
        self.cells.setContentsMargins(0, 0, 0, 0)
        self.cells.setSpacing(2)
        shown.changed.connect(self.apply)
        self._plane_of("Axial")
        self._arrange()

    # --- which views ------------------------------------------------------------------------------------------------

    @property
    def main(self) -> PlaneView:
        """The plane with the focus."""
        return self._plane_of(self.focused)

    def views(self, every: bool = False) -> list[PlaneView]:
        """The planes that can be seen, or all that were made."""
        if every:
            return [*self.planes.values(), *([self.twin] if self.twin is not None else [])]
        if self.mode == Mode.FOUR:
            return [self._plane_of(name) for name in PLANES]
        return [self.main, *([self.twin] if self.mode == Mode.PAIR and self.twin is not None else [])]

    def focus(self, plane: str) -> None:
        """Give keys and ribbon to a plane."""
        if plane != self.focused and plane in PLANES:
            self.focused = plane
            self._arrange()
            self._refresh()
            self.focus_changed.emit()

    def set_mode(self, mode: Mode) -> None:
        """One plane, four views, or the same plane twice."""
        self.mode = mode
        if mode != Mode.PAIR:
            for view in self.planes.values():
                view.only = None
        self._arrange()
        self._refresh()

    def compare(self, left: frozenset[LayerId], right: frozenset[LayerId]) -> None:
        """The focused plane twice, each with its own layers."""
        if self.twin is None:
            self.twin = self._make_view(self.focused)
        if self.twin.plane != self.focused:
            self.twin.set_plane(self.focused)
        self.cells.addWidget(self.twin, CELLS[self.focused][0], _TWIN_COLUMN)
        for view in self.planes.values():
            view.only = None
        self.main.only, self.twin.only = left, right
        self.set_mode(Mode.PAIR)

    # --- what they show ---------------------------------------------------------------------------------------------

    def show_image(self, described: list[LayerData], volume: Volume, brain: Volume | None, *, keep: bool) -> None:
        """Another image with its layers; it is drawn with the next `show_point`.

        Args:
            described: layers, the image first.
            volume: of the image.
            brain: mask for the view in space.
            keep: leave zoom and place as they are.
        """
        self._described, self._volume, self._brain, self._keeps = described, volume, brain, keep
        self._version += 1
        self._load(self.main)

    def show_nothing(self) -> None:
        """No image."""
        self._described, self._volume, self._brain = [], None, None
        self._boxes, self._selected, self._banner, self._rulers = [], frozenset(), "", []
        self._version += 1
        self._shows.clear()
        for view in self.views(every=True):
            view.show_nothing()
        if self.space_view is not None:
            self.space_view.show_nothing()
            self.space_view.glass.banner = ""
            self._in_space = None

    def show_point(self, world: Array) -> None:
        """Let all planes go through a world position (z, y, x)."""
        self._point = world
        if self._volume is None:
            return
        for view in self.views():
            view.show_slice(world)
            view.show_crosshair(world if self.mode == Mode.FOUR else None)
            view.show_rulers(self._rulers)

    def show_boxes(self, boxes: list[ShownBox], selected: frozenset[str]) -> None:
        """Draw these boxes; the selected ones with handles."""
        self._boxes, self._selected = boxes, selected
        for view in self.views():
            visible = self.shown.visible if view.only is None else view.only
            here = boxes if LayerId.BOXES in visible else []
            view.show_boxes(here, selected, self.shown.states[LayerId.BOXES].opacity)

    def show_rulers(self, rulers: list[Ruler]) -> None:
        """Draw what was measured."""
        self._rulers = rulers
        for view in self.views():
            view.show_rulers(rulers)

    def apply(self) -> None:
        """Show the layers that are chosen."""
        if self._volume is None:
            return
        for view in self.views():
            self._load(view)
            view.apply(self.shown)
        self._load_space()
        self.show_boxes(self._boxes, self._selected)

    def set_banner(self, words: str) -> None:
        """Whose scan it is, in every view."""
        self._banner = words
        for view in self.views(every=True):
            view.overlay.content.banner = words
            view.overlay.update()
        if self.space_view is not None:
            self.space_view.glass.banner = words
            self.space_view.glass.update()

    def set_tool(self, tool: PlaneTool | None) -> None:
        """What the left button does; None for the crosshair (four views) or moving the image."""
        self.tool = tool
        for view in self.views(every=True):
            view.tool = tool
            view.canvas.setCursor(Qt.CursorShape.ArrowCursor if tool is None else Qt.CursorShape.CrossCursor)

    def set_radiological(self, on: bool) -> None:
        """The patient's right at the left of the screen, or at the right."""
        self._is_radiological = on
        for view in self.views(every=True):
            view.turn_sides(on)

    def fit(self) -> None:
        """Show the whole slice."""
        for view in self.views():
            view.fit()
        if self.mode == Mode.FOUR and self.space_view is not None:
            self.space_view.from_front()

    def close_viewers(self) -> None:
        """Let go of the canvases."""
        for view in self.views(every=True):
            view.close_viewer()
        if self.space_view is not None:
            self.space_view.close_viewer()

    # --- parts ------------------------------------------------------------------------------------------------------

    def _plane_of(self, name: str) -> PlaneView:
        if name not in self.planes:
            self.planes[name] = self._make_view(name)
            self.cells.addWidget(self.planes[name], *CELLS[name])
        return self.planes[name]

    def _make_view(self, plane: str) -> PlaneView:
        view = PlaneView(plane)
        view.turn_sides(self._is_radiological)
        view.overlay.content.banner = self._banner
        view.tool = self.tool
        view.pointed_at.connect(self.pointed_at)
        view.crosshair_wanted.connect(self.point_wanted)
        view.turned.connect(lambda slices, view=view: self.turned.emit(slices, view.plane))
        view.touched.connect(lambda view=view: self.focus(view.plane) if view is not self.twin else None)
        view.zoomed.connect(partial(self._zoomed, view))
        self._window_level.watch(view.canvas)
        return view

    def _arrange(self) -> None:
        """Show the views of the mode, each in its cell."""
        seen = self.views()
        for view in self.views(every=True):
            view.setVisible(view in seen)
            view.pans_with_left = self.mode != Mode.FOUR
            view.overlay.content.is_focused = self.mode == Mode.FOUR and view is self.main
            view.overlay.content.title = named(view.plane) if self.mode == Mode.FOUR else self._compared(view)
            view.overlay.update()
        if self.mode == Mode.FOUR and self.space_view is None:
            self.space_view = View3D()
            self.space_view.glass.banner = self._banner
            self.cells.addWidget(self.space_view, 1, 1)
        if self.space_view is not None:
            self.space_view.setVisible(self.mode == Mode.FOUR)
        row, column = CELLS[self.focused]
        rows, columns = {
            Mode.SINGLE: ({row}, {column}),
            Mode.FOUR: ({0, 1}, {0, 1}),
            Mode.PAIR: ({row}, {column, _TWIN_COLUMN}),
        }[self.mode]
        for n in range(2):
            self.cells.setRowStretch(n, int(n in rows))
        for n in range(_TWIN_COLUMN + 1):
            self.cells.setColumnStretch(n, int(n in columns))

    def _refresh(self) -> None:
        """What has just come into view shows what the others show."""
        self.apply()
        self.show_point(self._point)

    def _compared(self, view: PlaneView) -> str:
        if self.mode != Mode.PAIR or view.only is None:
            return ""
        over = [name for id_, name in LAYER_NAMES.items() if id_ in view.only and id_ != LayerId.IMAGE]
        return " + ".join(map(named, over)) or named("Scan alone")

    def _load(self, view: PlaneView) -> None:
        """Give a view the image, if it has not got it."""
        if self._volume is None or self._shows.get(view) == self._version:
            return
        self._shows[view] = self._version
        view.show_layers(self._described, keep=self._keeps)
        view.overlay.content.banner = self._banner
        if view is not self.main and view.scan is not None:
            self._window_level.add_layer(view.scan)

    def _load_space(self) -> None:
        """The view in space follows when it can be seen."""
        if self.space_view is None or self.mode != Mode.FOUR or self._volume is None:
            return
        if self._in_space != (self._version, self.shown.class_):
            self._in_space = (self._version, self.shown.class_)
            prior, cam = self._volume_of(names.REFINED_PRIOR), self._volume_of(names.grad_cam(self.shown.class_))
            self.space_view.show_case(SpatialCase(self._volume, self._brain, prior, cam))
            self.space_view.glass.banner = self._banner
        self.space_view.apply(self.shown)

    def _volume_of(self, name: str) -> Volume | None:
        layer = next((layer for layer in self._described if layer[1]["name"] == name), None)
        if layer is None or self._volume is None:
            return None
        return Volume(np.asarray(layer[0]).transpose(2, 1, 0), self._volume.affine)

    def _zoomed(self, view: PlaneView) -> None:
        """A comparison side by side keeps both sides alike."""
        if self.mode != Mode.PAIR or self.twin is None:
            return
        other = self.twin if view is self.main else self.main
        camera, mine = other.model.scene.camera, view.model.scene.camera
        other.blockSignals(True)
        camera.center, camera.zoom = mine.center, mine.zoom
        other.blockSignals(False)


def layer_ids(described: Sequence[LayerData], boxes: Sequence[ShownBox]) -> frozenset[LayerId]:
    """Which of the paper's layers there are."""
    made = {layer[1]["metadata"]["volume"] for layer in described}
    there = {LayerId.IMAGE} if made else set()
    there |= {LayerId.BOXES} if boxes else set()
    there |= {id_ for id_ in (LayerId.COARSE, LayerId.REFINED) if id_ in made}
    there |= {LayerId.GRAD_CAM} if any(name.startswith("grad_cam_") for name in made) else set()
    return frozenset(there)
