"""The canvas on a real screen: left is left, slices, positions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from phantom_case import CENTRE, NATIVE_AFFINE, SHAPE, make_case, oblique_affine
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from napari_plugin.layers import case_layers
from vb_desktop.pipeline.case_folder import read_case
from vb_desktop.shell.canvas_view import PLANES, CanvasView
from vb_desktop.shell.orientation_letters import edge_letters


@pytest.fixture
def canvas(made: CanvasView) -> CanvasView:
    made.resize(700, 600)
    made.choose_plane("Axial")
    made.show_nothing()
    return made


def show(qtbot: QtBot, canvas: CanvasView, folder: Path, space: str = "native", only_scan: bool = False) -> None:
    case = read_case(folder)
    layers = case_layers(case, space)
    volume = case.volume("scan" if space == "native" else "processed", space)
    assert volume is not None
    canvas.show_layers(layers[:1] if only_scan else layers, volume, space)
    qtbot.wait(120)


def pixels(canvas: CanvasView) -> np.ndarray:
    """What the screen shows of the canvas: brightness (height, width)."""
    screen = QApplication.primaryScreen()
    corner = canvas.canvas.mapToGlobal(QPoint(0, 0))
    grabbed = screen.grabWindow(0, corner.x(), corner.y(), canvas.canvas.width(), canvas.canvas.height())
    image = grabbed.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(float)


def brightest(canvas: CanvasView) -> tuple[float, float]:
    """Where the tumour is on the screen: fractions of the height and of the width."""
    shown = pixels(canvas)
    inner = shown[40:-40, 60:-60]  # without the letters
    y, x = (float(index.mean()) for index in np.nonzero(inner > 0.9 * inner.max()))
    return (y + 40) / shown.shape[0], (x + 60) / shown.shape[1]


def test_the_patients_right_is_at_the_left_of_the_screen(qtbot: QtBot, canvas: CanvasView, case_folder: Path) -> None:
    """The phantom's tumour lies right and anterior."""
    assert CENTRE[0] > SHAPE[0] / 2
    assert CENTRE[1] > SHAPE[1] / 2
    for space in ("native", "mni"):
        show(qtbot, canvas, case_folder, space, only_scan=True)
        y, x = brightest(canvas)
        assert x < 0.48
        assert y < 0.48
        letters = {edge: label.text() for edge, label in canvas.letters.labels.items()}
        assert letters == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
        assert all(label.isVisible() for label in canvas.letters.labels.values())


def test_an_oblique_scan_keeps_its_sides(qtbot: QtBot, canvas: CanvasView, tmp_path: Path) -> None:
    show(qtbot, canvas, make_case(tmp_path / "case", affine=oblique_affine(14)), only_scan=True)
    y, x = brightest(canvas)
    assert x < 0.48
    assert y < 0.48


@pytest.mark.parametrize(("plane", "upper"), [("Coronal", "S"), ("Sagittal", "S")])
def test_letters_follow_the_plane(qtbot: QtBot, canvas: CanvasView, case_folder: Path, plane: str, upper: str) -> None:
    show(qtbot, canvas, case_folder, only_scan=True)
    canvas.choose_plane(plane)
    canvas.turn({"Coronal": CENTRE[1], "Sagittal": CENTRE[0]}[plane] - canvas.step)
    qtbot.wait(300)
    letters = {edge: label.text() for edge, label in canvas.letters.labels.items()}
    assert letters["top"] == upper
    assert letters["left"] == {"Coronal": "R", "Sagittal": "A"}[plane]
    y, x = brightest(canvas)
    assert x < 0.48  # right in the coronal plane, anterior in the sagittal one
    assert y < 0.48  # above the middle: CENTRE[2] > SHAPE[2] / 2


def test_letters_of_every_orientation_are_opposite() -> None:
    for order in PLANES.values():
        for vertical in ("up", "down"):
            for horizontal in ("left", "right"):
                letters = edge_letters(order[1:], (vertical, horizontal))
                for one, other in (("top", "bottom"), ("left", "right")):
                    assert {letters[one], letters[other]} in ({"R", "L"}, {"A", "P"}, {"S", "I"})
    assert edge_letters((1, 2), ("up", "right")) == {"top": "A", "bottom": "P", "left": "L", "right": "R"}


