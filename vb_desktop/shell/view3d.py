"""The case in space: the brain's brightest voxels along the line of sight, prior and Grad-CAM as surfaces.

A model of its own on a coarse grid: drawing the slices' own layers in space takes seconds without a graphics card.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.qt import QtViewer
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from napari_plugin import palette
from napari_plugin.display_grid import DisplayGrid, to_napari
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.shell import theme
from vb_desktop.shell.canvas_care import clear_layers, keep_picture
from vb_desktop.shell.plane_view import PlaneView
from vb_desktop.shell.screen_map import LEAST_ZOOM, MOST_ZOOM
from vb_desktop.shell.shown_layers import LayerId, ShownLayers
from vb_desktop.shell.slice_overlay import length_words, nice_length

_MAX_SIDE = 96
"""Voxels along the longest side of the coarse grid."""
_CAM_LEVEL = 0.6
_BAR_PX = 110
"""Longest scale bar."""


@dataclass(frozen=True, slots=True, eq=False)
class SpatialCase:
    """What is drawn in space, all on the grid of `image`.

    Attributes:
        image: the scan or the processed scan.
        brain: mask of the brain; None where there is none.
        prior: the refined prior; None where there is none.
        grad_cam: the chosen class'; None where there is none.
    """

    image: Volume
    brain: Volume | None = None
    prior: Volume | None = None
    grad_cam: Volume | None = None


class View3D(QWidget):
    """Brain, refined prior (> 0.5) and Grad-CAM (> 0.6) in space; the left button turns it, the wheel zooms."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ViewerModel(ndisplay=3, axis_labels=("z", "y", "x"))
        self.viewer = QtViewer(self.model)
        self.viewer.setAcceptDrops(False)
        self.viewer.dims.hide()
        self.model.theme = PlaneView.theme()
        self.canvas: QWidget = self.viewer.canvas.native
        keep_picture(self.canvas)
        self.canvas.installEventFilter(self)
        self.glass = _Glass(self)
        self._is_turned = False
        self._extent = (np.zeros(3), np.ones(3))
        self.model.scene.camera.events.center.connect(lambda _: self.glass.update())
        self.model.scene.camera.events.angles.connect(lambda _: self.glass.update())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.viewer)

    def show_case(self, case: SpatialCase) -> None:
        """Another image."""
        clear_layers(self.viewer)
        grid = DisplayGrid.of(case.image)
        step = max(1, int(np.ceil(max(case.image.voxels.shape) / _MAX_SIDE)))
        coarse: dict[str, Any] = {"scale": [step * edge for edge in grid.scale], "translate": grid.translate}
        coarse["units"] = ("mm",) * 3
        image = to_napari(case.image.voxels)[::step, ::step, ::step].astype(np.float32)
        if case.brain is not None and case.brain.voxels.shape == case.image.voxels.shape:
            image = image * (to_napari(case.brain.voxels)[::step, ::step, ::step] > 0)
        where = np.argwhere(image != 0) if (image != 0).any() else np.array([[0, 0, 0], image.shape])
        ends = np.array([where.min(axis=0), where.max(axis=0)]) * coarse["scale"] + np.array(grid.translate)
        self._extent = (ends[0], ends[1])
        shown = image[image != 0]
        low, high = (float(v) for v in np.percentile(shown, (5, 99.8))) if shown.size else (0.0, 1.0)
        image = np.where(image == 0, low, image)
        self.model.add_image(
            image, name="Brain", rendering="mip", colormap="gray", contrast_limits=(low, max(high, low + 1e-6)),
            gamma=1.4, opacity=0.9, **coarse,
        )  # fmt: skip
        for name, volume, level, colour, opacity in (
            ("Grad-CAM", case.grad_cam, _CAM_LEVEL, "#FCA50A", 0.3),
            ("Refined prior", case.prior, 0.5, palette.PINK, 0.6),  # last: seen through the other
        ):
            if volume is not None and (surface := _surface(to_napari(volume.voxels)[::step, ::step, ::step], level)):
                self.model.add_surface(
                    surface, name=name, colormap=_plain(colour), opacity=opacity, shading="smooth",
                    blending="translucent_no_depth", **coarse,
                )  # fmt: skip
        self.model.layers.selection.clear()
        self.viewer.dims.hide()
        self.from_front()

    def show_nothing(self) -> None:
        """No image."""
        clear_layers(self.viewer)
        self.glass.update()

    def apply(self, shown: ShownLayers) -> None:
        """Show the surfaces of the layers that are chosen."""
        for name, id_ in (("Refined prior", LayerId.REFINED), ("Grad-CAM", LayerId.GRAD_CAM)):
            if name in self.model.layers:
                self.model.layers[name].visible = id_ in shown.visible

    def from_front(self) -> None:
        """Look at the face of the patient, head up."""
        camera = self.model.scene.camera
        camera.orientation = ("away", "up", "left")  # an even number of axes is turned: nothing is mirrored
        self.model.reset_view()
        camera.set_view_direction((-0.15, -1.0, -0.25), (1.0, 0.0, 0.0))
        low, high = self._extent
        camera.center = tuple(float(value) for value in (low + high) / 2)
        side = max(min(self.canvas.width(), self.canvas.height()), 1)  # a view that is squeezed to nothing has none
        camera.zoom = 0.88 * side / max(float((high - low).max()), 1.0)
        self._is_turned = False
        self.glass.update()

    def on_screen(self, worlds: Array) -> Array:
        """Where world positions (N, 3), (z, y, x), are drawn: x to the right and y down, (N, 2)."""
        mapped = self.viewer.canvas.view.scene.transform.map(np.asarray(worlds, dtype=float)[:, ::-1])
        return np.asarray(mapped[:, :2] / mapped[:, 3:])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """The wheel zooms here, keys mean nothing."""
        if watched is self.canvas and event.type() == QEvent.Type.Resize and not self._is_turned:
            QTimer.singleShot(0, self, self._fit)
        if watched is self.canvas and event.type() == QEvent.Type.MouseButtonPress:
            self._is_turned = True
        if watched is self.canvas and isinstance(event, QWheelEvent):
            self._is_turned = True
            zoomed = self.model.scene.camera.zoom * 1.15 ** (event.angleDelta().y() / 120)
            self.model.scene.camera.zoom = min(max(zoomed, LEAST_ZOOM), MOST_ZOOM)
            return True
        return bool(watched is self.canvas and event.type() == QEvent.Type.KeyPress)

    def _fit(self) -> None:
        if self.model.layers and not self._is_turned:
            self.from_front()

    def close_viewer(self) -> None:
        """Let go of the canvas."""
        self.canvas.removeEventFilter(self)
        clear_layers(self.viewer)
        self.viewer.close()


