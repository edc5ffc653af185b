"""Linked planes and the view in space: left is left in each, the crosshair goes through all, nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from mouse import click, drag
from one_window import shared_canvas
from phantom_case import CENTRE, MNI_AFFINE, NATIVE_AFFINE, SHAPE
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from test_canvas_view import send_wheel

from napari_plugin.layers import case_layers
from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.case_folder import read_case
from vb_desktop.shell.canvas_view import FOUR, CanvasView
from vb_desktop.shell.plane_view import PLANES
from vb_desktop.shell.shown_boxes import of_records
from vb_desktop.shell.shown_layers import LayerId
from vb_desktop.shell.view_grid import Mode


@pytest.fixture(scope="module")
def made(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CanvasView]:
    with shared_canvas(tmp_path_factory.mktemp("napari"), 900, 700) as canvas:
        yield canvas


@pytest.fixture
def canvas(made: CanvasView, case_folder: Path) -> CanvasView:
    made.choose_plane(FOUR)
    made.set_mode(Mode.FOUR)
    made.grid.focus("Axial")
    if made._words is None or made._words.space != "native":  # loading four views takes seconds
        made.show_nothing()
        show(made, case_folder)
    made.set_point(world(NATIVE_AFFINE, CENTRE))
    QTest.qWait(50)
    return made


def show(canvas: CanvasView, folder: Path, space: str = "native") -> None:
    case = read_case(folder)
    volume = case.volume("scan" if space == "native" else "processed", space)
    assert volume is not None
    canvas.show_layers(case_layers(case, space), volume, space)
    canvas.show_boxes(of_records(case.record.boxes_in_force, volume, space))


def world(affine: np.ndarray, index: tuple[float, ...]) -> np.ndarray:
    """World position (z, y, x) of a voxel (i, j, k)."""
    return np.asarray((affine @ [*index, 1])[:3][::-1])


def test_each_plane_shows_its_own_slice_through_the_tumour(canvas: CanvasView, case_folder: Path) -> None:
    """After another image too: napari forgets the order of the axes with the last layer."""
    for space, affine in (("native", NATIVE_AFFINE), ("mni", MNI_AFFINE)):
        show(canvas, case_folder, space)
        assert canvas.point == pytest.approx(world(affine, CENTRE))
        for name, view in canvas.grid.planes.items():
            assert view.isVisible()
            assert tuple(view.model.dims.order) == PLANES[name]
            assert view.scan is not None
            assert tuple(view.scan.translate) == pytest.approx(tuple(affine[:3, 3][::-1]))
            shown = view.scan._slice.image.raw
            assert shown.shape == tuple(SHAPE[2 - axis] for axis in view.model.dims.displayed)
            assert np.nanmax(shown) > 4  # the tumour


def test_the_map_to_the_screen_is_naparis(canvas: CanvasView) -> None:
    for convention in (False, True):
        canvas.grid.set_radiological(convention)
        for view in canvas.grid.planes.values():
            place = view.place()
            assert place is not None
            vertical, horizontal = view.model.dims.displayed
            for pixel in ((40, 30), (200, 150)):
                napari = view.viewer.canvas._map_canvas2world(pixel, view.viewer.canvas.view)
                ours = place.to_world(QPointF(*pixel))
                assert ours == pytest.approx((napari[vertical], napari[horizontal]), abs=0.01)
                assert place.to_screen(*ours) == QPointF(*pixel)


def test_the_crosshair_goes_through_all_planes(canvas: CanvasView) -> None:
    axial, coronal = canvas.grid.planes["Axial"], canvas.grid.planes["Coronal"]
    place = axial.place()
    assert place is not None
    wanted = world(NATIVE_AFFINE, (10, 20, CENTRE[2]))
    click(axial.canvas, place.to_screen(wanted[1], wanted[2]))
    assert canvas.index_of(canvas.point) == (CENTRE[2], 20, 10)
    assert coronal.model.dims.point[1] == pytest.approx(wanted[1])
    assert canvas.grid.planes["Sagittal"].model.dims.point[2] == pytest.approx(wanted[2])
    assert coronal.overlay.content.crosshair == pytest.approx((wanted[0], wanted[2]))
    place = coronal.place()
    assert place is not None
    drag(coronal.canvas, place.to_screen(0, 0), place.to_screen(wanted[0] + 8, wanted[2]))
    assert canvas.index_of(canvas.point) == (CENTRE[2] + 2, 20, 10)
    assert canvas.grid.focused == "Coronal"
    assert coronal.overlay.content.is_focused
    assert not axial.overlay.content.is_focused


def test_the_wheel_turns_the_plane_under_it_and_the_ribbon_follows(canvas: CanvasView) -> None:
    before = canvas.index_of(canvas.point)
    canvas.grid.focus("Sagittal")
    send_wheel(canvas, 120)
    assert canvas.index_of(canvas.point) == (before[0], before[1], before[2] + 1)
    assert canvas.ribbon.maximum() == SHAPE[0] - 1
    assert canvas.ribbon.value() == before[2] + 1
    canvas.grid.focus("Axial")
    assert canvas.ribbon.maximum() == SHAPE[2] - 1


def test_sides_can_be_turned_and_the_letters_follow(canvas: CanvasView) -> None:
    canvas.sides.click()
    edges = {name: view.letters.labels["left"].text() for name, view in canvas.grid.planes.items()}
    assert edges == {"Axial": "L", "Coronal": "L", "Sagittal": "A"}
    assert canvas.sides.text() == "L | R"
    canvas.sides.click()
    edges = {name: view.letters.labels["left"].text() for name, view in canvas.grid.planes.items()}
    assert edges == {"Axial": "R", "Coronal": "R", "Sagittal": "A"}


def test_in_space_the_patient_looks_at_the_reader_and_is_not_mirrored(canvas: CanvasView) -> None:
    view = canvas.grid.space_view
    assert view is not None
    view.from_front()
    QTest.qWait(50)
    right, up, head = (np.array([0, 0, 10.0]), np.array([10.0, 0, 0]), world(NATIVE_AFFINE, CENTRE))
    drawn = view.on_screen(np.stack([head, head + right, head + up]))
    assert drawn[1, 0] < drawn[0, 0] - 3  # the patient's right at the left of the screen
    assert drawn[2, 1] < drawn[0, 1] - 3  # superior is up
    assert {layer.name for layer in view.model.layers} == {"Brain", "Refined prior", "Grad-CAM"}
    surface = view.model.layers["Refined prior"]
    centre = np.asarray(surface.data_to_world(surface.data[0].mean(axis=0)))
    assert centre == pytest.approx(world(NATIVE_AFFINE, CENTRE), abs=3)


def test_an_image_that_is_taken_away_leaves_no_view_behind(canvas: CanvasView) -> None:
    canvas.set_banner("Doe^Jane")
    canvas.show_nothing()
    assert canvas.grid.space_view is not None
    assert [len(view.model.layers) for view in [*canvas.grid.planes.values(), canvas.grid.space_view]] == [0, 0, 0, 0]
    assert all(view.overlay.content.banner == "" for view in canvas.grid.planes.values())
    assert canvas.shown.there == frozenset()


def test_two_layers_side_by_side_and_blinking(canvas: CanvasView) -> None:
    left, right = frozenset({LayerId.IMAGE}), frozenset({LayerId.IMAGE, LayerId.GRAD_CAM})
    canvas.compare(left, right)
    assert canvas.grid.mode == Mode.PAIR
    assert canvas.grid.twin is not None
    assert canvas.grid.twin.isVisible()
    assert [layer.name for layer in canvas.main.model.layers if layer.visible] == ["Scan"]
    assert [layer.name for layer in canvas.grid.twin.model.layers if layer.visible] == ["Scan", "Grad-CAM (PCNSL)"]
    assert [view.overlay.content.title for view in canvas.grid.views()] == ["Scan alone", "Grad-CAM"]
    canvas.turn(1)
    assert canvas.grid.twin.model.dims.point[0] == canvas.main.model.dims.point[0]
    QTest.qWait(50)
    send_wheel(canvas, 120, Qt.KeyboardModifier.ControlModifier)
    assert canvas.grid.twin.model.scene.camera.zoom == canvas.main.model.scene.camera.zoom
    canvas.compare(frozenset(), frozenset())
    assert canvas.grid.mode == Mode.FOUR
    assert not canvas.grid.twin.isVisible()
    canvas.shown.blink(left)
    assert canvas.shown.visible == left
    canvas.shown.blink(None)
    assert LayerId.GRAD_CAM in canvas.shown.visible


def test_the_ribbon_shows_what_lies_where_and_jumps_there(qtbot: QtBot, canvas: CanvasView) -> None:
    profile = canvas.ribbon.profile
    assert sorted(profile.boxes) == list(range(CENTRE[2] - 4, CENTRE[2] + 5))
    assert profile.prior_cm2 is not None
    assert profile.prior_cm2[CENTRE[2]] == pytest.approx(np.pi * 1.5**2, rel=0.15)  # a disc of 5 voxels of 3 mm
    assert profile.prior_cm2[0] == 0
    assert profile.words(CENTRE[2]).startswith("slice 19, 1 box, prior 6.2 cm², Grad-CAM up to 1.0")
    ribbon = canvas.ribbon
    QTest.mouseClick(ribbon, Qt.MouseButton.LeftButton, pos=QPointF(ribbon.x_of(5), 20).toPoint())
    qtbot.waitUntil(lambda: canvas.step == 5)
    canvas.grid.focus("Coronal")
    assert sorted(canvas.ribbon.profile.boxes) == list(range(CENTRE[1] - 5, CENTRE[1] + 6))


def test_cine_runs_to_and_fro(qtbot: QtBot, canvas: CanvasView) -> None:
    canvas.go_to(SHAPE[2] - 2)
    seen: list[int] = []
    canvas.slice_changed.connect(lambda: seen.append(canvas.step))
    canvas.cine.button.click()
    qtbot.waitUntil(lambda: len(seen) >= 3, timeout=10_000)
    canvas.cine.button.click()
    assert seen[:3] == [SHAPE[2] - 1, SHAPE[2] - 2, SHAPE[2] - 3]


def test_what_is_drawn_over_the_image_does_not_draw_the_image_again(qtbot: QtBot, canvas: CanvasView) -> None:
    view = canvas.grid.planes["Axial"]
    QTest.qWait(100)
    draws: list[int] = []
    view.viewer.canvas._scene_canvas.events.draw.connect(lambda _: draws.append(1))
    view.show_crosshair(np.zeros(3))
    QTest.qWait(60)
    assert draws == []
    view.show_slice(canvas.point + np.array([4.0, 0, 0]))
    qtbot.waitUntil(lambda: bool(draws))


def test_values_of_the_layers_that_are_shown_are_said(canvas: CanvasView, case_folder: Path) -> None:
    from vb_desktop.shell.cursor_words import CursorWords

    case = read_case(case_folder)
    image, prior = case.volume("scan"), case.volume("refined_prior", "native")
    assert image is not None
    assert prior is not None
    words = CursorWords(
        image, "native", {"Refined prior": prior}, lambda xyz: xyz + 100, lambda mni: f"thalamus {mni[0]:.0f}"
    )
    said = words.at(world(NATIVE_AFFINE, CENTRE), frozenset({"Refined prior"}))
    assert "Refined prior 1.00" in said
    assert "MNI R 125  A 118  S 142" in said
    assert "thalamus 125" in said
    assert "Refined prior" not in words.at(world(NATIVE_AFFINE, CENTRE))
    empty = CursorWords(Volume(np.zeros((3, 3, 3), np.float32), np.eye(4)), "mni")
    assert empty.at(np.zeros(3)).endswith("outside the brain")


def test_two_diameters_are_measured_with_their_product(qtbot: QtBot, canvas: CanvasView) -> None:
    canvas.choose_plane("Axial")
    view = canvas.main
    qtbot.waitUntil(lambda: view.canvas.width() > 700)
    QTest.qWait(60)
    canvas.fit()
    canvas.ruler_button.click()
    place = view.place()
    assert place is not None
    drag(view.canvas, place.to_screen(0, 0), place.to_screen(0, 30))
    drag(view.canvas, place.to_screen(-10, 15), place.to_screen(10, 15))
    first, second = view.overlay.content.rulers
    assert (first.length, second.length) == (pytest.approx(30, abs=0.5), pytest.approx(20, abs=0.5))
    assert "mm²" in second.words
    assert "×" not in first.words
    canvas.turn(1)
    assert view.overlay.content.rulers == []
    canvas.turn(-1)
    assert len(view.overlay.content.rulers) == 2
    QTest.keyClick(view.canvas, Qt.Key.Key_Delete)
    assert view.overlay.content.rulers == [first]
    canvas.ruler_button.click()
