"""The image: napari's canvas with slices under the wheel, the patient's sides at the edges, and where the mouse is.

Importing this module imports napari (about 3 s): the window does it after it is shown.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.layers import Image, Layer
from napari.qt import QtViewer
from napari.utils.theme import get_theme, register_theme
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget
from superqt.utils import qthrottled

from napari_plugin import names
from napari_plugin.layers import LayerData, show_layers
from vb_desktop.pipeline.case import Volume
from vb_desktop.shell import theme
from vb_desktop.shell.orientation_letters import OrientationLetters, edge_letters
from vb_desktop.shell.window_control import AUTO_KEY, WindowControl

PLANES = {"Axial": (0, 1, 2), "Coronal": (1, 0, 2), "Sagittal": (2, 0, 1)}
_SENSES = {0: ("I", "S"), 1: ("P", "A"), 2: ("L", "R")}
_THEME = "virtual-biopsy"


class CanvasView(QWidget):
    """One plane of the case.

    Signals:
        pointed_at (str): position and value under the mouse, in words.
    """

    pointed_at = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.model = ViewerModel(axis_labels=("z", "y", "x"))
        self.viewer = QtViewer(self.model)
        self.viewer.setAcceptDrops(False)  # the window takes them: a dropped case is opened, not added
        self.viewer.dims.hide()
        self.model.theme = _dark_theme()
        self.model.scene.camera.mouse_zoom = False  # the wheel turns slices; Ctrl+wheel zooms
        self.canvas: QWidget = self.viewer.canvas.native
        self.canvas.installEventFilter(self)
        self.letters = OrientationLetters(self.canvas)
        self.window_level = WindowControl(self.canvas, self)
        self._volume: Volume | None = None
        self._is_fitting, self._is_fitted = False, True
        self._space = "native"
        self._build()
        self.model.dims.events.point.connect(self._moved)
        self.model.scene.camera.events.zoom.connect(self._zoomed)
        self.model.scene.camera.events.center.connect(self._zoomed)
        self.model.mouse_move_callbacks.append(self._pointed)
        self._step_throttled = qthrottled(self._set_step, timeout=40)

    def show_layers(
        self, described: list[LayerData], volume: Volume, space: str, auto: tuple[float, float] | None = None
    ) -> list[Layer]:
        """Replace what is shown; a window that was set for this space stays until `show_nothing`.

        Args:
            described: layers as `case_layers` describes them, the scan first.
            volume: the volume of the scan layer: it gives true millimetres for an oblique scan too.
            space: "native" or "mni".
            auto: values that the automatic window draws black and white; None for those of the scan layer.
        """
        self.model.layers.clear()
        self._volume, self._space = volume, space
        layers = show_layers(self.model, described)
        if (scan := self._scan_layer()) is not None:
            if auto is not None:
                scan.contrast_limits = auto
            self.window_level.show_layer(scan, space)
        self.viewer.dims.hide()
        self.fit()
        self._range_changed()
        return layers

    def show_nothing(self) -> None:
        """No image."""
        self.model.layers.clear()
        self._volume = None
        self.window_level.forget()
        for label in self.letters.labels.values():
            label.hide()
        self.slider.setEnabled(False)
        self.position.setText("")

    @property
    def axis(self) -> int:
        """World axis that the slices are stacked along: 0 for axial ones."""
        return int(self.model.dims.order[0])

    @property
    def step(self) -> int:
        """Index of the slice that is shown."""
        scan = self._scan_layer()
        return 0 if scan is None else round(float(scan.world_to_data(self.model.dims.point)[self.axis]))

    @property
    def count(self) -> int:
        """How many slices there are (napari's own count suffers from rounding where the spacing is crooked)."""
        scan = self._scan_layer()
        return 0 if scan is None else int(scan.data.shape[self.axis])

    def go_to(self, k: int) -> None:
        """Show axial slice k."""
        self.plane.setCurrentText("Axial")
        self._set_step(k)

    def turn(self, slices: int) -> None:
        """Go some slices on."""
        self._set_step(self.step + slices)

    def fit(self) -> None:
        """Show the whole slice."""
        self._is_fitting = True
        self.model.reset_view()
        self._is_fitting, self._is_fitted = False, True

    def set_plane(self, name: str) -> None:
        """Show another plane."""
        self.model.dims.order = PLANES[name]
        self.fit()
        self._range_changed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Wheel: slices; with Ctrl: zoom. A fitted image stays fitted when the canvas changes its size."""
        if watched is self.canvas and event.type() == QEvent.Type.Resize and self._is_fitted:
            QTimer.singleShot(0, self, self.fit)
        if isinstance(event, QWheelEvent) and watched is self.canvas:
            notches = event.angleDelta().y() / 120
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.model.scene.camera.zoom *= 1.15**notches
            elif notches:
                self.turn(1 if notches > 0 else -1)
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self.plane = QComboBox()
        self.plane.addItems(list(PLANES))
        self.plane.setAccessibleName("Plane")
        self.plane.currentTextChanged.connect(self.set_plane)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setEnabled(False)
        self.slider.setAccessibleName("Slice")
        self.slider.valueChanged.connect(lambda value: self._step_throttled(value))
        self.position = QLabel()
        self.position.setMinimumWidth(190)
        fit = QToolButton()
        fit.setText("Fit")
        fit.setToolTip("Show the whole slice")
        fit.clicked.connect(self.fit)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 2, 8, 4)
        bar.setSpacing(8)
        bar.addWidget(self.plane)
        bar.addWidget(self.slider, stretch=1)
        bar.addWidget(self.position)
        bar.addWidget(self.window_level.button)
        bar.addWidget(fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.viewer, stretch=1)
        column.addLayout(bar)
        for key, slices in ((Qt.Key.Key_PageUp, 1), (Qt.Key.Key_PageDown, -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda slices=slices: self.turn(slices))
        auto = QShortcut(QKeySequence(AUTO_KEY), self)
        auto.activated.connect(lambda: self.window_level.choose("Auto"))

    def _zoomed(self) -> None:
        self._is_fitted = self._is_fitting

    def _set_step(self, k: int) -> None:
        if (scan := self._scan_layer()) is not None:
            index = [0.0, 0.0, 0.0]
            index[self.axis] = float(np.clip(k, 0, self.count - 1))
            self.model.dims.set_point(self.axis, float(scan.data_to_world(index)[self.axis]))

    def _range_changed(self) -> None:
        self.slider.setEnabled(bool(self.model.layers))
        if not self.model.layers:
            return
        self.slider.blockSignals(True)
        self.slider.setRange(0, self.count - 1)
        self.slider.setPageStep(5)
        self.slider.blockSignals(False)
        self.letters.show_letters(edge_letters(self.model.dims.displayed, self.model.scene.camera.orientation2d))
        self._moved()

    def _moved(self) -> None:
        if not self.model.layers:
            return
        self.slider.blockSignals(True)
        self.slider.setValue(self.step)
        self.slider.blockSignals(False)
        low, high = _SENSES[self.axis]
        mm = float(self.model.dims.point[self.axis])
        side = high if mm >= 0 else low
        self.position.setText(f"slice {self.step + 1} of {self.count}   {abs(mm):.1f} mm {side}")

    def _pointed(self, _viewer: Any, event: Any) -> None:
        self.pointed_at.emit(self._words_at(tuple(event.position)))

    def _words_at(self, world: tuple[float, ...]) -> str:
        """Patient position in mm and the scan's value at a world position (z, y, x)."""
        scan = self._scan_layer()
        if scan is None or self._volume is None:
            return ""
        index = np.round(np.asarray(scan.world_to_data(world))).astype(int)
        if (index < 0).any() or (index >= scan.data.shape).any():
            return ""
        x, y, z = self._volume.to_mm(index[None, ::-1])[0]
        space = "MNI" if self._space == "mni" else "native"
        value = float(scan.data[tuple(index)])
        words = "outside the brain" if np.isnan(value) else f"value {value:.4g}"
        return (
            f"{space}  {_mm(x, 'R', 'L')}  {_mm(y, 'A', 'P')}  {_mm(z, 'S', 'I')} mm"
            f"   voxel {index[2]}, {index[1]}, {index[0]}   {words}"
        )

    def _scan_layer(self) -> Image | None:
        return self.model.layers[names.SCAN] if names.SCAN in self.model.layers else None

    def close_viewer(self) -> None:
        """Let go of the canvas."""
        self.model.mouse_move_callbacks.clear()  # a last move may arrive when this widget is gone
        self.model.layers.clear()
        self.viewer.close()


def _mm(value: float, positive: str, negative: str) -> str:
    return f"{positive if value >= 0 else negative} {abs(value):.1f}"


def _dark_theme() -> str:
    look = get_theme("dark").model_copy()
    look.id, look.label = _THEME, "Virtual Biopsy"
    look.canvas, look.background = theme.CANVAS, theme.BACKGROUND
    register_theme(_THEME, look, "vb-desktop")
    return _THEME
