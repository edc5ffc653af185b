"""The main window: wires the parts. What is open, what runs, what is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QWidget

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.case_folder import Case, read_case
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.draft import forget_draft
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.jobs import RunRequest, analyse, read_scan
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.steps_rail import Step, StepState
from vb_desktop.shell.theme import style_sheet
from vb_desktop.shell.window_layout import WindowLayout

if TYPE_CHECKING:
    from vb_desktop.shell.canvas_view import CanvasView

TITLE = "Virtual Biopsy Desktop — Research use only, not a substitute for biopsy"
_STEP_OF = {
    Stage.OPEN: Step.SCAN,
    Stage.PROCESS: Step.SCAN,
    Stage.LOCALIZE: Step.BOXES,
    Stage.DIAGNOSE: Step.DIAGNOSIS,
    Stage.REPORT: Step.REPORT,
}


class MainWindow(QMainWindow):
    """The window on one case.

    Args:
        settings: comfort of the user.
        runner: runs jobs outside of this process.
    """

    def __init__(self, settings: Settings, runner: CaseRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setStyleSheet(style_sheet())
        self.setAcceptDrops(True)
        self.settings, self.runner = settings, runner
        self.case: Case | None = None
        self.scan: Scan | None = None
        self.source: Path | None = None
        self._request: RunRequest | None = None
        self.space = "native"
        self.canvas: CanvasView | None = None
        self.parts = WindowLayout(self, settings)
        self._connect()
        self.show_step(Step.OPEN)
        if (geometry := settings.geometry) is not None:
            self.restoreGeometry(geometry)
        else:
            self.resize(1366, 768)

    # --- what is open -------------------------------------------------------------------------------------------

    def set_canvas(self, canvas: CanvasView) -> None:
        """The viewer has loaded."""
        self.canvas = canvas
        self.parts.centre.addWidget(canvas)
        canvas.pointed_at.connect(self.parts.pointed_at.setText)
        canvas.window_level.changed.connect(self.parts.window_level.setText)
        self._show_centre()

    def open(self, path: Path) -> None:
        """Open a case folder, or let the worker read a scan."""
        if self.runner.is_running:
            return
        self.parts.error_bar.hide()
        folder = path.parent if path.name == "case.json" else path
        if (folder / "case.json").is_file():
            self._guarded(lambda: self.show_case(read_case(folder)))
        else:
            self.source = path
            self._forget_case()
            self.runner.start(read_scan, path)
            self._running("Reading the scan")

    def open_demo(self) -> None:
        """Open the demo case, if it is there."""
        if (asset("demo/case") / "case.json").is_file():
            self.open(asset("demo/case"))

    def show_case(self, case: Case, space: str = "native") -> None:
        """Show a case with all that it has.

        Raises:
            CaseFolderError: a file of it is missing or damaged; what was shown before is gone.
        """
        self._forget_case()
        self.case, self.source = case, case.folder
        self._show_image(case, space)
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
        parts.report_panel.show_report(case.folder / "report.pdf")
        input_space = str(record.config.get("input", {}).get("space", "native"))
        parts.import_panel.show_opened(_case_words(case), can_analyse=True, space=input_space)
        self._mark_steps(case)
        self.show_step(Step.DIAGNOSIS)

    def show_scan(self, scan: Scan) -> None:
        """Show a scan that was read and not analysed yet."""
        from napari_plugin.display_grid import obliquity_deg
        from napari_plugin.layers import scan_layer

        self._forget_case()
        self.scan = scan
        parts = self.parts
        parts.banner.show_identity(
            scan.identity, synthetic=scan.synthetic, demo_model=False, obliquity_deg=obliquity_deg(scan.volume.affine)
        )
        parts.banner.offer_spaces(("native",), "native")
        if self.canvas is not None:
            parts.layers_panel.show_layers(self.canvas.show_layers([scan_layer(scan.volume)], scan.volume, "native"))
        parts.scan_panel.show_scan(scan)
        parts.import_panel.show_opened("A scan is open, not analysed yet.", can_analyse=True)
        for step in (Step.OPEN, Step.SCAN):
            parts.rail.set_state(step, StepState.DONE)
        self._show_centre()
        self.show_step(Step.OPEN)

    def show_space(self, space: str) -> None:
        """Show the case in native or in template space."""
        if self.case is not None and space != self.space:
            case = self.case
            self._guarded(lambda: self._show_image(case, space))

    # --- runs ----------------------------------------------------------------------------------------------------

    def analyse(self) -> None:
        """Analyse what is open, into a new case folder."""
        if self.source is None or self.runner.is_running:
            return
        name = f"case-{datetime.now():%Y%m%d-%H%M%S}"
        request = RunRequest(
            source=self.source, out=self.settings.cases_folder / name, config=self.parts.import_panel.config()
        )
        self._start(request)

    def accept_gate(self, id_: str) -> None:
        """Go on with the open case although a gate refused it."""
        if self.case is None or self.runner.is_running:
            return
        config = Config.model_validate(self.case.record.config)
        self._start(
            RunRequest(source=self.case.folder, out=self.case.folder, config=config, resume=True, accept_gates=(id_,))
        )

    def show_unexpected(self, details: str) -> None:
        """A fault of the program itself."""
        error = VBError("case.unexpected")
        self.parts.error_bar.show_error(error.sentence(), error.advice(), details, next_step="")

    def _start(self, request: RunRequest) -> None:
        self._request = request
        self.runner.start(analyse, request)
        for step in (Step.SCAN, Step.BOXES, Step.PRIOR, Step.DIAGNOSIS, Step.REPORT):
            had = self.parts.rail.states[step] in (StepState.DONE, StepState.ATTENTION)
            self.parts.rail.set_state(step, StepState.STALE if had else StepState.NOT_YET)
        self._running("Analysing")

    def _running(self, title: str) -> None:
        self.parts.error_bar.hide()
        self.parts.progress_panel.begin(title)
        self.parts.import_panel.set_running(True)
        for button in self.parts.diagnosis_panel.accept_buttons.values():
            button.setEnabled(False)
        self.parts.job_words.setText(title)
        self.parts.cancel.show()
        self.show_step(Step.OPEN)

    def _rest(self, words: str = "Ready") -> None:
        self.parts.progress_panel.end()
        self.parts.cancel.hide()
        self.parts.job_words.setText(words)
        self.parts.import_panel.set_running(False)
        for button in self.parts.diagnosis_panel.accept_buttons.values():
            button.setEnabled(True)
        if self.case is not None:
            self._mark_steps(self.case)
        else:
            read = StepState.DONE if self.scan is not None else StepState.NOT_YET
            for step in Step:
                self.parts.rail.set_state(step, read if step in (Step.OPEN, Step.SCAN) else StepState.NOT_YET)

    def _progressed(self, progress: Progress) -> None:
        self.parts.progress_panel.show_progress(progress)
        self.parts.job_words.setText(self.parts.progress_panel.words())
        self.parts.rail.set_state(_STEP_OF[progress.stage], StepState.RUNNING)

    def _finished(self, result: Any) -> None:
        self._rest()
        if isinstance(result, Scan):
            self._guarded(lambda: self.show_scan(result))
        else:
            self._guarded(lambda: self.show_case(read_case(Path(result))))

    def _failed(self, sentence: str, advice: str, details: str) -> None:
        self._rest()
        if self.case is None and self.scan is None:
            self.source = None
            self.parts.import_panel.show_opened("Nothing is open.", can_analyse=False)
        self.parts.error_bar.show_error(sentence, advice, details)
        self.show_step(Step.OPEN)

    def _cancelled(self) -> None:
        self._rest("Cancelled; the case folder is as it was.")
        if self._request is not None:
            forget_draft(self._request.out)  # half a patient's case is not left behind in the cache
            self._request = None
        if self.case is None and self.scan is None:
            self.source = None
        self.show_step(Step.OPEN)

    # --- what is shown --------------------------------------------------------------------------------------------

    def show_step(self, step: Step) -> None:
        """Show a step of the chain."""
        parts = self.parts
        parts.rail.show_step(step)
        side = {
            Step.OPEN: parts.progress_panel if self.runner.is_running else parts.import_panel,
            Step.SCAN: parts.scan_panel,
            Step.BOXES: parts.boxes_panel,
            Step.PRIOR: parts.prior_panel,
            Step.DIAGNOSIS: parts.diagnosis_panel,
            Step.REPORT: parts.diagnosis_panel,
        }[step]
        parts.show_side(side)
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

    def _show_image(self, case: Case, space: str) -> None:
        if self.canvas is None:
            return
        from napari_plugin.layers import case_layers
        from vb_desktop.pipeline.report.anatomy import anatomy

        described = case_layers(case, space)
        image = case.volume("scan" if space == "native" else "processed", space)
        assert image is not None  # case_layers has read it
        self.space = space
        seen = anatomy(case) if space == "native" else None  # the greys of the report's pictures
        auto = None if seen is None else (seen.low, seen.high)
        layers = self.canvas.show_layers(described, image, space, auto)
        self.parts.layers_panel.show_layers(layers)
        self.parts.boxes_panel.show_case(case, image, space)
        spaces = ("native", "mni") if case.path("processed").is_file() else ("native",)
        self.parts.banner.offer_spaces(spaces, space)
        self._show_centre()

    def _forget_case(self) -> None:
        """Nothing of one patient stays on the screen beside another's."""
        parts = self.parts
        self.case = self.scan = None
        parts.banner.show_nothing()
        for panel in (parts.scan_panel, parts.boxes_panel, parts.prior_panel, parts.diagnosis_panel):
            panel.show_nothing()
        parts.report_panel.show_report(None)
        parts.layers_panel.show_layers([])
        parts.import_panel.show_opened("Nothing is open.", can_analyse=False)
        parts.pointed_at.setText("")
        for step in Step:
            parts.rail.set_state(step, StepState.NOT_YET)
        if self.canvas is not None:
            self.canvas.show_nothing()
        self._show_centre()

    def _mark_steps(self, case: Case) -> None:
        rail, record = self.parts.rail, case.record
        attention = any(gate.state != "green" for gate in record.gates)
        rail.set_state(Step.OPEN, StepState.DONE)
        rail.set_state(Step.SCAN, StepState.ATTENTION if attention else StepState.DONE)
        located = "localize" in record.stages
        rail.set_state(Step.BOXES, StepState.DONE if located else StepState.NOT_YET)
        rail.set_state(Step.PRIOR, StepState.DONE if record.boxes_in_force else StepState.NOT_YET)
        doubt = record.status == "withheld" or (record.diagnosis is not None and record.diagnosis.abstain)
        done = StepState.DONE if case.shows_diagnosis else StepState.NOT_YET
        rail.set_state(Step.DIAGNOSIS, StepState.ATTENTION if doubt else done)
        rail.set_state(Step.REPORT, StepState.DONE if (case.folder / "report.pdf").is_file() else StepState.NOT_YET)

    def _guarded(self, do: Callable[[], None]) -> None:
        """Do something with a case; a file that can't be read becomes a sentence."""
        try:
            do()
        except VBError as error:
            self._forget_case()
            self.source = None
            self.parts.error_bar.show_error(error.sentence(), error.advice(), repr(error.__cause__))
            self.show_step(Step.OPEN)

    # --- wiring ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        parts, runner = self.parts, self.runner
        runner.progressed.connect(self._progressed)
        runner.finished.connect(self._finished)
        runner.failed.connect(self._failed)
        runner.cancelled.connect(self._cancelled)
        parts.import_panel.open_requested.connect(self.open)
        parts.import_panel.demo_requested.connect(self.open_demo)
        parts.import_panel.analysis_requested.connect(self.analyse)
        parts.progress_panel.cancel_requested.connect(runner.cancel)
        parts.cancel.clicked.connect(runner.cancel)
        parts.diagnosis_panel.gate_accepted.connect(self.accept_gate)
        parts.boxes_panel.slice_requested.connect(self._go_to_slice)
        parts.banner.space_requested.connect(self.show_space)
        parts.rail.chosen.connect(self.show_step)
        parts.error_bar.next_step_requested.connect(parts.import_panel.choose_file)
        parts.report_panel.failed.connect(lambda sentence, advice: parts.error_bar.show_error(sentence, advice, "", ""))
        for n, step in enumerate(Step, start=1):
            self._shortcut(f"Ctrl+{n}", partial(self.show_step, step))
        self._shortcut("Ctrl+Shift+O", parts.import_panel.choose_file)
        self._shortcut("Ctrl+Shift+F", parts.import_panel.choose_folder)
        self._shortcut("F5", self.analyse)
        self._shortcut("Ctrl+Shift+P", lambda: parts.report_panel.print.click())

    def _shortcut(self, keys: str, do: Callable[[], None]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(do)

    def _go_to_slice(self, k: int) -> None:
        if self.canvas is not None:
            self.canvas.go_to(k)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # Qt's name
        """One file or folder may be dropped."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # Qt's name
        """Open what was dropped."""
        self.open(Path(event.mimeData().urls()[0].toLocalFile()))

    def closeEvent(self, event: QCloseEvent) -> None:  # Qt's name
        """End the worker and let go of the canvas."""
        self.settings.geometry = self.saveGeometry()
        self.runner.shut_down()
        if self.canvas is not None:
            self.canvas.close_viewer()
        super().closeEvent(event)


def _case_words(case: Case) -> str:
    status = {
        "done": "analysed",
        "no_tumour_found": "analysed: no tumour found",
        "withheld": "analysed: diagnosis withheld",
        "partial": "analysed in part",
    }[case.record.status]
    return f"Case {case.record.case_id}, {status} on {case.record.created:%Y-%m-%d %H:%M}.\n{case.folder}"
