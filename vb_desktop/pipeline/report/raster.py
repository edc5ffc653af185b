"""A picture of the report as pixels alone: contours, letters, scale bar and words are drawn in."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.report.figures import Picture
from vb_desktop.pipeline.report.fonts import file_of, runs
from vb_desktop.pipeline.report.style import DASHES, LAYERS, WIDTHS

SIDE = 900
"""Longer side of the picture itself, pixels."""
_PER_POINT = 4.0
"""Pixels for a point of the printed line widths and dashes."""
_TEXT = 24
_STRIP = 34
"""Height of a line of words above or below, pixels."""


def raster(picture: Picture, above: str, below: tuple[str, ...], stamp: str) -> Array:
    """Draw a picture.

    Args:
        picture: pixels and what lies on them.
        above: title.
        below: lines under it: position and window, warnings.
        stamp: the patient's ID, written into the picture.

    Returns:
        (rows, columns, 3) uint8 RGB.
    """
    scale = SIDE / max(picture.pixels.shape[:2])
    height, width = (round(n * scale) for n in picture.pixels.shape[:2])
    full = max(width, *(round(_width(text, _TEXT)) + 16 for text in (above, *below)))
    image = Image.new("RGB", (full, height + _STRIP * (1 + len(below))), "black")
    slice_ = Image.fromarray(picture.pixels).resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(slice_, "RGBA")
    for stroke in picture.strokes:
        points = [(float(x) * width, float(y) * height) for x, y in stroke.points]
        thick = WIDTHS[stroke.style] * _PER_POINT * 0.7
        draw.line(points, fill=(0, 0, 0, 140), width=round(thick + 2), joint="curve")
        for part in _dashes(points, DASHES.get(stroke.style)):
            draw.line(part, fill=LAYERS[stroke.style], width=max(1, round(thick)), joint="curve")
    for letter, (px, py) in picture.letters.items():
        x, y = 22 + px * (width - 44), 22 + py * (height - 44)
        draw.ellipse((x - 17, y - 17, x + 17, y + 17), fill=(0, 0, 0, 140))
        _write(draw, (x - _width(letter, _TEXT) / 2, y), letter, _TEXT)
    _scale_bar(draw, picture, width, height)
    draw.rectangle((6, 6, 18 + _width(stamp, _TEXT), 38), fill=(0, 0, 0, 140))
    _write(draw, (12, 22), stamp, _TEXT)
    image.paste(slice_, ((full - width) // 2, _STRIP))
    words = ImageDraw.Draw(image)
    for row, text in enumerate((above, *below)):
        _write(words, (8, _STRIP / 2 if row == 0 else height + _STRIP * (row + 0.5)), text, _TEXT)
    return np.asarray(image)


def _scale_bar(draw: Any, picture: Picture, width: int, height: int) -> None:
    length = picture.bar_mm * width / picture.width_mm
    right, base = width - 22, height - 20
    draw.line((right - length, base, right, base), fill="black", width=9)
    draw.line((right - length, base, right, base), fill="white", width=4)
    text = f"{picture.bar_mm:.0f} mm"
    wide = _width(text, _TEXT)
    draw.rectangle((right - wide - 6, base - 40, right + 2, base - 9), fill=(0, 0, 0, 140))
    _write(draw, (right - wide - 2, base - 25), text, _TEXT)


def _dashes(points: list[tuple[float, float]], pattern: tuple[float, ...] | None) -> list[list[tuple[float, float]]]:
    """The line cut into its dashes; whole without a pattern."""
    if pattern is None or len(points) < 2:
        return [points]
    line = np.array(points)
    at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    parts, start, index = [], 0.0, 0
    while start < at[-1]:
        end = start + pattern[index % len(pattern)] * _PER_POINT
        if index % 2 == 0:
            along = np.concatenate([[start], at[(at > start) & (at < end)], [min(end, at[-1])]])
            parts.append([(float(np.interp(t, at, line[:, 0])), float(np.interp(t, at, line[:, 1]))) for t in along])
        start, index = end, index + 1
    return parts


def _write(draw: Any, place: tuple[float, float], text: str, size: int) -> None:
    """White words whose left end and middle are given; every script that the report prints."""
    x, y = place
    for font, piece in runs(text):
        face = _face(font, size)
        draw.text((x, y), piece, fill="white", font=face, anchor="lm")
        x += face.getlength(piece)


def _width(text: str, size: int) -> float:
    return float(sum(_face(font, size).getlength(piece) for font, piece in runs(text)))


@cache
def _face(font: str, size: int) -> Any:
    return ImageFont.truetype(str(asset(f"fonts/{file_of(font)}")), size, layout_engine=ImageFont.Layout.BASIC)
