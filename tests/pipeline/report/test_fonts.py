from __future__ import annotations

import unicodedata

import pytest

from vb_desktop.pipeline.report.bidirectional import visual
from vb_desktop.pipeline.report.fonts import CJK, HANGUL, SYMBOLS, TEXT, register, runs, unprintable
from vb_desktop.pipeline.report.markup import breakable, lines_of, markup, shortened, width_of


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


def test_lam_and_alef_are_one_letter() -> None:
    assert visual("لا") == "\ufefb" and visual("سلام") == "\ufee1\ufefc\ufeb3"


@pytest.mark.parametrize(
    ("text", "shown"),
    [  # in the order from left to right
        ("שלום Ali", "Ali םולש"),
        ("Ali שלום", "Ali םולש"),
        ("Levi^Moshe=לוי^משה", "Levi^Moshe=השמ^יול"),
        ("בית (תל אביב) 12", "12 (ביבא לת) תיב"),
        ("כאב ראש 3 חודשים", "םישדוח 3 שאר באכ"),
        ("Room 12, בית 4-7.", "Room 12, 4-7 תיב."),
        ("שָׁלוֹם", "םוֹלשָׁ"),
    ],
)
def test_words_of_both_directions_stand_as_unicode_orders_them(text: str, shown: str) -> None:
    assert visual(text) == unicodedata.normalize("NFC", shown) or visual(text) == shown


def test_right_to_left_words_are_cut_into_lines_as_they_are_read() -> None:
    register()
    line = "בית חולים כללי תל אביב"
    first, second = lines_of(line, width_of(line, 8) * 0.7, 8)
    assert line == f"{first} {second}" and first.startswith("בית")


def test_a_long_word_is_cut_behind_a_sign_that_joins() -> None:
    register()
    assert breakable("t1_mprage_sag_iso_ce", width_of("t1_mprage_sag_i", 8), 8) == "t1_mprage_sag_ iso_ce"
    assert breakable("short", 100, 8) == "short"


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
