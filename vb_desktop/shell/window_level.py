"""Window and level of the greys: the arithmetic of a drag, the presets, and how a window is said."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

DRAG_PX = 700
"""Length of a drag, in pixels, that runs through the whole range of the data."""
_TYPICAL_WIDTHS = 4.0
"""A drag runs through this many automatic windows at most: a few spikes in the data must not make it jumpy."""
_NARROWEST = 1e-3
"""Narrowest window, as a part of the automatic one."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which values are drawn between black and white.

    Attributes:
        width: white minus black, in the image's units (the scanner's own, or z-scores); > 0.
        level: the value in the middle, same units.
    """

    width: float
    level: float

    @classmethod
    def of(cls, low: float, high: float) -> Window:
        """The window from black to white."""
        return cls(high - low, (low + high) / 2)

    @property
    def limits(self) -> tuple[float, float]:
        """Values drawn black and white."""
        return self.level - self.width / 2, self.level + self.width / 2

    def words(self, unit: str = "") -> str:
        """Width and level with three digits of the width."""
        decimals = max(0, 2 - floor(log10(self.width)))
        level = round(self.level, decimals) + 0.0  # no "-0"
        return f"W {self.width:.{decimals}f}  L {level:.{decimals}f}" + (f"  {unit}" if unit else "")


def dragged(start: Window, right_px: float, down_px: float, auto: Window, data: Window) -> Window:
    """The window after a drag.

    Args:
        start: the window where the drag began.
        right_px: way of the mouse to the right since then, pixels; to the right is a wider window, less contrast.
        down_px: way of the mouse down, pixels; down is a higher level, a darker image.
        auto: the automatic window.
        data: from the smallest to the largest value of the image.
    """
    per_px = min(data.width, _TYPICAL_WIDTHS * auto.width) / DRAG_PX
    lowest, highest = (min(data.limits[0], auto.limits[0]), max(data.limits[1], auto.limits[1]))
    width = min(max(start.width + per_px * right_px, _NARROWEST * auto.width), 2 * (highest - lowest))
    return Window(width, min(max(start.level + per_px * down_px, lowest), highest))


def presets(auto: Window, data: Window) -> dict[str, Window]:
    """The windows to choose from, by name.

    Args:
        auto: the automatic window.
        data: from the smallest to the largest value of the image.
    """
    return {
        "Auto": auto,
        "Full range": data,
        "Narrow": Window(auto.width / 2, auto.level),
        # To the bright side only: else the noise of the air would be grey.
        "Wide": Window(2 * auto.width, auto.limits[0] + auto.width),
    }
