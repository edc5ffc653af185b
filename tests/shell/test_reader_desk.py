"""What the reader writes of a case: kept at each stroke, there again on reopening, one undo for all."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from mouse import SHIFT, drag
from one_window import FakeRunner
from phantom_case import CENTRE, make_case
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from vb_desktop.pipeline.case_folder import read_case
from vb_desktop.pipeline.reading import READING, REGION, read_reading, read_region
from vb_desktop.pipeline.report.reading import reading_section
from vb_desktop.pipeline.report.words import Words
from vb_desktop.shell.jobs import print_report
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.steps_rail import Step

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(shared: MainWindow, tmp_path: Path) -> MainWindow:
    assert isinstance(shared.runner, FakeRunner)
    shared.runner.is_running = False
    shared.desk.read_first.is_on = False
    shared._forget_case()
    shared.open(make_case(tmp_path / "case"))
    return shared


def folder(window: MainWindow) -> Path:
    assert window.case is not None
    return window.case.folder


def measure(window: MainWindow, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """A line on the axial plane, by (y, x) in mm of the display."""
    assert window.canvas is not None
    place = window.canvas.main.place()
    assert place is not None
    if not window.canvas.ruler_button.isChecked():
        window.canvas.ruler_button.click()
    drag(window.canvas.main.canvas, place.to_screen(*begin), place.to_screen(*end))


def test_lines_are_kept_and_drawn_again_and_undone_in_their_order(window: MainWindow, tmp_path: Path) -> None:
    window.show_step(Step.SCAN)
    measure(window, (0, 0), (0, 30))
    measure(window, (-10, 15), (10, 15))
    (pair,) = read_reading(folder(window)).measurements
    assert [round(line.length_mm) for line in pair.lines] == [30, 20]
    assert (pair.plane, pair.space) == ("axial", "native")
    assert pair.author
    panel = window.desk.measurements
    assert panel.list.count() == 1
    assert "mm²" in panel.list.item(0).text()
    assert window.canvas is not None
    drawn = list(window.canvas.ruler.lines)
    window.show_space("mni")
    assert window.canvas.ruler.lines == []
    window.show_space("native")
    window._forget_case()
    assert panel.list.count() == 0
    window.open(tmp_path / "case")
    again = window.canvas.ruler.lines
    assert [line.words.split("   ")[-1] for line in again] == [line.words.split("   ")[-1] for line in drawn]
    for old, new in zip(drawn, again, strict=True):
        assert new.begin == pytest.approx(old.begin, abs=0.01)
        assert new.end == pytest.approx(old.end, abs=0.01)
    window.desk._export_measurements(tmp_path / "m.csv")
    (row,) = csv.DictReader((tmp_path / "m.csv").open(encoding="utf-8"))
    assert row["plane"] == "axial"
    assert float(row["length_mm"]) == pytest.approx(30, abs=0.6)
    window.canvas.turn(2)
    measure(window, (0, 0), (0, 12))
    assert len(read_reading(folder(window)).measurements) == 2
    panel.list.item(0).setSelected(True)
    panel.remove.click()
    assert len(read_reading(folder(window)).measurements) == 1
    window.desk.undo()
    window.desk.undo()
    assert read_reading(folder(window)).measurements == [pair]
    window.desk.redo()
    assert len(window.canvas.ruler.lines) == 3


def test_one_history_for_boxes_ratings_and_lines(window: MainWindow) -> None:
    window.show_step(Step.BOXES)
    window.correction.edit(True)
    editor = window.correction.editor
    editor.select(list(editor.book.in_force)[:1])
    editor.delete()
    window.desk.ratings.scores["prior"].button(4).click()
    editor.select(list(editor.book.in_force)[:1])
    editor.delete()
    assert len(editor.book.in_force) == 7
    window.desk.undo()
    assert (len(editor.book.in_force), window.desk.work.reading.rating("prior")) == (8, 4)
    window.desk.undo()
    assert (len(editor.book.in_force), window.desk.work.reading.rating("prior")) == (8, None)
    window.parts.boxes_panel.undo.click()  # of the boxes alone
    assert len(editor.book.in_force) == 9
    assert not window.desk.work.history.can_undo
    window.desk.redo()
    window.desk.redo()
    window.desk.redo()
    assert (len(editor.book.in_force), window.desk.work.reading.rating("prior")) == (7, 4)
    editor.discard()
    window.desk.undo()
    assert len(editor.book.in_force) == 7


def test_read_first_hides_the_answer_until_the_reader_has_said_theirs(window: MainWindow, tmp_path: Path) -> None:
    assert isinstance(window.runner, FakeRunner)
    window.desk.read_first.is_on = True
    window._forget_case()
    window.desk._seen.clear()
    window.open(make_case(tmp_path / "other"))
    window.show_step(Step.DIAGNOSIS)
    assert window.case is not None
    assert window.case.record.diagnosis is None
    assert window.canvas is not None
    assert window.canvas.shown.classes == ()
    assert not window.parts.diagnosis_panel.isVisible()
    panel = window.desk.impression
    assert not panel.record.isEnabled()
    panel.class_.setCurrentIndex(panel.class_.findData("glioma"))
    panel.confidence.setCurrentIndex(panel.confidence.findData("low"))
    panel.note.setPlainText("ring, thick wall")
    panel.record.click()
    assert window.parts.diagnosis_panel.isVisible()
    assert "71 %" in window.parts.diagnosis_panel.text()
    said = read_reading(tmp_path / "other").impression
    assert said is not None
    assert (said.class_, said.confidence, said.before_result) == ("glioma", "low", True)
    assert '"impression recorded"' in (tmp_path / "other" / "log.jsonl").read_text(encoding="utf-8")
    assert window.runner.asked[-1] == (print_report, tmp_path / "other")
    window.runner.end_with(tmp_path / "other")
    assert window.parts.rail.step == Step.DIAGNOSIS
    rows = repr(reading_section(read_case(tmp_path / "other"), Words("en")))
    assert "ring, thick wall" in rows
    window.open(tmp_path / "other")
    assert window.parts.diagnosis_panel.isVisible()
    assert "ring, thick wall" in panel.said.text()


def test_an_impression_of_later_is_not_said_to_be_independent(window: MainWindow) -> None:
    panel = window.desk.impression
    panel.class_.setCurrentIndex(panel.class_.findData("pcnsl"))
    panel.confidence.setCurrentIndex(panel.confidence.findData("high"))
    panel.record.click()
    said = read_reading(folder(window)).impression
    assert said is not None
    assert not said.before_result
    assert "after the result" in repr(reading_section(read_case(folder(window)), Words("en")))


def test_ratings_of_all_cases_are_a_table(window: MainWindow, tmp_path: Path) -> None:
    window.settings.cases_folder = tmp_path
    window.desk.ratings.scores["boxes"].button(5).click()
    window.desk.ratings.scores["boxes"].button(2).click()
    window.desk.ratings.scores["heatmap"].button(3).click()
    window.desk._export_ratings(tmp_path / "ratings.csv")
    rows = list(csv.DictReader((tmp_path / "ratings.csv").open(encoding="utf-8")))
    assert [(row["evidence"], row["score"]) for row in rows] == [("boxes", "2"), ("heatmap", "3")]
    assert all(row["reader"] and row["case_id"] == "phantom" for row in rows)


def test_the_readers_region_is_painted_saved_and_undone(window: MainWindow, tmp_path: Path) -> None:
    window.show_step(Step.PRIOR)
    desk, panel = window.desk, window.desk.region_panel
    panel.begin.click()
    begun = desk.region.volume_ml
    assert begun == pytest.approx(4 / 3 * np.pi * 5**3 * 0.036, rel=0.15)
    panel.paint.click()
    assert window.canvas is not None
    place = window.canvas.main.place()
    assert place is not None
    assert window.canvas.main.overlay.content.patch is not None
    at = place.to_screen(-20, -20)
    drag(window.canvas.main.canvas, at, at + QPointF(30, 0))
    painted = desk.region.volume_ml
    assert painted > begun
    place_ = window.canvas.main.place()
    assert place_ is not None
    QTest.mousePress(window.canvas.main.canvas, Qt.MouseButton.LeftButton, SHIFT, at.toPoint())
    QTest.mouseRelease(window.canvas.main.canvas, Qt.MouseButton.LeftButton, SHIFT, at.toPoint())
    assert begun < desk.region.volume_ml < painted
    desk.undo()
    assert desk.region.volume_ml == pytest.approx(painted)
    desk.region.flush()
    kept = read_region(tmp_path / "case")
    assert kept is not None
    assert desk.region.mask is not None
    assert np.array_equal(kept.voxels, desk.region.mask)
    region = read_reading(tmp_path / "case").region
    assert region is not None
    assert region.volume_ml == pytest.approx(painted, abs=0.01)
    assert "painted by" in panel.said.text()
    window.open(tmp_path / "case")
    assert desk.region.volume_ml == pytest.approx(painted)
    panel.clear.click()
    desk.region.flush()
    assert not (tmp_path / "case" / REGION).exists()
    desk.undo()
    assert desk.region.volume_ml == pytest.approx(painted)
    assert desk.region.mask is not None
    assert desk.region.mask[CENTRE]
    window.show_space("mni")
    assert window.canvas.main.overlay.content.patch is None
    assert not panel.paint.isChecked()


def test_a_signed_case_is_read_only(window: MainWindow, tmp_path: Path) -> None:
    window.open(make_case(tmp_path / "signed", signoff={"by": "reader"}))
    measure(window, (0, 0), (0, 30))
    window.desk.region.begin_with_prior()
    assert not (tmp_path / "signed" / READING).exists()
    assert not window.desk.impression.record.isVisible()


def test_a_damaged_reading_is_said_and_not_written_over(window: MainWindow, tmp_path: Path) -> None:
    broken = make_case(tmp_path / "broken")
    (broken / READING).write_text("{", encoding="utf-8")
    window.open(broken)
    assert "reading.json" in window.parts.error_bar.sentence.text()
    measure(window, (0, 0), (0, 30))
    assert (broken / READING).read_text(encoding="utf-8") == "{"
