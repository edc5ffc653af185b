"""The reader's lines between the screen and the case: kept with it, drawn again when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from napari_plugin.display_grid import DisplayGrid
from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.case_record import Point
from vb_desktop.pipeline.reading import Line, Plane, ReaderMeasurement, now
from vb_desktop.shell.reader_work import ReaderWork
from vb_desktop.shell.slice_overlay import Ruler

if TYPE_CHECKING:
    from vb_desktop.shell.case_views import CaseViews

PLANES: tuple[Plane, ...] = ("axial", "coronal", "sagittal")
"""By the world axis that the slices are stacked along."""


class MeasuredLines(QObject):
    """Keeps the ruler's lines in the reading, and shows the reading's lines with the ruler.

    Args:
        work: the reading.
        views: what shows the case.
    """

    def __init__(self, work: ReaderWork, views: CaseViews) -> None:
        super().__init__(work)
        self._work, self._views = work, views
        views.canvas.ruler.on_change = self._drawn
        views.shown.connect(self.show)
        work.changed.connect(self.show)

    def show(self) -> None:
        """Draw the lines of the space that is shown."""
        image = self._views.image
        if image is None or self._work.case is None:
            return
        here = [item for item in self._work.reading.measurements if item.space == self._views.space]
        self._views.canvas.ruler.show([line for item in here for line in rulers(item, image)])

    def go_to(self, item: ReaderMeasurement) -> None:
        """Show the slice of a measurement, in its plane."""
        image, canvas = self._views.image, self._views.canvas
        if image is None or item.space != self._views.space:
            return
        line = rulers(item, image)[0]
        world = canvas.point.copy()
        world[line.axis] = line.at
        if canvas.plane.findText(PLANES[line.axis].capitalize()) >= 0 and canvas.axis != line.axis:
            canvas.grid.focus(PLANES[line.axis].capitalize())
        canvas.set_point(world)

    def _drawn(self) -> None:
        image = self._views.image
        if image is None or not self._work.can_change:
            return
        reading, space = self._work.reading, self._views.space
        known = {_key(item): item for item in reading.measurements}
        made = []
        for item in measurements(self._views.canvas.ruler.lines, image, space):
            stamped = item.model_copy(update={"author": self._work.author, "time": now()})
            made.append(known.get(_key(item), stamped))
        others = [item for item in reading.measurements if item.space != space]
        self._work.change(reading.model_copy(update={"measurements": others + made}), "measurements")


def measurements(lines: list[Ruler], image: Volume, space: str) -> list[ReaderMeasurement]:
    """Lines as measurements: two on one slice, one after the other, belong together as for RANO."""
    pairs: list[list[Ruler]] = []
    for line in lines:
        mate = next((p for p in pairs if len(p) == 1 and (p[0].axis, p[0].at) == (line.axis, line.at)), None)
        if mate is not None:
            mate.append(line)
        else:
            pairs.append([line])
    return [
        ReaderMeasurement(
            lines=[Line(begin_mm=_mm(line, line.begin, image), end_mm=_mm(line, line.end, image)) for line in pair],
            plane=PLANES[pair[0].axis],
            space="mni" if space == "mni" else "native",
        )
        for pair in pairs
    ]


def rulers(item: ReaderMeasurement, image: Volume) -> list[Ruler]:
    """The lines of a measurement as they lie on the grid that is shown."""
    axis = PLANES.index(item.plane)
    return [
        Ruler(axis, at, begin, end, "")
        for line in item.lines
        for (at, begin), (_, end) in [(_world(axis, line.begin_mm, image), _world(axis, line.end_mm, image))]
    ]


def _mm(line: Ruler, point: tuple[float, float], image: Volume) -> Point:
    """A point of the display, as RAS millimetres; an oblique scan is displayed unrotated."""
    grid = DisplayGrid.of(image)
    world = np.zeros(3)
    world[line.axis] = line.at
    world[[n for n in range(3) if n != line.axis]] = point
    index = (world - grid.translate) / grid.scale
    x, y, z = image.to_mm(index[::-1][None])[0]
    return round(float(x), 3), round(float(y), 3), round(float(z), 3)


def _world(axis: int, mm: Point, image: Volume) -> tuple[float, tuple[float, float]]:
    """Position of the slice, and (vertical, horizontal) on it."""
    grid = DisplayGrid.of(image)
    index = image.to_index(np.array([mm]))[0][::-1].copy()
    index[axis] = round(float(index[axis]))
    world = np.asarray(grid.translate) + index * np.asarray(grid.scale)
    vertical, horizontal = (float(world[n]) for n in range(3) if n != axis)
    return float(world[axis]), (vertical, horizontal)


def _key(item: ReaderMeasurement) -> tuple[object, ...]:
    points = [(line.begin_mm, line.end_mm) for line in item.lines]
    return item.space, item.plane, tuple(np.round(points, 1).ravel().tolist())
