"""The reader's desk: impression, ratings, measurements and region of the open case, with one undo for all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.reading import Impression, Rated, Rating, ReaderMeasurement, now, read_reading
from vb_desktop.pipeline.reading_table import MEASUREMENTS, RATINGS, measurement_rows, ratings_of, write_table
from vb_desktop.shell.box_correction import BoxCorrection
from vb_desktop.shell.case_jobs import CaseJobs
from vb_desktop.shell.panels.impression_panel import ImpressionPanel
from vb_desktop.shell.panels.measurements_panel import MeasurementsPanel
from vb_desktop.shell.panels.ratings_panel import RatingsPanel
from vb_desktop.shell.panels.region_panel import RegionPanel
from vb_desktop.shell.placing import place_beside
from vb_desktop.shell.read_first import ReadFirst
from vb_desktop.shell.reader_work import ReaderWork, place_of
from vb_desktop.shell.region_editor import RegionEditor
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.window_layout import WindowLayout

if TYPE_CHECKING:
    from vb_desktop.shell.case_views import CaseViews
    from vb_desktop.shell.region_tool import RegionTool


class ReaderDesk(QObject):
    """Wires what the reader writes to panels and canvas.

    Signals:
        reload_wanted: the case is to be shown again: its answer is hidden, or not any more.
        report_wanted (Path): the report of this case is to be written anew.
        space_wanted (str): the region is painted in this space alone.
        failed (str, str): something can't be kept; sentence and next step.
    """

    reload_wanted = Signal()
    report_wanted = Signal(object)
    space_wanted = Signal(str)
    failed = Signal(str, str)

    def __init__(self, parts: WindowLayout, settings: Settings, correction: BoxCorrection, window: QWidget) -> None:
        super().__init__(window)
        self._parts, self._settings, self._correction = parts, settings, correction
        self.work = ReaderWork(correction.editor, self)
        self.region = RegionEditor(self.work)
        self.read_first = ReadFirst(settings)
        self.hides_answer = False
        """Whether the model's answer of the open case waits for the reader's."""
        self._case: Case | None = None
        self._seen: set[str] = set()
        self._views: CaseViews | None = None
        self._tool: RegionTool | None = None
        self.impression, self.ratings = ImpressionPanel(), RatingsPanel()
        self.measurements, self.region_panel = MeasurementsPanel(), RegionPanel()
        place_beside(parts.diagnosis_panel, above=self.impression, below=self.ratings)
        place_beside(parts.scan_panel, below=self.measurements)
        place_beside(parts.prior_panel, below=self.region_panel)
        self._connect(window)
        self._show()

    def wire(self, jobs: CaseJobs, show_again: Callable[[], None], show_space: Callable[[str], None]) -> None:
        """Connect it with the window.

        Args:
            jobs: write the report anew.
            show_again: shows the open case as it lies on the disk now.
            show_space: "native" or "mni".
        """
        bar = self._parts.error_bar
        self.reload_wanted.connect(show_again)
        self.report_wanted.connect(jobs.print_report)
        jobs.report_printed.connect(lambda _: show_again())
        self.space_wanted.connect(show_space)
        self.failed.connect(lambda sentence, advice: bar.show_error(sentence, advice, "", ""))

    def use(self, views: CaseViews) -> None:
        """The views of the case are there."""
        from vb_desktop.shell.measured_lines import MeasuredLines
        from vb_desktop.shell.region_layer import RegionLayer
        from vb_desktop.shell.region_tool import RegionTool

        self._views = views
        self.lines = MeasuredLines(self.work, views)
        self.layer = RegionLayer(self.region, views)
        self._tool = RegionTool(self.region)
        self.measurements.chosen.connect(self.lines.go_to)
        self.region_panel.shown.connect(self.layer.show)
        views.shown.connect(self._views_shown)

    def seen(self, case: Case) -> Case:
        """The case as the reader may see it now: without the model's answer while that waits."""
        try:
            reading = read_reading(place_of(case))
        except VBError:
            return case
        self.hides_answer = self.read_first.hides(case, reading) and case.record.case_id not in self._seen
        if case.record.diagnosis is not None and not self.hides_answer:
            self._seen.add(case.record.case_id)
        return self.read_first.without_answer(case) if self.hides_answer else case

    def open(self, case: Case) -> None:
        """A case is shown."""
        self._case = case
        self.work.open(case)
        scan = case.volume("scan")
        if scan is not None:
            prior = case.volume("refined_prior", "native")
            self.region.open(scan, prior)
        self._show()

    def close(self) -> None:
        """No case."""
        self._case, self.hides_answer = None, False
        self._stop_painting()
        self.region.close()
        self.work.close()
        self.impression.forget()
        self._show()

    def undo(self) -> None:
        """Take back what the reader did last; behind that, corrections of earlier days while boxes are corrected."""
        if self.work.history.can_undo:
            self.work.history.undo()
        elif self._correction.is_editing:
            self._correction.editor.undo()

    def redo(self) -> None:
        """Make it again."""
        if self.work.history.can_redo:
            self.work.history.redo()
        elif self._correction.is_editing:
            self._correction.editor.redo()

    # --- what the reader does ---------------------------------------------------------------------------------------

    def _record(self, class_: str, confidence: str, note: str) -> None:
        hidden = self.hides_answer
        said = Impression.model_validate(
            {
                "class": class_, "confidence": confidence, "note": note, "author": self.work.author, "time": now(),
                "before_result": hidden,
            }
        )  # fmt: skip
        self.work.change(self.work.reading.model_copy(update={"impression": said}), "impression")
        if hidden:
            self.work.history.forget()  # what was said before the answer can't be taken back behind it
            self.reload_wanted.emit()
            if self.work.case is not None and self.work.folder == self.work.case.folder:
                self.report_wanted.emit(self.work.folder)

    def _rate(self, of: Rated, score: int) -> None:
        reading = self.work.reading
        others = [rating for rating in reading.ratings if rating.of != of]
        made = Rating(of=of, score=score, author=self.work.author, time=now())
        self.work.change(reading.model_copy(update={"ratings": [*others, made]}), "ratings")

    def _remove(self, item: ReaderMeasurement) -> None:
        reading = self.work.reading
        kept = [other for other in reading.measurements if other != item]
        self.work.change(reading.model_copy(update={"measurements": kept}), "measurements")

    def _choose_read_first(self, on: bool) -> None:
        self.read_first.is_on = on
        if self._case is not None:
            self.reload_wanted.emit()

    def _paint(self, on: bool) -> None:
        if not on or self._views is None or not self.work.can_change or self._tool is None:
            self._stop_painting()
            return
        self._correction.edit(False)
        if self._views.space != "native":
            self.space_wanted.emit("native")
        self.region_panel.paint.setChecked(True)
        self._views.canvas.set_tool(self._tool)

    def _stop_painting(self) -> None:
        if self.region_panel.paint.isChecked():
            self.region_panel.paint.setChecked(False)
            if self._views is not None:
                self._views.canvas.set_tool(None)

    def _views_shown(self) -> None:
        if self._views is not None and self._views.space != "native":
            self._stop_painting()

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        reading, can = self.work.reading, self.work.can_change
        with QSignalBlocker(self.impression.read_first):
            self.impression.read_first.setChecked(self.read_first.is_on)
        diagnosed = self._case is not None and (self._case.record.diagnosis is not None or self.hides_answer)
        self.impression.show_impression(reading.impression, hidden=self.hides_answer, can_change=can and diagnosed)
        self._parts.diagnosis_panel.setVisible(not self.hides_answer)
        self.ratings.setVisible(diagnosed and not self.hides_answer)
        self.ratings.show_reading(reading, self._can_be_rated() if can else frozenset())
        self.measurements.show_reading(reading, can_change=can)
        self.region_panel.setVisible(can)
        self.region_panel.show_reading(reading, can_change=can, can_begin=self.region.can_begin)

    def _can_be_rated(self) -> frozenset[Rated]:
        if self._case is None:
            return frozenset()
        there: set[Rated] = {"boxes", "prior"} if self._case.record.boxes_in_force else set()
        return frozenset(there | ({"heatmap"} if self._case.shows_diagnosis else set()))

    def _export_measurements(self, path: Path) -> None:
        if self.work.case is not None:
            self._write(path, MEASUREMENTS, measurement_rows(self.work.case.record.case_id, self.work.reading))

    def _export_ratings(self, path: Path) -> None:
        folders = {record.parent for record in self._settings.cases_folder.glob("*/case.json")}
        if self._case is not None:
            folders.add(self._case.folder)
        self._write(path, RATINGS, ratings_of(sorted(folders)))

    def _write(self, path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
        try:
            write_table(path, columns, rows)
        except OSError as error:
            said = VBError("report.no_write", path=str(path), cause=(error.strerror or str(error)).rstrip("."))
            self.failed.emit(said.sentence(), said.advice())

    def _connect(self, window: QWidget) -> None:
        self.work.changed.connect(self._show)
        self.work.failed.connect(self.failed)
        self.impression.recorded.connect(self._record)
        self.impression.read_first_chosen.connect(self._choose_read_first)
        self.ratings.rated.connect(self._rate)
        self.ratings.export_requested.connect(self._export_ratings)
        self.measurements.removed.connect(self._remove)
        self.measurements.export_requested.connect(self._export_measurements)
        panel = self.region_panel
        panel.begin_requested.connect(self.region.begin_with_prior)
        panel.clear_requested.connect(self.region.clear)
        panel.paint_requested.connect(self._paint)
        panel.radius_chosen.connect(self._set_radius)
        self._correction.began.connect(self._stop_painting)
        for keys, do in (("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo)):
            QShortcut(QKeySequence(keys), window).activated.connect(do)

    def _set_radius(self, mm: float) -> None:
        if self._tool is not None:
            self._tool.radius_mm = mm
