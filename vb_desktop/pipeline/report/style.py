"""Colours, sizes and paragraph styles of the printed report: light paper, dark text, quiet lines."""

from __future__ import annotations

from functools import cache
from typing import Any

from vb_desktop.pipeline.report.content import Tone
from vb_desktop.pipeline.report.fonts import BOLD, TEXT

INK = "#1A2026"
QUIET = "#55606A"
RULE = "#C5CCD2"
BAND = "#F1F4F6"
BAR = "#A9BBCB"
LEADING_BAR = "#3F6F9B"
TONES: dict[str, str] = {"green": "#2B6E47", "amber": "#8F5600", "red": "#A3261E"}
LAYERS: dict[str, str] = {
    "box": "#FFC24B",
    "reader_box": "#3FD9B8",
    "coarse_prior": "#A678FF",
    "refined_prior": "#FF8FA3",
    "grad_cam": "#FCFFA4",
    "cross": "#FFFFFF",
}
DASHES: dict[str, tuple[float, ...]] = {"box": (3.2, 1.6), "coarse_prior": (0.9, 1.1), "grad_cam": (3.0, 1.2, 0.8, 1.2)}
WIDTHS: dict[str, float] = {
    "box": 0.9,
    "reader_box": 0.9,
    "coarse_prior": 0.9,
    "refined_prior": 1.15,
    "grad_cam": 0.7,
    "cross": 0.7,
}

MARGIN = 45.0
"""Left and right margin, points."""
BODY = 8.6
SMALL = 7.2
TINY = 6.4


@cache
def paragraph(tone: Tone, size: float = BODY, cjk: bool = False) -> Any:
    """The paragraph style of a tone; `cjk` breaks lines between any two Chinese characters."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"{tone}-{size}-{cjk}",
        fontName=BOLD if tone in ("strong", "green", "amber", "red") else TEXT,
        fontSize=size,
        leading=size * (1.2 if tone == "fine" else 1.38),
        textColor=HexColor(TONES.get(tone, QUIET if tone in ("quiet", "note", "fine") else INK)),
        splitLongWords=1,
        wordWrap="CJK" if cjk else None,
    )


@cache
def heading(cjk: bool = False) -> Any:
    """The style of a section's heading."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        "heading", fontName=BOLD, fontSize=10.2, leading=13, textColor=HexColor(INK), keepWithNext=1,
        wordWrap="CJK" if cjk else None,
    )  # fmt: skip
