"""Boxes as they are drawn over a plane: on their own slice an outline, across it a bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from napari_plugin.box_polygons import polygons
from napari_plugin.display_grid import DisplayGrid
from vb_desktop.pipeline.case import Box, Volume
from vb_desktop.pipeline.case_record import BoxRecord


@dataclass(frozen=True, slots=True)
class ShownBox:
    """A box on the grid that is shown, in mm of the world.

    Attributes:
        id: as in the case.
        k: axial slice.
        z: of the slice.
        thickness: of the slice.
        corners: (y, x) of the four corners; along the axes in template space, tilted in native space.
        source: as `Box.source`.
        confidence: in [0, 1].
        text: the source's own words.
    """

    id: str
    k: int
    z: float
    thickness: float
    corners: tuple[tuple[float, float], ...]
    source: str
    confidence: float
    text: str = ""

    @property
    def y_range(self) -> tuple[float, float]:
        """Posterior and anterior end."""
        return min(y for y, _ in self.corners), max(y for y, _ in self.corners)

    @property
    def x_range(self) -> tuple[float, float]:
        """Left and right end."""
        return min(x for _, x in self.corners), max(x for _, x in self.corners)


def of_records(boxes: Iterable[BoxRecord], image: Volume, space: str) -> list[ShownBox]:
    """The boxes of a case on the grid of `image`.

    Args:
        boxes: of `case.json`.
        image: the scan in native space, the processed scan in template space.
        space: "native" or "mni".
    """
    boxes = list(boxes)
    grid = DisplayGrid.of(image)
    return [
        _placed(box.id, corners, grid, box.source, box.confidence, box.text)
        for box, corners in zip(boxes, polygons(boxes, image, space), strict=True)
    ]


def of_book(boxes: Mapping[str, Box], image: Volume) -> list[ShownBox]:
    """The boxes of a book, by id, in template space."""
    grid = DisplayGrid.of(image)
    return [
        _placed(id_, template_corners(box), grid, box.source, box.confidence, box.text) for id_, box in boxes.items()
    ]


def template_corners(box: Box) -> np.ndarray:
    """Corners (4, 3) of a box in (z, y, x) voxels of the processed scan: at the edges of its voxels."""
    low_x, high_x, low_y, high_y = box.i0 - 0.5, box.i1 - 0.5, box.j0 - 0.5, box.j1 - 0.5
    at = [(low_y, low_x), (low_y, high_x), (high_y, high_x), (high_y, low_x)]
    return np.array([(box.k, y, x) for y, x in at], dtype=float)


def _placed(id_: str, corners: np.ndarray, grid: DisplayGrid, source: str, confidence: float, text: str) -> ShownBox:
    world = corners * np.array(grid.scale) + np.array(grid.translate)
    return ShownBox(
        id=id_, k=round(float(corners[0, 0])), z=float(world[0, 0]), thickness=grid.scale[0],
        corners=tuple((float(y), float(x)) for _, y, x in world), source=source, confidence=confidence, text=text,
    )  # fmt: skip
