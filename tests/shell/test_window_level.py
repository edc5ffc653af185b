"""Window and level: arithmetic, no screen."""

from __future__ import annotations

import pytest

from vb_desktop.shell.window_level import DRAG_PX, Window, dragged, presets

AUTO = Window.of(100, 900)
DATA = Window.of(0, 2100)


def test_limits_and_window_are_the_same_thing() -> None:
    assert Window.of(-0.5, 2.5) == Window(3.0, 1.0)
    assert Window(3.0, 1.0).limits == (-0.5, 2.5)


def test_a_drag_to_the_right_widens_and_down_darkens() -> None:
    assert dragged(AUTO, 0, 0, AUTO, DATA) == AUTO
    wider = dragged(AUTO, 70, 0, AUTO, DATA)
    assert (wider.width, wider.level) == pytest.approx((800 + 210, 500))
    darker = dragged(AUTO, 0, 70, AUTO, DATA)
    assert (darker.width, darker.level) == pytest.approx((800, 500 + 210))
    back = dragged(darker, 0, -70, AUTO, DATA)
    assert (back.width, back.level) == pytest.approx((AUTO.width, AUTO.level))


def test_a_drag_follows_the_range_of_the_data() -> None:
    in_z = dragged(Window(4, 0), DRAG_PX / 10, 0, Window(4, 0), Window(10, 0))
    assert in_z.width == pytest.approx(5)


def test_spikes_in_the_data_do_not_make_it_jumpy() -> None:
    spiked = dragged(AUTO, DRAG_PX / 10, 0, AUTO, Window.of(0, 2_000_000))
    assert spiked.width == pytest.approx(800 + 0.1 * 4 * 800)


def test_a_drag_stays_where_there_are_values() -> None:
    narrow = dragged(AUTO, -1e6, -1e6, AUTO, DATA)
    assert 0 < narrow.width <= 0.001 * AUTO.width * (1 + 1e-9)
    assert narrow.level == 0
    wide = dragged(AUTO, 1e6, 1e6, AUTO, DATA)
    assert (wide.width, wide.level) == (4200, 2100)


def test_presets() -> None:
    offered = presets(AUTO, DATA)
    assert list(offered) == ["Auto", "Full range", "Narrow", "Wide"]
    assert offered["Auto"] == AUTO
    assert offered["Full range"].limits == DATA.limits
    assert offered["Narrow"].limits == (300, 700)
    assert offered["Wide"].limits == (100, 1700)  # what is black stays black


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window(1200, 600), "W 1200  L 600"),
        (Window(99.96, -0.001), "W 100.0  L 0.0"),
        (Window(0.01234, 0.5), "W 0.0123  L 0.5000"),
        (Window(1_234_567, 3), "W 1234567  L 3"),
    ],
)
def test_words(window: Window, words: str) -> None:
    assert window.words() == words


def test_words_say_the_unit() -> None:
    assert Window(6.5, 0.25).words("z-score") == "W 6.50  L 0.25  z-score"
