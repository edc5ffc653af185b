"""Fonts of the report, embedded, and which of them has which character.

Noto Sans sets the text; DejaVu Sans has the symbols, Hebrew, Arabic, Armenian and Georgian that it lacks; Droid Sans
Fallback has Chinese characters and kana; Nanum Square has Hangul. What none of them has (Thai, Devanagari, ...) is
printed as its Unicode number in brackets, never as an empty box.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from vb_desktop.assets import asset
from vb_desktop.pipeline.report.bidirectional import visual

TEXT = "VBText"
BOLD = "VBBold"
SYMBOLS = "VBSymbols"
CJK = "VBCJK"
HANGUL = "VBHangul"
_FILES = {
    TEXT: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    SYMBOLS: "DejaVuSans.ttf",
    CJK: "DroidSansFallbackFull.ttf",
    HANGUL: "NanumSquareR.ttf",
}
_FALLBACKS = (SYMBOLS, CJK, HANGUL)


@cache
def _characters(font: str) -> frozenset[int]:
    """Register a font on first use (the Chinese one takes 0.3 s) and list its characters."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    face = TTFont(font, str(asset(f"fonts/{_FILES[font]}")))
    pdfmetrics.registerFont(face)
    return frozenset(face.face.charToGlyph)


def file_of(font: str) -> str:
    """Name of a font's file."""
    return _FILES[font]


def register() -> None:
    """Make the two text fonts known to reportlab, with bold as the bold of the regular one."""
    from reportlab.pdfbase import pdfmetrics

    if _characters(TEXT) and _characters(BOLD):
        pdfmetrics.registerFontFamily(TEXT, normal=TEXT, bold=BOLD, italic=TEXT, boldItalic=BOLD)


def runs(text: str, font: str = TEXT) -> list[tuple[str, str]]:
    """Cut a text into (font, piece), in the order in which it is printed from left to right.

    Args:
        text: any text from outside; control characters become spaces, right-to-left words are set in visual order.
        font: the font that is tried first.
    """
    found: list[tuple[str, str]] = []
    for character in visual(_clean(text)):
        chosen, shown = _font_of(character, font)
        if found and found[-1][0] == chosen:
            found[-1] = (chosen, found[-1][1] + shown)
        else:
            found.append((chosen, shown))
    return found


def unprintable(text: str) -> bool:
    """Whether a character of the text can only be printed as its number."""
    return any(_font_of(character, TEXT)[1] != character for character in visual(_clean(text)))


def _font_of(character: str, font: str) -> tuple[str, str]:
    code = ord(character)
    if code in _characters(font):
        return font, character
    for other in _FALLBACKS:
        if code in _characters(other):
            return other, character
    if unicodedata.category(character) in ("Cf", "Mn"):  # joiners, direction marks, variation selectors: no ink
        return font, ""
    return font, f"[U+{code:04X}]"


def _clean(text: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") else c for c in normal)
