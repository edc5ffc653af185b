"""Window / level with the mouse, on the real canvas."""

from __future__ import annotations

from pathlib import Path

import pytest
from phantom_case import make_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from napari_plugin.layers import case_layers
from vb_desktop.pipeline.case_folder import read_case
from vb_desktop.shell.canvas_view import CanvasView

RIGHT, LEFT = Qt.MouseButton.RightButton, Qt.MouseButton.LeftButton


@pytest.fixture
def canvas(made: CanvasView, case_folder: Path) -> CanvasView:
    made.show_nothing()
    show(made, case_folder)
    QTest.qWait(60)
    return made


def show(canvas: CanvasView, folder: Path, space: str = "native", auto: tuple[float, float] | None = None) -> None:
    case = read_case(folder)
    volume = case.volume("scan" if space == "native" else "processed", space)
    assert volume is not None
    canvas.show_layers(case_layers(case, space)[:1], volume, space, auto)


def limits(canvas: CanvasView) -> tuple[float, ...]:
    return tuple(float(limit) for limit in canvas.model.layers["Scan"].contrast_limits)


def drag(canvas: CanvasView, by: QPoint, button: Qt.MouseButton = RIGHT) -> None:
    begin = canvas.canvas.rect().center()
    QTest.mouseMove(canvas.canvas, begin)
    QTest.qWait(10)
    QTest.mousePress(canvas.canvas, button, Qt.KeyboardModifier.NoModifier, begin)
    for part in (1, 2, 3, 4):
        QTest.mouseMove(canvas.canvas, begin + by * part / 4)
        QTest.qWait(10)
    QTest.mouseRelease(canvas.canvas, button, Qt.KeyboardModifier.NoModifier, begin + by)
    QTest.qWait(60)


def camera(canvas: CanvasView) -> tuple[float, tuple[float, ...]]:
    seen = canvas.model.scene.camera
    return float(seen.zoom), tuple(float(x) for x in seen.center)


def test_a_right_drag_sets_the_window_and_leaves_the_camera(qtbot: QtBot, canvas: CanvasView) -> None:
    low, high = limits(canvas)
    seen, k = camera(canvas), canvas.step
    with qtbot.waitSignal(canvas.window_level.changed) as told:
        drag(canvas, QPoint(100, 0))
    assert limits(canvas)[1] - limits(canvas)[0] > 1.05 * (high - low)
    assert sum(limits(canvas)) == pytest.approx(low + high)  # the level stays
    assert told.args[0].startswith("W ")
    wide = limits(canvas)
    drag(canvas, QPoint(0, 80))
    assert limits(canvas)[0] > wide[0]
    assert limits(canvas)[1] - limits(canvas)[0] == pytest.approx(wide[1] - wide[0])
    assert camera(canvas) == seen
    assert canvas.step == k
    assert canvas.main._is_fitted


def test_the_left_button_still_moves_the_image(canvas: CanvasView) -> None:
    before, seen = limits(canvas), camera(canvas)
    drag(canvas, QPoint(60, 30), LEFT)
    assert limits(canvas) == before
    assert camera(canvas)[1] != seen[1]


def test_ways_back_to_the_automatic_window(qtbot: QtBot, canvas: CanvasView) -> None:
    automatic, seen = limits(canvas), camera(canvas)
    drag(canvas, QPoint(-60, 40))
    assert limits(canvas) != automatic
    QTest.mouseDClick(canvas.canvas, RIGHT)
    assert limits(canvas) == pytest.approx(automatic)
    drag(canvas, QPoint(-60, 40))
    with qtbot.waitActive(canvas):
        canvas.activateWindow()
    qtbot.keyClick(canvas, Qt.Key.Key_F6)
    assert limits(canvas) == pytest.approx(automatic)
    drag(canvas, QPoint(-60, 40))
    canvas.window_level.menu.actions()[0].trigger()
    assert limits(canvas) == pytest.approx(automatic)
    assert camera(canvas) == seen


def test_presets_of_the_menu(canvas: CanvasView) -> None:
    by_name = {action.text().split("\t")[0]: action for action in canvas.window_level.menu.actions()}
    low, high = limits(canvas)
    by_name["Full range"].trigger()
    assert limits(canvas) == (0, 800)  # the phantom's air and tumour
    by_name["Narrow"].trigger()
    assert limits(canvas) == pytest.approx((low + (high - low) / 4, high - (high - low) / 4))
    by_name["Wide"].trigger()
    assert limits(canvas) == pytest.approx((low, low + 2 * (high - low)))


def test_each_space_keeps_its_window_and_another_case_does_not(canvas: CanvasView, case_folder: Path) -> None:
    native = limits(canvas)
    drag(canvas, QPoint(80, 0))
    told: list[str] = []
    canvas.window_level.changed.connect(told.append)
    mine = limits(canvas)
    show(canvas, case_folder, "mni")
    mni = limits(canvas)
    assert told[-1].endswith("z-score")
    canvas.window_level.choose("Narrow")
    show(canvas, case_folder)
    assert limits(canvas) == pytest.approx(mine)
    assert "z-score" not in told[-1]
    show(canvas, case_folder, "mni")
    assert limits(canvas)[1] - limits(canvas)[0] == pytest.approx((mni[1] - mni[0]) / 2)
    canvas.show_nothing()
    assert told[-1] == ""
    assert not canvas.window_level.button.isEnabled()
    show(canvas, case_folder)
    assert limits(canvas) == pytest.approx(native)


def test_the_automatic_window_can_be_given(canvas: CanvasView, tmp_path: Path) -> None:
    canvas.show_nothing()
    show(canvas, make_case(tmp_path / "case"), auto=(10, 500))
    assert limits(canvas) == (10, 500)
    canvas.window_level.choose("Wide")
    canvas.window_level.choose("Auto")
    assert limits(canvas) == (10, 500)


def test_without_an_image_the_right_button_does_nothing(canvas: CanvasView) -> None:
    canvas.show_nothing()
    seen = camera(canvas)
    drag(canvas, QPoint(50, 50))
    QTest.mouseDClick(canvas.canvas, RIGHT)
    assert camera(canvas) == seen
