"""From millimetres of a plane to pixels of its canvas and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF

LEAST_ZOOM, MOST_ZOOM = 0.2, 100.0
"""Pixels a millimetre: from a head of 5 cm on the screen's width to a voxel that fills it."""


@dataclass(frozen=True, slots=True)
class ScreenMap:
    """How a plane lies on the screen; positions are (vertical, horizontal) in mm of the world axes that are shown.

    Attributes:
        size: width and height of the canvas, logical pixels.
        centre: position in the middle of the canvas.
        zoom: logical pixels per mm; > 0.
        up: whether the vertical axis grows upwards.
        right: whether the horizontal axis grows to the right.
    """

    size: tuple[int, int]
    centre: tuple[float, float]
    zoom: float
    up: bool
    right: bool

    @classmethod
    def of(cls, size: tuple[int, int], centre: Sequence[float], zoom: float, orientation2d: Sequence[str]) -> ScreenMap:
        """Of a camera of napari (`center`, `zoom`, `orientation2d`)."""
        vertical, horizontal = (float(value) for value in tuple(centre)[-2:])
        up, right = str(orientation2d[0]) == "up", str(orientation2d[1]) == "right"
        return cls(size, (vertical, horizontal), float(zoom), up, right)

    def to_screen(self, vertical: float, horizontal: float) -> QPointF:
        """Where a position is drawn."""
        width, height = self.size
        x = (horizontal - self.centre[1]) * self.zoom * (1 if self.right else -1)
        y = (vertical - self.centre[0]) * self.zoom * (-1 if self.up else 1)
        return QPointF(width / 2 + x, height / 2 + y)

    def to_world(self, point: QPointF) -> tuple[float, float]:
        """The position (vertical, horizontal) that is drawn at a pixel."""
        width, height = self.size
        x = (point.x() - width / 2) / self.zoom * (1 if self.right else -1)
        y = (point.y() - height / 2) / self.zoom * (-1 if self.up else 1)
        return self.centre[0] + y, self.centre[1] + x