class _Glass(QWidget):
    """Which way the patient looks, whose scan it is, what is drawn."""

    def __init__(self, view: View3D) -> None:
        super().__init__(view.canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view = view
        self.banner = ""
        self.resize(view.canvas.size())
        view.canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return False

    def paintEvent(self, _: QPaintEvent) -> None:  # Qt's name
        if not self._view.model.layers:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(theme.ON_CANVAS))
        painter.drawText(QPointF(10, 18), self.banner)
        painter.setPen(QColor(theme.ON_CANVAS_QUIET))
        painter.drawText(QPointF(10, 34), self.tr("3D: brightest voxels; prior > 0.5, Grad-CAM > 0.6"))
        self._scale_bar(painter)
        centre = QPointF(44, self.height() - 62)
        for letters, (right, up) in zip((("S", "I"), ("A", "P"), ("R", "L")), self._axes(), strict=True):
            for letter, sign in zip(letters, (1, -1), strict=True):
                painter.setPen(QColor("#FFFFFF" if sign > 0 else theme.ON_CANVAS_QUIET))
                at = centre + QPointF(sign * right * 26, -sign * up * 26)
                painter.drawLine(centre, centre + (at - centre) * 0.65)
                painter.drawText(at + QPointF(-4, 4), letter)
        painter.end()

    def _scale_bar(self, painter: QPainter) -> None:
        """A length in the plane of the screen; the view has no perspective, so that it holds at every depth."""
        zoom = float(self._view.model.scene.camera.zoom)
        mm = nice_length(_BAR_PX / zoom)
        left, bottom = 14.0, self.height() - 14.0
        painter.setPen(QPen(QColor("#FFFFFF"), 2))
        painter.drawLine(QPointF(left, bottom), QPointF(left + mm * zoom, bottom))
        for x in (left, left + mm * zoom):
            painter.drawLine(QPointF(x, bottom - 4), QPointF(x, bottom + 4))
        painter.drawText(QPointF(left + mm * zoom + 8, bottom + 4), length_words(mm))
        painter.setPen(QPen(QColor(theme.ON_CANVAS_QUIET), 1))

    def _axes(self) -> list[tuple[float, float]]:
        """How far the world axes z, y, x run to the right and up on the screen: in [-1, 1]."""
        centre = np.array(self._view.model.scene.camera.center, dtype=float)
        drawn = self._view.on_screen(np.vstack([centre, centre + np.eye(3)]))
        runs = drawn[1:] - drawn[0]
        longest = max(float(np.hypot(*runs.T).max()), 1e-9)
        return [(float(right / longest), float(-down / longest)) for right, down in runs]


def _surface(volume: Array, level: float) -> tuple[Array, Array] | None:
    """Vertices and triangles where a (z, y, x) volume passes a level; None where it does not."""
    from skimage.measure import marching_cubes

    padded = np.pad(volume.astype(np.float32), 1)
    if not (padded > level).any():
        return None
    vertices, faces, _, _ = marching_cubes(padded, level)
    return vertices - 1, faces


def _plain(colour: str) -> object:
    from napari.utils.colormaps import Colormap

    rgb = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return Colormap([[*rgb, 1.0], [*rgb, 1.0]], name=colour)
