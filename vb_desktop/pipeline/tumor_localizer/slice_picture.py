"""An axial slice as the picture a VLM sees, and the way from its coordinates back to voxels (Eq. 2, 3).

The picture is radiological: the patient's right is at the left edge, anterior is up. It is square, because VLMs place
boxes badly on pictures of other shapes.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from vb_desktop.pipeline.case import Array, ProcessedScan, Volume

RELATIVE = 1000.0
"""Qwen3-VL gives coordinates from 0 to 1000, whatever the size of the picture."""
MARGIN_MM = 4.0
"""Black around the brain."""


@dataclass(frozen=True, slots=True)
class Window:
    """Intensities shown as black and as white."""

    black: float
    white: float

    @classmethod
    def of(cls, processed: ProcessedScan, width: float) -> Window:
        """Median of the brain ± `width` times its range from the 5th to the 95th percentile.

        The range hardly depends on a few bright voxels, the standard deviation of the z-score does.
        """
        inside = processed.volume.voxels[processed.mask.voxels > 0]
        low, middle, high = (float(value) for value in np.percentile(inside, (5, 50, 95)))
        reach = max(width * (high - low), 1e-6)
        return cls(middle - reach, middle + reach)


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of a slice that its picture shows: a square around the whole brain, the same for all slices.

    Attributes:
        start: first voxel (i, j); may lie outside the slice, which is black there.
        count: voxels (i, j) shown; of the same length in mm up to a voxel.
    """

    start: tuple[int, int]
    count: tuple[int, int]

    @classmethod
    def of(cls, mask: Volume) -> Frame:
        """The frame around a brain mask, template space; around the whole slice where the mask is empty."""
        inside = mask.voxels > 0
        edges = []
        for axis in (0, 1):
            on = np.flatnonzero(inside.any(axis=(1 - axis, 2)))
            edges.append((int(on[0]), int(on[-1]) + 1) if len(on) else (0, inside.shape[axis]))
        spacing = mask.spacing[:2]
        side = max((high - low) * mm for (low, high), mm in zip(edges, spacing, strict=True)) + 2 * MARGIN_MM
        count_i, count_j = (max(round(side / mm), 1) for mm in spacing)
        (i0, i1), (j0, j1) = edges
        return cls(((i0 + i1 - count_i) // 2, (j0 + j1 - count_j) // 2), (count_i, count_j))

    def to_voxels(
        self, corners: tuple[float, float, float, float], shape: tuple[int, int]
    ) -> tuple[int, int, int, int] | None:
        """Corners (x0, y0, x1, y1) in 0 to 1000 -> half-open (i0, i1, j0, j1); None for a box beside the slice."""
        x0, y0, x1, y1 = corners
        left, right = (self.start[0] + self.count[0] * (1 - x / RELATIVE) for x in (x1, x0))
        posterior, anterior = (self.start[1] + self.count[1] * (1 - y / RELATIVE) for y in (y1, y0))
        i, j = _range(left, right, shape[0]), _range(posterior, anterior, shape[1])
        return (*i, *j) if i and j else None

    def to_relative(self, i0: int, i1: int, j0: int, j1: int) -> tuple[float, float, float, float]:
        """Half-open voxel ranges -> corners (x0, y0, x1, y1) in 0 to 1000; the inverse of `to_voxels`."""
        x0, x1 = (RELATIVE * (1 - (i - self.start[0]) / self.count[0]) for i in (i1, i0))
        y0, y1 = (RELATIVE * (1 - (j - self.start[1]) / self.count[1]) for j in (j1, j0))
        return x0, y0, x1, y1


def slice_pixels(values: Array, mask: Array, frame: Frame, window: Window, side: int) -> Array:
    """The picture of a slice.

    Args:
        values: (I, J), intensities.
        mask: (I, J), brain; the rest is black.
        frame: part that is shown.
        window: intensities of black and white.
        side: edge of the picture in pixels.

    Returns:
        uint8 (side, side), row 0 anterior, column 0 the patient's right.
    """
    grey = np.clip((values - window.black) / (window.white - window.black), 0, 1) * 255
    shown = np.zeros(frame.count, dtype=np.uint8)
    inner, outer = [], []
    for start, count, size in zip(frame.start, frame.count, values.shape, strict=True):
        low, high = max(start, 0), min(start + count, size)
        inner.append(slice(low - start, high - start))
        outer.append(slice(low, high))
    shown[tuple(inner)] = np.round(np.where(mask > 0, grey, 0))[tuple(outer)]
    upright = Image.fromarray(np.ascontiguousarray(shown[::-1, ::-1].T))
    return np.asarray(upright.resize((side, side), Image.Resampling.BICUBIC))


def png(pixels: Array) -> bytes:
    """The picture as RGB PNG: pixels alone, no metadata."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(buffer, format="PNG")
    return buffer.getvalue()


def picture_hash(pixels: Array) -> str:
    """Sha256 of the pixels and their shape."""
    return hashlib.sha256(repr(pixels.shape).encode() + np.ascontiguousarray(pixels).tobytes()).hexdigest()


def _range(low: float, high: float, size: int) -> tuple[int, int] | None:
    """Edges rounded to voxels, at least one voxel, within the slice."""
    start, stop = round(low), round(high)
    if stop <= start:
        start = int(np.floor((low + high) / 2))
        stop = start + 1
    start, stop = max(start, 0), min(stop, size)
    return (start, stop) if start < stop else None
