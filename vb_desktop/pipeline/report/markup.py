"""Text from outside on paper: escaped for reportlab's Paragraph, cut into fonts, shortened to the room of a line."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from vb_desktop.pipeline.report.fonts import BOLD, TEXT, runs


class Marked(str):
    """The inside of a Paragraph, with the text that it was made of.

    Attributes:
        text: as it is read.
        font: that is tried first.
    """

    text: str
    font: str


def markup(text: str, font: str = TEXT) -> Marked:
    """Any text as the inside of a Paragraph: its markup is printed, not obeyed."""
    pieces = []
    for chosen, piece in runs(text, font):
        safe = escape(piece)
        pieces.append(safe if chosen == font else f'<font name="{chosen}">{safe}</font>')
    marked = Marked("".join(pieces))
    marked.text, marked.font = text, font
    return marked


def lines_of(text: str, width: float, size: float, font: str = TEXT) -> list[str]:
    """The text cut into lines of at most `width` points, as it is read; a longer word keeps a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def breakable(text: str, width: float, size: float, font: str = TEXT) -> str:
    """A single word that is wider than its room, cut behind a sign that joins parts, such as `_`, where it has one."""
    if " " in text or width_of(text, size, font) <= width:
        return text
    parts = [part for part in re.split(r"(?<=[_\-./^=])", text) if part]
    lines = [""]
    for part in parts:
        if lines[-1] and width_of(lines[-1] + part, size, font) > width:
            lines.append(part)
        else:
            lines[-1] += part
    return " ".join(lines)


def width_of(text: str, size: float, font: str = TEXT) -> float:
    """Width of one line in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(sum(stringWidth(piece, chosen, size) for chosen, piece in runs(text, font)))


def shortened(text: str, width: float, size: float, font: str = TEXT) -> str:
    """The text, cut with an ellipsis where it is wider than `width` points."""
    if width_of(text, size, font) <= width:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(text[:middle] + "…", size, font) <= width else (low, middle - 1)
    return text[:low].rstrip() + "…"


def draw_line(
    canvas: Any, x: float, y: float, text: str, size: float, *, bold: bool = False, align: str = "left"
) -> None:
    """Write one line on a canvas; x is its left end, its right end or its middle."""
    font = BOLD if bold else TEXT
    width = width_of(text, size, font)
    x -= {"left": 0.0, "right": width, "middle": width / 2}[align]
    for chosen, piece in runs(text, font):
        canvas.setFont(chosen, size)
        canvas.drawString(x, y, piece)
        x += canvas.stringWidth(piece, chosen, size)