def test_the_mouse_goes_through_the_letters(canvas: CanvasView) -> None:
    for label in canvas.letters.labels.values():
        assert label.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_wheel_keys_and_slider_turn_slices(qtbot: QtBot, canvas: CanvasView, case_folder: Path) -> None:
    show(qtbot, canvas, case_folder)
    with qtbot.waitActive(canvas):
        canvas.activateWindow()
    k = canvas.step
    assert k == CENTRE[2]
    send_wheel(canvas, 120)
    assert canvas.step == k + 1
    send_wheel(canvas, -120)
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: canvas.step == k - 1)
    canvas.ribbon.setValue(3)
    qtbot.waitUntil(lambda: canvas.step == 3)
    assert canvas.position.text() == "slice 4 of 32   18.0 mm I"
    canvas.turn(-100)
    assert canvas.step == 0
    canvas.turn(1000)
    assert canvas.step == SHAPE[2] - 1


def test_every_slice_of_an_oblique_scan_can_be_reached(qtbot: QtBot, canvas: CanvasView, tmp_path: Path) -> None:
    """Its spacing is crooked, and napari's own count of slices is one short."""
    show(qtbot, canvas, make_case(tmp_path / "case", affine=oblique_affine(14)))
    reached = []
    for k in range(SHAPE[2]):
        canvas.go_to(k)
        reached.append(canvas.step)
    assert reached == list(range(SHAPE[2]))
    assert canvas.ribbon.maximum() == SHAPE[2] - 1


def test_ctrl_wheel_zooms(qtbot: QtBot, canvas: CanvasView, case_folder: Path) -> None:
    show(qtbot, canvas, case_folder)
    k, zoom = canvas.step, canvas.model.scene.camera.zoom
    send_wheel(canvas, 120, Qt.KeyboardModifier.ControlModifier)
    assert canvas.model.scene.camera.zoom > zoom
    assert canvas.step == k


def test_a_fitted_image_stays_fitted_until_it_is_zoomed(qtbot: QtBot, canvas: CanvasView, case_folder: Path) -> None:
    show(qtbot, canvas, case_folder, only_scan=True)
    zoom = canvas.model.scene.camera.zoom
    canvas.resize(500, 350)
    qtbot.waitUntil(lambda: canvas.model.scene.camera.zoom < 0.8 * zoom)
    send_wheel(canvas, 120, Qt.KeyboardModifier.ControlModifier)
    zoom = canvas.model.scene.camera.zoom
    canvas.resize(700, 600)
    qtbot.wait(200)
    assert canvas.model.scene.camera.zoom == zoom


def test_position_is_said_with_the_patients_sides(qtbot: QtBot, canvas: CanvasView, tmp_path: Path) -> None:
    """In true millimetres, for an oblique scan too."""
    affine = oblique_affine(14)
    show(qtbot, canvas, make_case(tmp_path / "case", affine=affine))
    x, y, z, _ = affine @ [*CENTRE, 1]
    words = canvas._words_at(canvas.model.layers["Scan"].data_to_world(CENTRE[::-1]))
    assert f"R {x:.1f}" in words
    assert f"{'A' if y > 0 else 'P'} {abs(y):.1f}" in words
    assert f"{'S' if z > 0 else 'I'} {abs(z):.1f}" in words
    assert "voxel 25, 26, 18" in words
    assert "value 800" in words
    assert canvas._words_at((1e6, 0, 0)) == ""


def test_mouse_moves_tell_the_position(qtbot: QtBot, canvas: CanvasView, case_folder: Path) -> None:
    show(qtbot, canvas, case_folder, "mni")
    with qtbot.waitSignal(canvas.pointed_at, timeout=3000) as caught:
        qtbot.mouseMove(canvas.canvas, QPoint(200, 200))
        qtbot.mouseMove(canvas.canvas, canvas.canvas.rect().center())
    assert caught.args[0] == "" or caught.args[0].startswith("MNI")


def test_native_affine_is_right_handed() -> None:
    assert np.linalg.det(NATIVE_AFFINE[:3, :3]) > 0


def send_wheel(canvas: CanvasView, delta: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    centre = QPointF(canvas.canvas.rect().center())
    event = QWheelEvent(
        centre,
        QPointF(canvas.canvas.mapToGlobal(centre.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.canvas, event)
