"""The image: views, the slice ribbon below them, and what is set for all of them.

Importing this module imports napari (about 3 s): the window does it after it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from napari.components import ViewerModel
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from superqt.utils import qthrottled

from napari_plugin import names
from napari_plugin.display_grid import DisplayGrid
from napari_plugin.layers import LayerData, centre_of_largest_slice
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.shell.canvas_bar import FOUR, LAYOUT_KEY, CanvasBar
from vb_desktop.shell.cine import CINE_KEY, Cine
from vb_desktop.shell.cursor_words import CursorWords
from vb_desktop.shell.orientation_letters import OrientationLetters
from vb_desktop.shell.plane_view import PLANES, SENSES, PlaneTool, PlaneView
from vb_desktop.shell.ruler_tool import RULER_KEY, RulerTool
from vb_desktop.shell.shown_boxes import ShownBox
from vb_desktop.shell.shown_layers import LAYER_NAMES, LayerId, ShownLayers
from vb_desktop.shell.slice_profile import SliceProfile, area_cm2, boxes_along, highest
from vb_desktop.shell.slice_ribbon import SliceRibbon
from vb_desktop.shell.view_grid import Mode, ViewGrid, layer_ids
from vb_desktop.shell.window_control import AUTO_KEY, WindowControl


class CanvasView(QWidget):
    """The views of the case with what belongs to all of them.

    Signals:
        pointed_at (str): position and values under the mouse, in words.
        slice_changed: another slice, plane or position.
        layout_changed (str): "four" or "single".
    """

    pointed_at = Signal(str)
    slice_changed = Signal()
    layout_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.shown = ShownLayers(self)
        self.window_level = WindowControl(self)
        self.grid = ViewGrid(self.shown, self.window_level)
        self.point: Array = np.zeros(3)
        """World position (z, y, x) in mm that all planes go through."""
        self._described: list[LayerData] = []
        self._volume: Volume | None = None
        self._place: DisplayGrid | None = None
        self._words: CursorWords | None = None
        self._boxes: list[ShownBox] = []
        self._profiles: dict[tuple[str, int], Array] = {}
        self._tool: PlaneTool | None = None
        self.ruler = RulerTool(self.grid.show_rulers)
        self._build()
        self.shown.changed.connect(self._show_profile)
        self.grid.pointed_at.connect(self._pointed)
        self.grid.point_wanted.connect(self.set_point)
        self.grid.turned.connect(self.turn)
        self.grid.focus_changed.connect(self._moved)
        self._step_throttled = qthrottled(self._set_step, timeout=40)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show_layers(
        self,
        described: Sequence[LayerData],
        volume: Volume,
        space: str,
        auto: tuple[float, float] | None = None,
        words: CursorWords | None = None,
        brain: Volume | None = None,
        point: Array | None = None,
        *,
        keep: bool = False,
    ) -> None:
        """Replace what is shown; a window that was set for this space stays until `show_nothing`.

        Args:
            described: layers as `case_layers` describes them, the scan first; boxes are left out here.
            volume: the volume of the scan layer.
            space: "native" or "mni".
            auto: values that the automatic window draws black and white; None for those of the scan layer.
            words: says what is under the mouse.
            brain: mask for the view in space.
            point: world position (z, y, x) to show; None for the largest slice of the localised region.
            keep: leave zoom and place as they are: it is the same image with other layers.
        """
        self._described = [layer for layer in described if layer[2] == "image"]
        self._volume, self._place = volume, DisplayGrid.of(volume)
        self._words = words or CursorWords(volume, space)
        self._profiles.clear()
        self.ruler.forget("mm" if space == "native" else "mm in template space")
        self.point = self._inside(self._point_of_interest() if point is None else point)
        self.grid.show_image(self._described, volume, brain, keep=keep)
        scan = self.main.scan
        assert scan is not None
        if auto is not None:
            scan.contrast_limits = auto
        self.window_level.show_layer(scan, space)
        self.ribbon.setEnabled(True)
        self._offer()
        self.grid.apply()
        self._moved()
        self._show_profile()

    def show_nothing(self) -> None:
        """No image."""
        self.cine.stop()
        self._described, self._boxes = [], []
        self._volume = self._place = self._words = None
        self._profiles.clear()
        self.ruler.forget("mm")
        self.ruler_button.setChecked(False)
        self.grid.show_nothing()
        self.window_level.forget()
        self.shown.forget()
        self.ribbon.setEnabled(False)
        self.ribbon.show_profile(SliceProfile(), ("", ""))
        self.position.setText("")

    def show_boxes(self, boxes: list[ShownBox], selected: frozenset[str] = frozenset()) -> None:
        """Draw these boxes; the selected ones with handles."""
        is_same = boxes == self._boxes
        self._boxes = boxes
        self._offer()
        self.grid.show_boxes(boxes, selected)
        if not is_same:
            self._show_profile()

    def set_banner(self, words: str) -> None:
        """Whose scan it is, in every view."""
        self.grid.set_banner(words)

    def set_tool(self, tool: PlaneTool | None) -> None:
        """What the left button does while the ruler is not taken; None for crosshair or moving the image."""
        self._tool = tool
        self.grid.set_tool(self.ruler if self.ruler_button.isChecked() else tool)

    def set_mode(self, mode: Mode) -> None:
        """One plane, or four views."""
        self.grid.set_mode(mode)
        self._moved()

    def compare(self, left: frozenset[LayerId], right: frozenset[LayerId]) -> None:
        """The focused plane twice, each with its own layers; empty sets end it."""
        if left or right:
            self.grid.compare(left, right)
        elif self.grid.mode == Mode.PAIR:
            self.set_mode(Mode.FOUR if self.plane.currentData() == FOUR else Mode.SINGLE)

    # --- the focused plane ------------------------------------------------------------------------------------------

    @property
    def main(self) -> PlaneView:
        """The plane that keys, ribbon and slices belong to."""
        return self.grid.main

    @property
    def model(self) -> ViewerModel:
        """Of the focused plane."""
        return self.main.model

    @property
    def canvas(self) -> QWidget:
        """Of the focused plane."""
        return self.main.canvas

    @property
    def letters(self) -> OrientationLetters:
        """Of the focused plane."""
        return self.main.letters

    @property
    def axis(self) -> int:
        """World axis that the focused plane's slices are stacked along: 0 for axial ones."""
        return PLANES[self.grid.focused][0]

    @property
    def step(self) -> int:
        """Index of the slice that is shown."""
        return self.index_of(self.point)[self.axis]

    @property
    def count(self) -> int:
        """How many slices there are (napari's own count suffers from rounding where the spacing is crooked)."""
        return 0 if self._volume is None else int(self._volume.voxels.shape[2 - self.axis])

    def index_of(self, world: Array) -> tuple[int, int, int]:
        """Slice indices (z, y, x) at a world position."""
        if self._place is None:
            return 0, 0, 0
        index = np.round((np.asarray(world) - self._place.translate) / self._place.scale).astype(int)
        return int(index[0]), int(index[1]), int(index[2])

    def go_to(self, k: int) -> None:
        """Show axial slice k."""
        if self.grid.mode == Mode.FOUR:
            self.grid.focus("Axial")
        else:
            self.choose_plane("Axial")
        self._set_step(k)

    def turn(self, slices: int, plane: str | None = None) -> None:
        """Go some slices on, in the focused plane or in another one."""
        axis = PLANES[plane or self.grid.focused][0]
        self._go(axis, self.index_of(self.point)[axis] + slices)

    def set_point(self, world: Array) -> None:
        """Let all planes go through a world position (z, y, x)."""
        self.point = self._inside(world)
        self._moved()

    def fit(self) -> None:
        """Show the whole slice."""
        self.grid.fit()

    def set_plane(self, name: str) -> None:
        """Show one plane, or four views."""
        mode = Mode.FOUR if name == FOUR else Mode.SINGLE
        if name != FOUR:
            self.grid.focused = name
        self.set_mode(mode)
        self.layout_changed.emit(str(mode))

    def choose_plane(self, name: str) -> None:
        """Choose one plane, or four views, in the box below the image."""
        self.plane.setCurrentIndex(self.plane.findData(name))

    def toggle_four(self) -> None:
        """Four views, or one."""
        self.choose_plane(self.grid.focused if self.plane.currentData() == FOUR else FOUR)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.ribbon = SliceRibbon()
        self.ribbon.valueChanged.connect(lambda value: self._step_throttled(value))
        self.cine = Cine(self)
        self.bar = CanvasBar(self.cine.button, self.window_level.button)
        self.plane, self.position, self.sides = self.bar.plane, self.bar.position, self.bar.sides
        self.ruler_button = self.bar.ruler
        self.plane.currentIndexChanged.connect(lambda _: self.set_plane(self.plane.currentData()))
        self.ruler_button.toggled.connect(lambda _: self.set_tool(self._tool))
        self.sides.toggled.connect(self.bar.say_convention)
        self.sides.toggled.connect(self.grid.set_radiological)
        self.bar.fit.clicked.connect(self.fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.grid, stretch=1)
        column.addWidget(self.ribbon)
        column.addWidget(self.bar)
        for key, slices in ((Qt.Key.Key_PageUp, 1), (Qt.Key.Key_PageDown, -1)):
            QShortcut(QKeySequence(key), self).activated.connect(partial(self.turn, slices))
        QShortcut(QKeySequence(AUTO_KEY), self).activated.connect(lambda: self.window_level.choose("Auto"))
        QShortcut(QKeySequence(LAYOUT_KEY), self).activated.connect(self.toggle_four)
        QShortcut(QKeySequence(CINE_KEY), self).activated.connect(self.cine.button.toggle)
        QShortcut(QKeySequence(RULER_KEY), self).activated.connect(self.ruler_button.toggle)

    def _offer(self) -> None:
        """Tell which layers there are."""
        cams = [layer for layer in self._described if layer[1]["metadata"]["volume"].startswith("grad_cam_")]
        classes = tuple(layer[1]["metadata"]["volume"].removeprefix("grad_cam_") for layer in cams)
        first = next((c for c, layer in zip(classes, cams, strict=True) if layer[1].get("visible", True)), "")
        self.shown.offer(layer_ids(self._described, self._boxes), classes, first)

    # --- where it is ------------------------------------------------------------------------------------------------

    def _point_of_interest(self) -> Array:
        """Where the localised region is largest, else the middle of the image; world (z, y, x)."""
        assert self._place is not None
        assert self._volume is not None
        prior = next((layer[0] for layer in self._described if layer[1]["name"] == names.REFINED_PRIOR), None)
        index = None if prior is None else centre_of_largest_slice(prior)
        if index is None:
            i, j, k = ((n - 1) // 2 for n in self._volume.voxels.shape)
            index = (k, j, i)
        return np.asarray(np.asarray(self._place.translate) + np.asarray(index) * np.asarray(self._place.scale))

    def _inside(self, world: Array) -> Array:
        """The nearest voxel centre of the image."""
        if self._place is None or self._volume is None:
            return np.asarray(world, dtype=float)
        index = np.clip(self.index_of(world), 0, np.array(self._volume.voxels.shape[::-1]) - 1)
        return np.asarray(np.asarray(self._place.translate) + index * np.asarray(self._place.scale))

    def _set_step(self, k: int) -> None:
        self._go(self.axis, k)

    def _go(self, axis: int, k: int) -> None:
        if self._place is None or self._volume is None:
            return
        k = int(np.clip(k, 0, self._volume.voxels.shape[2 - axis] - 1))
        world = self.point.copy()
        world[axis] = self._place.translate[axis] + k * self._place.scale[axis]
        self.point = world
        self._moved()

    def _moved(self) -> None:
        if self._volume is None:
            return
        self.grid.show_point(self.point)
        self.ribbon.blockSignals(True)
        self.ribbon.setRange(0, self.count - 1)
        self.ribbon.setValue(self.step)
        self.ribbon.blockSignals(False)
        if self.ribbon.axis != self.axis:
            self._show_profile()
        low, high = SENSES[self.axis]
        mm = float(self.point[self.axis])
        side = high if mm >= 0 else low
        said = self.tr("slice {n} of {count}").format(n=self.step + 1, count=self.count)
        self.position.setText(f"{said}   {abs(mm):.1f} mm {side}")
        self.slice_changed.emit()

    def _show_profile(self) -> None:
        """What the ribbon shows: of the focused plane's axis."""
        if self._volume is None or self._place is None:
            return
        axis, place = self.axis, self._place
        profile = SliceProfile(
            self.count,
            boxes_along(self._boxes, axis, place.scale, place.translate, self.count),
            self._along(names.REFINED_PRIOR, axis),
            self._along(names.grad_cam(self.shown.class_), axis) if self.shown.class_ else None,
        )
        self.ribbon.show_profile(profile, SENSES[axis], axis)

    def _along(self, name: str, axis: int) -> Array | None:
        """Values of a layer along an axis; reckoned once."""
        if (name, axis) not in self._profiles:
            layer = next((layer for layer in self._described if layer[1]["name"] == name), None)
            if layer is None or self._place is None:
                return None
            data = np.asarray(layer[0])
            prior = name == names.REFINED_PRIOR
            self._profiles[name, axis] = area_cm2(data, axis, self._place.scale) if prior else highest(data, axis)
        return self._profiles[name, axis]

    def _pointed(self, world: Array | None) -> None:
        self.pointed_at.emit("" if world is None else self._words_at(world))

    def _words_at(self, world: Sequence[float] | Array) -> str:
        """Position and values at a world position (z, y, x)."""
        if self._words is None:
            return ""
        shown = {LAYER_NAMES[id_] for id_ in self.shown.visible}
        if LayerId.GRAD_CAM in self.shown.visible:
            shown.add(names.grad_cam(self.shown.class_))
        return self._words.at(np.asarray(world, dtype=float), frozenset(shown))

    def close_viewer(self) -> None:
        """Let go of the canvases."""
        self.cine.stop()
        self.grid.close_viewers()
