"""Boxes are drawn, moved, resized, deleted and filled with the mouse; the update is asked for; nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mouse import SHIFT, click, drag
from one_window import FakeRunner
from phantom_case import CENTRE, make_case
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from vb_desktop.pipeline.case import Box
from vb_desktop.pipeline.case_folder import read_case, read_record, write_record
from vb_desktop.pipeline.case_record import BoxRecord
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.progress import ignore
from vb_desktop.pipeline.stage_files import box_edit_records, read_book
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook
from vb_desktop.shell.jobs import Correction, correct, prepare_correction
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.steps_rail import Step, StepState

K = CENTRE[2]


@pytest.fixture
def window(shared: MainWindow, tmp_path: Path) -> MainWindow:
    """The window on a fresh case, its boxes being corrected on their middle slice."""
    assert isinstance(shared.runner, FakeRunner)
    shared.runner.asked.clear()
    shared.runner.is_running = False
    shared.jobs.correcting = None
    shared.open(make_case(tmp_path / "case"))
    shared.show_step(Step.BOXES)
    shared.parts.boxes_panel.edit.click()
    QTest.qWait(60)
    return shared


def boxes(window: MainWindow, k: int = K) -> dict[str, Box]:
    return {id_: box for id_, box in window.correction.editor.book.in_force.items() if box.k == k}


def at(window: MainWindow, i: float, j: float) -> QPointF:
    """Where a voxel of the processed scan is drawn."""
    assert window.canvas is not None
    place = window.canvas.main.place()
    scan = window.canvas.main.scan
    assert place is not None
    assert scan is not None
    _, y, x = scan.data_to_world((0, j, i))
    return place.to_screen(float(y), float(x))


def canvas(window: MainWindow) -> Any:
    assert window.canvas is not None
    return window.canvas.main.canvas


def edges(box: Box) -> tuple[int, int, int, int]:
    return box.i0, box.i1, box.j0, box.j1


def test_correcting_begins_in_template_space(window: MainWindow) -> None:
    assert window.space == "mni"
    assert window.correction.is_editing
    assert window.canvas is not None
    assert window.canvas.step == K
    assert isinstance(window.runner, FakeRunner)
    assert window.case is not None
    assert window.runner.prepared[-1] == (prepare_correction, window.case.folder)
    assert window.canvas.shown.visible == {"image", "boxes"}


def test_a_drag_draws_a_box_along_the_axes(window: MainWindow) -> None:
    drag(canvas(window), at(window, 8, 10), at(window, 14, 20))
    (new,) = [box for box in boxes(window).values() if box.source == "reader"]
    assert edges(new) == (8, 15, 10, 21)
    assert (new.k, new.confidence) == (K, 1.0)
    assert new.author
    assert new.time.startswith("20")
    assert window.correction.editor.selected == (next(i for i, b in boxes(window).items() if b == new),)
    assert window.parts.stale_bar.isVisible()
    assert window.parts.rail.states[Step.DIAGNOSIS] == StepState.STALE
    assert "As corrected: 10 boxes on 9 slices" in window.parts.boxes_panel.summary.text()


def test_a_box_is_moved_and_resized_and_stays_itself(window: MainWindow) -> None:
    (id_,) = boxes(window)
    click(canvas(window), at(window, *CENTRE[:2]))
    assert window.correction.editor.selected == (id_,)
    drag(canvas(window), at(window, 25, 26), at(window, 22, 28))
    (moved,) = boxes(window).values()
    assert edges(moved) == (17, 28, 23, 34)
    assert (moved.source, moved.edits) == ("reader", id_)
    # The handle at the right of the screen is the patient's left: i0.
    drag(canvas(window), at(window, 16.5, 28), at(window, 13.5, 28))
    (resized,) = boxes(window).values()
    assert edges(resized) == (14, 28, 23, 34)
    drag(canvas(window), at(window, 27.5, 33.5), at(window, 29.5, 35.5))  # the corner
    (resized,) = boxes(window).values()
    assert edges(resized) == (14, 30, 23, 36)


def test_delete_undo_and_redo_with_keys(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    click(canvas(window), at(window, *CENTRE[:2]))
    QTest.keyClick(canvas(window), Qt.Key.Key_Delete)
    assert boxes(window) == {}
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(boxes(window)) == 1
    assert not window.parts.stale_bar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert boxes(window) == {}


def test_arrows_nudge_by_a_voxel_of_the_screen(window: MainWindow) -> None:
    click(canvas(window), at(window, *CENTRE[:2]))
    QTest.keyClick(canvas(window), Qt.Key.Key_Left)  # towards the patient's right
    QTest.keyClick(canvas(window), Qt.Key.Key_Up)
    (moved,) = boxes(window).values()
    assert edges(moved) == (21, 32, 22, 33)


def test_two_boxes_are_filled_between(window: MainWindow) -> None:
    """Copied three slices on and moved: what lies in the way is replaced, in one step of undo."""
    editor = window.correction.editor
    click(canvas(window), at(window, *CENTRE[:2]))
    (first,) = editor.selected
    assert window.canvas is not None
    window.canvas.go_to(K + 6)
    window.correction.copy_here()
    (last,) = editor.selected
    editor.move(last, Box(k=K + 6, i0=14, i1=25, j0=27, j1=38, confidence=1, source="reader"))
    (last,) = editor.selected
    editor.select([first, last])
    steps = editor.steps
    window.parts.boxes_panel.fill.click()
    assert editor.steps == steps + 1
    between = [edges(box) for k in range(K + 1, K + 6) for box in boxes(window, k).values()]
    assert between == [(19, 30, 22, 33), (18, 29, 23, 34), (17, 28, 24, 35), (16, 27, 25, 36), (15, 26, 26, 37)]
    editor.undo()
    assert [box.source for box in boxes(window, K + 1).values()] == ["builtin"]


def test_shift_selects_a_second_box(window: MainWindow) -> None:
    drag(canvas(window), at(window, 8, 10), at(window, 14, 20))
    click(canvas(window), at(window, *CENTRE[:2]))
    click(canvas(window), at(window, 11, 15), SHIFT)
    assert len(window.correction.editor.selected) == 2


def test_a_box_outside_the_brain_is_refused_in_words(window: MainWindow) -> None:
    drag(canvas(window), at(window, 0, 0), at(window, 1, 1))
    assert len(boxes(window)) == 1
    assert "outside the brain" in window.parts.boxes_panel.said.text()
    assert not window.parts.stale_bar.isVisible()


def test_in_native_space_the_left_button_draws_nothing(window: MainWindow) -> None:
    window.show_space("native")
    QTest.qWait(60)
    drag(canvas(window), QPointF(200, 200), QPointF(260, 260))
    assert not window.correction.editor.is_pending
    window.show_space("mni")


def test_the_update_is_asked_for_and_the_reader_stays_where_he_was(window: MainWindow) -> None:
    runner, folder = window.runner, window.case.folder if window.case is not None else Path()
    assert isinstance(runner, FakeRunner)
    window.correction.editor.select(list(boxes(window)))
    window.correction.editor.delete()
    assert window.canvas is not None
    window.canvas.go_to(K + 1)
    window.parts.stale_bar.update_case.click()
    job, request = runner.asked[-1]
    assert job is correct
    assert (request.folder, request.out) == (folder, folder)
    assert len(request.before.in_force) == 9
    assert len(request.after.in_force) == 8
    assert not window.parts.stale_bar.isEnabled()
    record = read_record(folder)
    kept = [box if box.k != K else box.model_copy(update={"in_force": False}) for box in record.boxes]
    write_record(folder, record.model_copy(update={"boxes": kept, "box_edits": box_edit_records(request.after)}))
    runner.end_with(folder)
    assert not window.parts.stale_bar.isVisible()
    assert window.space == "mni"
    assert window.canvas.step == K + 1
    assert window.parts.boxes_panel.list.count() == 8
    assert "Updated: volume 12.4 → 12.4 mL" in window.parts.job_words.text()
    assert window.correction.editor.can_undo  # what was computed with can be taken back too
    assert window.parts.rail.states[Step.DIAGNOSIS] == StepState.ATTENTION


def test_corrections_outlive_the_window_until_they_are_discarded(window: MainWindow) -> None:
    folder = window.case.folder if window.case is not None else Path()
    drag(canvas(window), at(window, 8, 10), at(window, 14, 20))
    window._forget_case()
    assert not window.parts.stale_bar.isVisible()
    window.open(folder)
    assert window.parts.stale_bar.isVisible()
    assert window.correction.editor.steps == 1
    window.parts.stale_bar.discard.click()
    assert not window.parts.stale_bar.isVisible()
    window.open(folder)
    assert not window.correction.editor.is_pending


def test_a_signed_case_is_read_only(window: MainWindow, tmp_path: Path) -> None:
    window.open(make_case(tmp_path / "signed", signoff={"by": "reader"}))
    window.show_step(Step.BOXES)
    assert not window.parts.boxes_panel.edit.isVisible()
    window.correction.toggle()
    assert not window.correction.is_editing


def test_corrections_made_elsewhere_in_the_meantime_are_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_case(tmp_path / "case")
    book = read_book(read_case(folder).record)
    first, second = list(book.found)[:2]
    ours = book.delete([first], "reader", "2026-01-01")
    theirs = book.delete([second], "somebody", "2026-01-01")
    told: list[BoxBook] = []
    monkeypatch.setattr(
        "vb_desktop.pipeline.correct_boxes.correct_boxes",
        lambda folder, change, _: told.append(change(book)) or read_case(folder),
    )
    assert correct(Correction(folder=folder, before=book, after=ours, out=folder), ignore) == folder
    assert first not in told[0].in_force
    with pytest.raises(LocalizationFailed, match="changed elsewhere"):
        correct(Correction(folder=folder, before=theirs, after=ours, out=folder), ignore)


@pytest.mark.parametrize(("source", "dashed"), [("qwen3-vl", True), ("builtin", False), ("reader", False)])
def test_boxes_of_each_source_look_different(source: str, dashed: bool) -> None:
    from vb_desktop.shell.slice_overlay import box_pen

    pen = box_pen(source)
    assert (pen.style() == Qt.PenStyle.CustomDashLine) == dashed
    assert (pen.color() == box_pen("reader").color()) == (source == "reader")


def test_the_sources_own_words_are_said_for_the_slice(shared: MainWindow, tmp_path: Path) -> None:
    record = read_record(make_case(tmp_path / "case"))
    told: list[BoxRecord] = [box.model_copy(update={"text": f"ring on {box.k}"}) for box in record.boxes]
    shared.open(make_case(tmp_path / "case", boxes=told))
    shared.show_step(Step.BOXES)
    assert f"ring on {K}" in shared.parts.boxes_panel.said.text()
    assert shared.canvas is not None
    shared.canvas.turn(1)
    assert f"ring on {K + 1}" in shared.parts.boxes_panel.said.text()
    shared.canvas.turn(20)
    assert "no box" in shared.parts.boxes_panel.said.text()
