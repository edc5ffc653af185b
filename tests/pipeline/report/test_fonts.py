from __future__ import annotations

import pytest

from vb_desktop.pipeline.report.fonts import CJK, HANGUL, SYMBOLS, TEXT, register, runs, unprintable
from vb_desktop.pipeline.report.markup import markup, shortened, width_of


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("Müller^Jörg", TEXT),
        ("Nguyễn", TEXT),
        ("Иванов", TEXT),
        ("Παπάς", TEXT),
        ("张三丰", CJK),
        ("さくら", CJK),
        ("김철수", HANGUL),
    ],
)
def test_a_name_is_set_in_a_font_that_has_its_characters(text: str, font: str) -> None:
    assert runs(text) == [(font, text)]
    assert not unprintable(text)


@pytest.mark.parametrize("text", ["สมชาย", "रवि"])
def test_a_script_without_a_font_stands_as_its_numbers(text: str) -> None:
    shown = "".join(piece for _, piece in runs(text))
    assert f"[U+{ord(text[0]):04X}]" in shown
    assert unprintable(text)


def test_hebrew_is_read_from_right_to_left() -> None:
    assert runs("שלום")[0] == (SYMBOLS, "םולש")


def test_arabic_letters_are_joined() -> None:
    assert runs("محمد")[0] == (SYMBOLS, "\ufeaa\ufee4\ufea4\ufee3")  # dal final, meem medial, hah medial, meem initial


def test_latin_inside_right_to_left_text_keeps_its_order() -> None:
    assert "".join(piece for _, piece in runs("שלום Ali")) == "םולש Ali"


def test_control_characters_do_not_reach_the_page() -> None:
    assert runs("a\x00b\x1bc\nd") == [(TEXT, "a b c d")]


def test_markup_is_escaped() -> None:
    assert markup('<font color="red">A & B</font>') == '&lt;font color="red"&gt;A &amp; B&lt;/font&gt;'


def test_a_line_is_shortened_to_its_room() -> None:
    register()
    short = shortened("9" * 300, 80, 8)
    assert short.endswith("…")
    assert width_of(short, 8) <= 80
    assert shortened("short", 80, 8) == "short"
