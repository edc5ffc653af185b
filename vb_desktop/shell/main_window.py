"""The main window: wires the parts. What is open, what runs, what is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Array, Scan
from vb_desktop.pipeline.case_folder import Case, read_case
from vb_desktop.pipeline.errors import VBError
from vb_desktop.shell import theme
from vb_desktop.shell.box_correction import BoxCorrection
from vb_desktop.shell.case_jobs import CaseJobs
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.jobs import Correction
from vb_desktop.shell.language import QT_TRANSLATE_NOOP, current
from vb_desktop.shell.panels.case_words import case_line, changes
from vb_desktop.shell.placing import show_queue
from vb_desktop.shell.reader_desk import ReaderDesk
from vb_desktop.shell.series_choice import SeriesChoice
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.step_states import states_of, states_of_scan
from vb_desktop.shell.steps_rail import Step
from vb_desktop.shell.window_dialogs import WindowDialogs
from vb_desktop.shell.window_keys import add_keys
from vb_desktop.shell.window_layout import WindowLayout

if TYPE_CHECKING:
    from vb_desktop.shell.canvas_view import CanvasView
    from vb_desktop.shell.case_views import CaseViews

TITLE = QT_TRANSLATE_NOOP("MainWindow", "Virtual Biopsy Desktop — Research use only, not a substitute for biopsy")


class MainWindow(QMainWindow):
    """The window on one case.

    Signals:
        language_chosen: the words of the window are to be others.
        canvas_shown: the viewer has loaded.

    Args:
        settings: comfort of the user.
        runner: runs jobs outside of this process.
    """

    language_chosen = Signal()
    canvas_shown = Signal()

    def __init__(self, settings: Settings, runner: CaseRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr(TITLE))
        self.setAcceptDrops(True)
        self.settings, self.runner = settings, runner
        theme.use(settings.theme, settings.font_points)
        self.setStyleSheet(theme.style_sheet())
        self.case: Case | None = None
        self.scan: Scan | None = None
        self.source: Path | None = None
        self.canvas: CanvasView | None = None
        self.views: CaseViews | None = None
        self.parts = WindowLayout(self, settings)
        self.jobs = CaseJobs(self.parts, runner, settings, self)
        self.correction = BoxCorrection(self.parts, settings, self)
        self.desk = ReaderDesk(self.parts, settings, self.correction, self)
        self.series = SeriesChoice(self, self.parts, self.jobs)
        self.queue = show_queue(runner, self.parts, settings, self.open)
        self.dialogs = WindowDialogs(self, self.parts, settings, runner)
        self.is_replaced = False  # another window goes on with the runner
        self._connect()
        self.show_step(Step.OPEN)
        self.resize(1366, 768)
        self.restoreGeometry(settings.geometry or QByteArray())
        self.parts.docks.restore(settings.docks)

    def follow_look(self) -> None:
        """Take theme and font of the settings at once; the canvas stays black."""
        theme.use(self.settings.theme, self.settings.font_points)
        self.setStyleSheet(theme.style_sheet())
        self.parts.banner.follow_look()
        self.parts.rail.follow_look()

    # --- what is open -------------------------------------------------------------------------------------------

    def set_canvas(self, canvas: CanvasView) -> None:
        """The viewer has loaded."""
        from vb_desktop.shell.case_views import CaseViews
        from vb_desktop.shell.streamed_boxes import StreamedBoxes

        self.canvas = canvas
        self.views = CaseViews(canvas, self.parts, self.correction.editor)
        self.correction.use(self.views)
        self.desk.use(self.views)
        StreamedBoxes(self.jobs, self.views)
        self.parts.centre.addWidget(canvas)
        canvas.layout_changed.connect(self.settings.keep_layout)
        if self.settings.four_views:
            canvas.toggle_four()
        canvas.pointed_at.connect(self.parts.pointed_at.setText)
        canvas.window_level.changed.connect(self.parts.window_level.setText)
        self._show_centre()
        self.canvas_shown.emit()

    def open(self, path: Path) -> None:
        """Open a case folder, or let the worker read a scan."""
        if self.jobs.is_running:
            return
        self.parts.error_bar.hide()
        folder = path.parent if path.name == "case.json" else path
        if (folder / "case.json").is_file():
            self._guarded(lambda: self.show_case(read_case(folder)))
        else:
            self.open_series(path, None)

    def open_series(self, path: Path, uid: str | None) -> None:
        """Let the worker read a scan: one series of it, or the clear best."""
        self.source = path
        self._forget_case()
        self.series.opened(path, uid)
        self.jobs.read(path, uid)

    def open_demo(self) -> None:
        """Open the demo case, if it is there."""
        if (asset("demo/case") / "case.json").is_file():
            self.open(asset("demo/case"))

    @property
    def space(self) -> str:
        """Which space is shown."""
        return "native" if self.views is None else self.views.space

    def show_case(self, case: Case, space: str = "native", point: Array | None = None) -> None:
        """Show a case with all that it has.

        Args:
            case: as read from its folder.
            space: "native" or "mni".
            point: position in the views to show (world z, y, x); None for the largest slice of the region.

        Raises:
            CaseFolderError: a file of it is missing or damaged; what was shown before is gone.
        """
        keep = point is not None
        self._forget_case(keep_views=keep)
        case = self.desk.seen(case)
        self.case, self.source = case, case.folder
        self.settings.add_recent(case.folder)
        self.series.opened(None)
        self.correction.open(case)
        self.desk.open(case)
        if self.views is not None:
            self.views.show_case(case, space, point, keep=keep)
            self._show_centre()
        record = case.record
        parts = self.parts
        scan = case.volume("scan")
        assert scan is not None  # _show_image has read it
        from napari_plugin.display_grid import obliquity_deg

        parts.banner.show_identity(
            case.identity, synthetic=record.synthetic, demo_model=record.provenance.demo_model,
            obliquity_deg=obliquity_deg(scan.affine),
        )  # fmt: skip
        parts.scan_panel.show_case(case, scan)
        parts.prior_panel.show_case(case)
        parts.diagnosis_panel.show_case(case)
        parts.report_panel.show_report(None if self.desk.hides_answer else case.folder / "report.pdf")
        input_space = str(record.config.get("input", {}).get("space", "native"))
        parts.import_panel.show_opened(case_line(case), can_analyse=True, space=input_space)
        self._mark_steps()
        if not keep:
            self.show_step(Step.DIAGNOSIS)

    def show_scan(self, scan: Scan) -> None:
        """Show a scan that was read and not analysed yet."""
        from napari_plugin.display_grid import obliquity_deg

        self._forget_case()
        self.scan = scan
        parts = self.parts
        parts.banner.show_identity(
            scan.identity, synthetic=scan.synthetic, demo_model=False, obliquity_deg=obliquity_deg(scan.volume.affine)
        )
        if self.views is not None:
            self.views.show_scan(scan.volume, scan.identity)
        parts.scan_panel.show_scan(scan)
        parts.import_panel.show_opened(self.tr("A scan is open, not analysed yet."), can_analyse=True)
        self._mark_steps()
        self._show_centre()
        self.show_step(Step.OPEN)

    def show_space(self, space: str) -> None:
        """Show the case in native or in template space."""
        if self.case is not None and self.views is not None and space != self.space:
            case, views = self.case, self.views
            self._guarded(lambda: views.show_case(case, space))
            self.correction.take_tool()

    # --- runs ----------------------------------------------------------------------------------------------------

    def analyse(self) -> None:
        """Analyse what is open, into a new case folder."""
        if self.source is not None and not self.jobs.is_running:
            self.jobs.analyse(self.source, self.series.uid)

    def accept_gate(self, id_: str) -> None:
        """Go on with the open case although a gate refused it."""
        if self.case is not None and not self.jobs.is_running:
            self.jobs.accept_gate(self.case, id_)

    def correct(self, correction: Correction) -> None:
        """Compute anew what depends on the corrected boxes."""
        if self.case is not None and not self.jobs.is_running:
            self.jobs.correct(correction)

    def show_unexpected(self, details: str) -> None:
        """A fault of the program itself."""
        error = VBError("case.unexpected")
        self.parts.error_bar.show_error(error.sentence(current()), error.advice(current()), details, next_step="")

    def _show_made(self, folder: Path) -> None:
        self._guarded(lambda: self.show_case(read_case(folder)))

    def _show_corrected(self, folder: Path) -> None:
        """The same case with other results, where the reader was."""
        if self.case is None:
            self._show_made(folder)
        else:
            before = self.case
            self._guarded(lambda: self._show_changed(before, read_case(folder)))

    def _show_changed(self, before: Case, case: Case) -> None:
        step = self.parts.rail.step
        self.correction.updated(case)
        self.show_case(case, self.space, None if self.canvas is None else self.canvas.point)
        self.show_step(Step.BOXES if step == Step.OPEN else step)
        self.parts.job_words.setText(changes(before.record, self.desk.seen(case).record))

    def _show_again(self) -> None:
        """The open case as it lies on the disk now, where the reader is."""
        case, step = self.case, self.parts.rail.step
        if case is not None:
            point = None if self.canvas is None else self.canvas.point
            self._guarded(lambda: self.show_case(read_case(case.folder), self.space, point))
            self.show_step(step)

    def _failed(self, sentence: str, advice: str, details: str) -> None:
        if self.case is None and self.scan is None:
            self.source = None
            self.parts.import_panel.show_opened(self.tr("Nothing is open."), can_analyse=False)
        self.parts.error_bar.show_error(sentence, advice, details)
        self.show_step(Step.OPEN)

    def _cancelled(self) -> None:
        if self.case is None and self.scan is None:
            self.source = None
        self.show_step(Step.OPEN)

    # --- what is shown --------------------------------------------------------------------------------------------

    def show_step(self, step: Step) -> None:
        """Show a step of the chain."""
        parts = self.parts
        parts.rail.show_step(step)
        side = {
            Step.OPEN: parts.progress_panel if self.jobs.is_running else parts.import_panel,
            Step.SCAN: parts.scan_panel,
            Step.BOXES: parts.boxes_panel,
            Step.PRIOR: parts.prior_panel,
            Step.DIAGNOSIS: parts.diagnosis_panel,
            Step.REPORT: parts.diagnosis_panel,
        }[step]
        parts.show_side(side)
        if self.canvas is not None:
            self.canvas.shown.use_step(step)
        self._show_centre(step)

    def _show_centre(self, step: Step | None = None) -> None:
        parts = self.parts
        if step == Step.REPORT:
            parts.centre.setCurrentWidget(parts.report_panel)
        elif self.canvas is None:
            parts.centre.setCurrentWidget(parts.loading_page)
        elif self.case is None and self.scan is None:
            parts.centre.setCurrentWidget(parts.empty_page)
        else:
            parts.centre.setCurrentWidget(self.canvas)

    def _forget_case(self, *, keep_views: bool = False) -> None:
        """Nothing of one patient stays on the screen beside another's.

        Args:
            keep_views: the same case comes again, with other results.
        """
        parts = self.parts
        self.case = self.scan = None
        if not keep_views:
            self.correction.close()
            self.desk.close()
        parts.banner.show_nothing()
        for panel in (parts.scan_panel, parts.boxes_panel, parts.prior_panel, parts.diagnosis_panel):
            panel.show_nothing()
        parts.report_panel.show_report(None)
        parts.import_panel.show_opened(self.tr("Nothing is open."), can_analyse=False)
        parts.pointed_at.setText("")
        self._mark_steps()
        if self.views is not None and not keep_views:
            self.views.show_nothing()
            self._show_centre()

    def _mark_steps(self) -> None:
        if self.case is not None:
            states = states_of(self.case, is_pending=self.correction.editor.is_pending)
        else:
            states = states_of_scan(self.scan is not None)
        for step, state in states.items():
            self.parts.rail.set_state(step, state)

    def _guarded(self, do: Callable[[], None]) -> None:
        """Do something with a case; a file that can't be read becomes a sentence."""
        try:
            do()
        except VBError as error:
            self._forget_case()
            self.source = None
            self.parts.error_bar.show_error(error.sentence(current()), error.advice(current()), repr(error.__cause__))
            self.show_step(Step.OPEN)

    # --- wiring ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        parts, jobs = self.parts, self.jobs
        jobs.begun.connect(lambda show: self.show_step(Step.OPEN) if show else None)
        jobs.rested.connect(self._mark_steps)
        self.series.series_chosen.connect(self.open_series)
        jobs.scan_read.connect(lambda scan: self._guarded(lambda: self.show_scan(scan)))
        jobs.case_made.connect(self._show_made)
        jobs.case_corrected.connect(self._show_corrected)
        jobs.failed.connect(self._failed)
        jobs.cancelled.connect(self._cancelled)
        parts.import_panel.open_requested.connect(self.open)
        parts.import_panel.demo_requested.connect(self.open_demo)
        parts.import_panel.analysis_requested.connect(self.analyse)
        parts.diagnosis_panel.gate_accepted.connect(self.accept_gate)
        parts.boxes_panel.slice_requested.connect(self._go_to_slice)
        parts.banner.space_requested.connect(self.show_space)
        parts.layers_panel.space_requested.connect(self.show_space)
        self.correction.space_wanted.connect(self.show_space)
        self.correction.update_wanted.connect(self.correct)
        self.correction.began.connect(jobs.prepare_correction)
        self.desk.wire(jobs, self._show_again, self.show_space)
        self.correction.pending_changed.connect(self._pending_changed)
        parts.rail.chosen.connect(self.show_step)
        parts.empty_page.file_wanted.connect(parts.import_panel.choose_file)
        parts.empty_page.folder_wanted.connect(parts.import_panel.choose_folder)
        parts.empty_page.demo_requested.connect(self.open_demo)
        parts.empty_page.open_requested.connect(self.open)
        self.dialogs.look_changed.connect(self.follow_look)
        self.dialogs.language_chosen.connect(self.language_chosen)
        parts.error_bar.next_step_requested.connect(parts.import_panel.choose_file)
        parts.report_panel.failed.connect(lambda sentence, advice: parts.error_bar.show_error(sentence, advice, "", ""))
        add_keys(self)

    def _pending_changed(self, steps: int) -> None:
        self.parts.stale_bar.show_steps(steps)
        if self.case is not None and not self.jobs.is_running:
            self._mark_steps()

    def _go_to_slice(self, k: int) -> None:
        if self.canvas is not None:
            self.canvas.go_to(k)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # Qt's name
        """A file or folder may be dropped."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # Qt's name
        """Open what was dropped."""
        self.open(Path(event.mimeData().urls()[0].toLocalFile()))

    def closeEvent(self, event: QCloseEvent) -> None:  # Qt's name
        """End the worker and let go of the canvas."""
        self.settings.geometry = self.saveGeometry()
        self.settings.docks = self.parts.docks.state()
        if not self.is_replaced:
            self.queue.shut_down()
            self.runner.shut_down()
        if self.canvas is not None:
            self.canvas.close_viewer()
        super().closeEvent(event)
