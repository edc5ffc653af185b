"""The reader's region over the planes: a light fill with its outline, in the reader's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage

from napari_plugin import palette
from vb_desktop.pipeline.case import Array
from vb_desktop.shell.region_editor import RegionEditor
from vb_desktop.shell.slice_overlay import Patch

if TYPE_CHECKING:
    from vb_desktop.shell.case_views import CaseViews

_FILL = 70
"""Opacity of the inside, of 255."""


class RegionLayer(QObject):
    """Draws the region on every plane that can be seen, in native space.

    Args:
        editor: the region.
        views: what shows the case.
    """

    def __init__(self, editor: RegionEditor, views: CaseViews) -> None:
        super().__init__(editor)
        self._editor, self._views = editor, views
        self.is_shown = True
        editor.changed.connect(self.draw)
        views.shown.connect(self.draw)
        views.canvas.slice_changed.connect(self.draw)
        views.canvas.layout_changed.connect(lambda _: self.draw())

    def show(self, on: bool) -> None:
        """Show the layer, or not."""
        self.is_shown = on
        self.draw()

    def draw(self) -> None:
        """Give each plane its slice."""
        grid = self._editor.grid
        for view in self._views.canvas.grid.views(every=True):
            content = view.overlay.content
            plane = None
            if self.is_shown and self._views.space == "native" and grid is not None:
                plane = self._editor.slice_at(view.axis, content.at)
            before = content.patch
            content.patch = None
            if plane is not None and grid is not None:
                vertical, horizontal = (n for n in range(3) if n != view.axis)
                low = tuple(grid.translate[n] - grid.scale[n] / 2 for n in (vertical, horizontal))
                high = tuple(
                    grid.translate[n] + grid.scale[n] * (size - 0.5)
                    for n, size in zip((vertical, horizontal), plane.shape, strict=True)
                )
                content.patch = Patch(picture(plane), (low[0], low[1]), (high[0], high[1]))
            if before is not None or content.patch is not None:
                view.overlay.update()


def picture(plane: Array) -> QImage:
    """A mask (vertical, horizontal) as an image: its first row is the lowest position."""
    inside = plane > 0
    padded = np.pad(inside, 1)
    core = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    colour = QColor(palette.TEAL)
    pixels = np.zeros((*plane.shape, 4), np.uint8)
    pixels[inside] = (colour.red(), colour.green(), colour.blue(), _FILL)
    pixels[inside & ~core] = (colour.red(), colour.green(), colour.blue(), 255)
    height, width = plane.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
