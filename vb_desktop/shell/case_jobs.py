"""The window's jobs: how each is started, what is shown while it runs, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.draft import forget_draft
from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.jobs import Correction, RunRequest, analyse, correct, prepare_correction, print_report, read_scan
from vb_desktop.shell.series_jobs import ChosenSeries, ListedSeries, list_series, read_series
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.steps_rail import Step, StepState
from vb_desktop.shell.window_layout import WindowLayout

_STEP_OF = {
    Stage.OPEN: Step.SCAN,
    Stage.PROCESS: Step.SCAN,
    Stage.LOCALIZE: Step.BOXES,
    Stage.DIAGNOSE: Step.DIAGNOSIS,
    Stage.REPORT: Step.REPORT,
}


class CaseJobs(QObject):
    """Starts the runner's jobs and keeps progress panel, rail and status line with them; one job at a time.

    Signals:
        begun (bool): a job runs; whether its progress is to be shown.
        rested: no job runs any more; one of the following comes after it.
        scan_read (Scan): a scan was read.
        series_listed (ListedSeries): the series of an examination.
        case_made (Path): a scan was analysed, into this case folder.
        case_corrected (Path): what depends on the boxes was computed anew.
        report_printed (Path): the report of this case was written anew.
        failed (str, str, str): sentence, next step, details.
        cancelled: the reader has ended it.

    Args:
        parts: the widgets of the window.
        runner: runs jobs outside of this process.
        settings: where cases are written.
    """

    begun = Signal(bool)
    rested = Signal()
    scan_read = Signal(object)
    series_listed = Signal(object)
    case_made = Signal(object)
    case_corrected = Signal(object)
    report_printed = Signal(object)
    failed = Signal(str, str, str)
    cancelled = Signal()

    def __init__(self, parts: WindowLayout, runner: CaseRunner, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self.runner, self._settings = parts, runner, settings
        self.request: RunRequest | None = None
        self.correcting: Correction | None = None
        self.printing: Path | None = None
        runner.progressed.connect(self._progressed)
        runner.finished.connect(self._finished)
        runner.failed.connect(self._failed)
        runner.cancelled.connect(self._cancelled)
        parts.progress_panel.cancel_requested.connect(runner.cancel)
        parts.cancel.clicked.connect(runner.cancel)

    def let_go(self) -> None:
        """Another window goes on with the runner."""
        self.runner.progressed.disconnect(self._progressed)
        self.runner.finished.disconnect(self._finished)
        self.runner.failed.disconnect(self._failed)
        self.runner.cancelled.disconnect(self._cancelled)

    @property
    def is_running(self) -> bool:
        """Whether a job is under way."""
        return self.runner.is_running

    def prepare_correction(self, folder: Path) -> None:
        """Let the idle worker do beforehand what an update of this case will need."""
        self.runner.prepare(prepare_correction, folder)

    def print_report(self, folder: Path) -> None:
        """Write the report of the open case anew; the reader stays where he is."""
        if not self.is_running:
            self.request, self.correcting = None, None
            self.printing = folder
            self.runner.start(print_report, folder)
            self._running(self.tr("Writing the report"), show=False)

    def read(self, path: Path, series_uid: str | None = None) -> None:
        """Read a scan, or one series of an examination, without analysing it."""
        self.request = self.correcting = None
        if series_uid is None:
            self.runner.start(read_scan, path)
        else:
            self.runner.start(read_series, ChosenSeries(path, series_uid))
        self._running(self.tr("Reading the scan"))

    def list_series(self, path: Path) -> None:
        """List the series of an examination."""
        self.request = self.correcting = None
        self.runner.start(list_series, path)
        self._running(self.tr("Listing the series"))

    def analyse(self, source: Path, series_uid: str | None = None) -> None:
        """Analyse a scan or a case anew, into a new case folder."""
        name = f"case-{datetime.now():%Y%m%d-%H%M%S}"
        config = self._parts.import_panel.config()
        out = self._settings.cases_folder / name
        self.start(RunRequest(source=source, out=out, config=config, series_uid=series_uid))

    def accept_gate(self, case: Case, id_: str) -> None:
        """Go on with a case although a gate refused it."""
        config = Config.model_validate(case.record.config)
        self.start(RunRequest(source=case.folder, out=case.folder, config=config, resume=True, accept_gates=(id_,)))

    def start(self, request: RunRequest) -> None:
        """Run the pipeline."""
        self.request, self.correcting = request, None
        self.runner.start(analyse, request)
        for step in (Step.SCAN, Step.BOXES, Step.PRIOR, Step.DIAGNOSIS, Step.REPORT):
            had = self._parts.rail.states[step] in (StepState.DONE, StepState.ATTENTION)
            self._parts.rail.set_state(step, StepState.STALE if had else StepState.NOT_YET)
        self._running(self.tr("Analysing"))

    def correct(self, correction: Correction) -> None:
        """Compute anew what depends on the corrected boxes."""
        self.request, self.correcting = None, correction
        self.runner.start(correct, correction)
        for step in (Step.PRIOR, Step.DIAGNOSIS, Step.REPORT):
            self._parts.rail.set_state(step, StepState.STALE)
        self._running(self.tr("Updating"), show=False)

    def rest(self, words: str = "") -> None:
        """Show that nothing runs."""
        parts = self._parts
        parts.progress_panel.end()
        parts.cancel.hide()
        parts.job_words.setText(words or self.tr("Ready"))
        self._set_running(False)
        self.rested.emit()

    def _running(self, title: str, *, show: bool = True) -> None:
        parts = self._parts
        parts.error_bar.hide()
        parts.progress_panel.begin(title)
        parts.job_words.setText(title)
        parts.cancel.show()
        self._set_running(True)
        self.begun.emit(show)

    def _set_running(self, running: bool) -> None:
        """While a job runs nothing else can be started."""
        parts = self._parts
        parts.import_panel.set_running(running)
        parts.stale_bar.setEnabled(not running)
        for button in parts.diagnosis_panel.accept_buttons.values():
            button.setEnabled(not running)

    def _progressed(self, progress: Progress) -> None:
        parts = self._parts
        parts.progress_panel.show_progress(progress)
        parts.job_words.setText(parts.progress_panel.words())
        parts.rail.set_state(_STEP_OF[progress.stage], StepState.RUNNING)

    def _finished(self, result: Any) -> None:
        corrected, self.correcting = self.correcting, None
        printed, self.printing = self.printing, None
        self.rest()
        tell: Callable[[Any], None]
        if corrected is not None:
            tell = self.case_corrected.emit
        elif printed is not None:
            tell = self.report_printed.emit
        elif isinstance(result, Scan):
            tell = self.scan_read.emit
        elif isinstance(result, ListedSeries):
            tell = self.series_listed.emit
        else:
            tell = self.case_made.emit
        tell(result)

    def _failed(self, sentence: str, advice: str, details: str) -> None:
        self.correcting = self.printing = None
        self.rest()
        self.failed.emit(sentence, advice, details)

    def _cancelled(self) -> None:
        self.correcting = self.printing = None
        self.rest(self.tr("Cancelled; the case folder is as it was."))
        if self.request is not None:
            forget_draft(self.request.out)  # half a patient's case is not left behind in the cache
            self.request = None
        self.cancelled.emit()
