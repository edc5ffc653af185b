"""Run one case through the paper's three modules (arXiv 2602.21613): open, process, localize, diagnose, report.

A stage whose inputs (content, settings, models) have not changed since the folder was written is not run again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from vb_desktop.pipeline import stage_files
from vb_desktop.pipeline.case import Localization, ProcessedScan, Scan
from vb_desktop.pipeline.case_folder import Case, append_log, read_case, read_record, write_record
from vb_desktop.pipeline.case_record import (
    CaseRecord,
    DiagnosisRecord,
    GateRecord,
    GradeRecord,
    MessageRecord,
    ProvenanceRecord,
    StageRecord,
)
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.draft import draft_of
from vb_desktop.pipeline.errors import CaseFolderError, VBError
from vb_desktop.pipeline.fingerprints import (
    content_hash,
    digest,
    localizing_models,
    processing_models,
    provenance,
    with_versions_of,
)
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.plugins import require
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore
from vb_desktop.pipeline.reader import reader
from vb_desktop.pipeline.reading import carry_reading, forget_reading
from vb_desktop.pipeline.streamed_boxes import with_corners
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook
from vb_desktop.pipeline.tumor_localizer.vlm import check_vlm_settings, read_prompt

if TYPE_CHECKING:
    from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor

ORDER = tuple(Stage)
BOXES = "boxes"
"""The first half of localising, which a reader's correction leaves as it is."""
STEPS = (Stage.OPEN, Stage.PROCESS, BOXES, Stage.LOCALIZE, Stage.DIAGNOSE, Stage.REPORT)
"""Whatever is recorded and taken from before, in its order."""

Correct = Callable[[BoxBook], BoxBook]


def unchanged(book: BoxBook) -> BoxBook:
    """No correction."""
    return book


def run_case(
    source: Path,
    out: Path,
    config: Config,
    on_progress: OnProgress = ignore,
    *,
    series_uid: str | None = None,
    until: Stage = Stage.REPORT,
    resume: bool = False,
    force: bool = False,
    accept_gates: Sequence[str] = (),
    correct: Correct = unchanged,
) -> Case:
    """Run a scan through the method and write the case folder.

    Args:
        source: a NIfTI file, a DICOM file, a folder with one series, or a case folder (its scan, with its identity).
        out: the case folder; it changes only at the end and at a stroke.
        config: every setting.
        on_progress: hears of each step.
        series_uid: which series of the folder.
        until: the last stage to run.
        resume: go on with an interrupted run or with the case at `out`.
        force: replace the case at `out`.
        accept_gates: red quality gates that the reader accepts by name.
        correct: the reader's corrections of the boxes, on top of those of before.

    Returns:
        The case as it lies at `out`.

    Raises:
        VBError: with a sentence for the user; `out` is then as it was before.
    """
    require("skull_strippers", config.skull_stripping.method)  # said now, not after minutes of work
    require("registrations", config.registration.method)
    require("vlm_backends", config.vlm.backend)
    require("backbones", config.diagnose.backbone)
    check_vlm_settings(config.vlm)
    try:
        with draft_of(out, resume=resume, force=force) as folder:
            run = _Run(folder, config, on_progress, until)
            scan = run.open(source, series_uid, out)
            processed = run.process(scan, accept_gates)
            located = run.localize(processed, correct)
            run.diagnose(scan, processed, located)
            run.report()
            run.finish()
            carry_reading(out.expanduser().absolute(), folder)
    except MemoryError as error:
        raise VBError("case.out_of_memory") from error
    return read_case(out.expanduser().absolute())


class _Run:
    """The stages over one folder: what may be taken from before is taken, what was made is written and recorded.

    The record begins as the one from before, so that a run that is killed loses nothing of it: neither what the next
    one may take nor the reader's corrections. What this run did not come to is dropped at its end.
    """

    def __init__(self, folder: Path, config: Config, on_progress: OnProgress, until: Stage) -> None:
        self.folder, self.config, self.on_progress, self.until = folder, config, on_progress, until
        self.before: CaseRecord | None = None
        with suppress(CaseFolderError):  # a draft killed before its first record
            self.before = read_record(folder)
        self.now = provenance(config)
        self.record = self._new_record()
        if self.before is not None:
            kept = {name: getattr(self.before, name) for name in _KEPT}
            kept["provenance"] = with_versions_of(self.now, self.before.provenance)
            self.record = self.record.model_copy(update=kept)
        append_log(folder, "run", until=str(until), resumed=self.before is not None, version=self.now.version)

    def open(self, source: Path, series_uid: str | None, out: Path) -> Scan | None:
        """A scan in native space, identity kept apart."""
        from vb_desktop.pipeline.scan_import.open_scan import open_scan

        self.on_progress(Progress(Stage.OPEN, None, "Reading the scan"))
        case = read_record(source) if (source / "case.json").is_file() else None
        known = case.stages.get(Stage.OPEN) if case is not None else None
        if known is not None and stage_files.sound(source, known.files):
            inputs = known.inputs
        else:
            inputs = digest(content_hash(source, without=out), series_uid, self.now.version)
        started = time.perf_counter()
        if before := self._unchanged(Stage.OPEN, inputs):
            scan = stage_files.read_scan(self.folder, before)
        else:
            if case is not None:
                scan = stage_files.read_scan(source, case)
            else:
                scan = open_scan(source, series_uid, self.on_progress)
            self._forget_another_scan(inputs, scan)
            stage_files.write_scan(self.folder, scan)
        self._done(
            Stage.OPEN, inputs, started, cached=before is not None,
            technique=scan.technique, synthetic=scan.synthetic, remarks=_records(scan.remarks),
        )  # fmt: skip
        return scan

    def process(self, scan: Scan | None, accepted: Sequence[str]) -> ProcessedScan | None:
        """Eq. 1: HD-BET, N4, SyN, and the quality gates of the result."""
        if scan is None or self._ends_before(Stage.PROCESS):
            return None
        from vb_desktop.pipeline.mri_processor.gates import quality_gates
        from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor

        settings = self.config
        inputs = self._digest(Stage.PROCESS, self._inputs(Stage.OPEN), processing_models(settings))
        if settings.registration.lesion_mask != "off":
            inputs = digest(inputs, settings.vlm, settings.coarse, settings.refine, localizing_models(settings))
        started = time.perf_counter()
        if before := self._unchanged(Stage.PROCESS, inputs):
            processed = stage_files.read_processed(self.folder)
            gates, said = before.gates, before.stages[Stage.PROCESS].remarks
            made_with = before.stages[Stage.PROCESS].made_with
        else:
            self._forget(Stage.PROCESS)
            processor = MRIProcessor(settings)
            processed = processor(scan, self.folder, self.on_progress)
            if settings.registration.lesion_mask == "second-pass":
                processed = self._second_pass(processor, scan, processed)
            said, made_with = _records(processed.remarks), processed.made_with
            stage_files.write_processed(self.folder, processed)
            gates = quality_gates(scan, processed)
        gates = self._accept(gates, accepted)
        self._done(
            Stage.PROCESS, inputs, started, cached=before is not None, seconds=processed.seconds, gates=gates,
            remarks=said, made_with=made_with,
        )  # fmt: skip
        return processed

    def _second_pass(self, processor: MRIProcessor, scan: Scan, first: ProcessedScan) -> ProcessedScan:
        """The alignment once more, without what a first look marks; `localize` looks anew at the result."""
        from vb_desktop.pipeline.mri_processor.lesion import second_pass
        from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer

        self.on_progress(Progress(Stage.PROCESS, None, "Looking for the lesion, to leave it out of the alignment"))
        localizer = TumorLocalizer(self.config)
        found = localizer.find(first, ignore)
        located = localizer.with_boxes(first, found.boxes, found.slices_looked_at, ignore)
        return second_pass(processor, scan, first, located.refined_prior, self.folder, self.on_progress)

    def localize(self, processed: ProcessedScan | None, correct: Correct = unchanged) -> Localization | None:
        """Eq. 2-5: boxes slice by slice, coarse prior, refined prior; measured in native space."""
        if processed is None or self._ends_before(Stage.LOCALIZE):
            return None
        from vb_desktop.pipeline.measurement.measure_case import measure_case
        from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer

        prompt = read_prompt(self.config.vlm.prompt)
        models = localizing_models(self.config)
        found_inputs = self._digest(BOXES, self._inputs(Stage.PROCESS), prompt, *filter(None, [models]))
        started = time.perf_counter()
        localizer = None
        book = stage_files.read_book(self.before) if self.before else BoxBook.of_found(())
        if marked := self._unchanged(BOXES, found_inputs):
            looked_at, said = marked.slices_looked_at, marked.stages[BOXES].remarks
        else:
            localizer = TumorLocalizer(self.config)
            if sends_to := getattr(localizer.vlm, "sends_to", None):
                append_log(self.folder, "slices sent with consent", to=sends_to, by=reader())
            tell = with_corners(self.on_progress, processed)
            found = localizer.find(processed, tell)
            tell(Progress(Stage.LOCALIZE, None, "Stacking and smoothing the boxes"))  # the last boxes with it
            book, looked_at, said = book.found_anew(found.boxes), found.slices_looked_at, _records(found.remarks)
        book = correct(book)
        boxes = stage_files.box_records(book, processed)
        self._done(
            BOXES, found_inputs, started, cached=marked is not None, boxes=boxes, slices_looked_at=looked_at,
            box_edits=stage_files.box_edit_records(book), remarks=said,
        )  # fmt: skip

        in_force = [box.model_dump(exclude={"native_corners_mm"}) for box in self.record.boxes_in_force]
        inputs = self._digest(Stage.LOCALIZE, found_inputs, in_force)
        started = time.perf_counter()
        if before := self._unchanged(Stage.LOCALIZE, inputs):
            located = stage_files.read_localization(self.folder, before)
            measured, evidence, said = before.measurements, before.evidence, before.stages[Stage.LOCALIZE].remarks
        else:
            self._forget(Stage.LOCALIZE)
            localizer = localizer or TumorLocalizer(self.config)
            located = localizer.with_boxes(processed, tuple(book.in_force.values()), looked_at, self.on_progress)
            native = stage_files.write_localization(self.folder, located, processed)
            measured, evidence = [], [GradeRecord.of(grade) for grade in located.grades]
            said = _records([*located.remarks, *book.remarks()])
            if located.refined_prior is not None:
                measured = measure_case(processed, located.refined_prior, native)
        self._done(
            Stage.LOCALIZE, inputs, started, cached=before is not None, measurements=measured, remarks=said,
            evidence=evidence, seconds={"boxes": self.record.stages[BOXES].seconds} | located.seconds,
        )  # fmt: skip
        return located

    def diagnose(self, scan: Scan | None, processed: ProcessedScan | None, found: Localization | None) -> None:
        """Eq. 6-9 and Grad-CAM; nothing where there is no prior or a red gate is open."""
        if scan is None or processed is None or found is None or self._ends_before(Stage.DIAGNOSE):
            return
        prior = found.refined_prior
        inputs = self._digest(Stage.DIAGNOSE, self._inputs(Stage.LOCALIZE), self.now.models)
        started = time.perf_counter()
        if self.record.open_red_gates or (prior is None and not self.config.diagnose.without_prior):
            self._forget(Stage.DIAGNOSE)
            self._done(Stage.DIAGNOSE, inputs, started, state="skipped")
            return
        if before := self._unchanged(Stage.DIAGNOSE, inputs):
            self._done(Stage.DIAGNOSE, inputs, started, cached=True, diagnosis=before.diagnosis)
            return
        from vb_desktop.pipeline.adaptive_diagnoser.adaptive_diagnoser import AdaptiveDiagnoser

        self._forget(Stage.DIAGNOSE)
        diagnosis = AdaptiveDiagnoser(self.config)(
            processed, prior, self.on_progress, coarse_prior=found.coarse_prior, age=scan.identity.years
        )
        stage_files.write_diagnosis(self.folder, diagnosis, processed)
        said = DiagnosisRecord(
            classes=diagnosis.probabilities,
            set90=list(diagnosis.set90),
            abstain=diagnosis.abstain,
            ood=diagnosis.ood,
            cam_in_prior=diagnosis.cam_in_prior,
            remarks=_records(diagnosis.remarks),
            grades=[GradeRecord.of(grade) for grade in diagnosis.grades],
            spread=diagnosis.spread,
            cam=diagnosis.cam,
        )
        self._done(Stage.DIAGNOSE, inputs, started, seconds=diagnosis.seconds, diagnosis=said)

    def report(self) -> None:
        """The PDF. The status is settled here: it says what the case came to."""
        self._forget(Stage.REPORT)  # an older page must not outlive its result
        if self._ends_before(Stage.REPORT):
            return
        from vb_desktop.pipeline.report.write_report import write_report

        self.on_progress(Progress(Stage.REPORT, None, "Writing the report"))
        gates = [gate.model_dump() for gate in self.record.gates]
        inputs = self._digest(Stage.REPORT, self._inputs(Stage.DIAGNOSE), gates)
        started = time.perf_counter()
        self.record = self.record.model_copy(update={"status": self._status(), "provenance": self._provenance()})
        write_record(self.folder, self.record)
        write_report(read_case(self.folder))
        self._done(Stage.REPORT, inputs, started)
        append_log(self.folder, "finished", status=self.record.status)

    def finish(self) -> None:
        """Drop what is of a stage behind the last one: the folder is as a new run to there leaves it."""
        last = STEPS.index(self.until)
        for step in STEPS[last + 1 :]:
            self._forget(step)
        self.record = self.record.model_copy(update={"provenance": self._provenance()})
        write_record(self.folder, self.record)

    def _status(self) -> str:
        if self.record.open_red_gates:
            return "withheld"
        return "done" if self.record.diagnosis is not None else "no_tumour_found"

    def _accept(self, gates: list[GateRecord], accepted: Sequence[str]) -> list[GateRecord]:
        known = {gate.id: gate.state for gate in gates}
        for name in accepted:
            if name not in known:
                raise VBError("case.gate_unknown", gate=name, known=", ".join(sorted(known)))
            if known[name] == "red":
                append_log(self.folder, "gate accepted", gate=name, by=reader())
        return [
            gate.model_copy(update={"accepted_by": reader()}) if gate.id in accepted and gate.state == "red" else gate
            for gate in gates
        ]

    def _ends_before(self, stage: Stage) -> bool:
        return ORDER.index(stage) > ORDER.index(self.until)

    def _digest(self, step: str, *others: Any) -> str:
        return digest(*others, *(getattr(self.config, section) for section in _SETTINGS[step]))

    def _inputs(self, stage: Stage) -> str:
        return self.record.stages[stage].inputs

    def _unchanged(self, step: str, inputs: str) -> CaseRecord | None:
        """The record from before, where this step need not run again."""
        if self.before is None:
            return None
        known = self.before.stages.get(step)
        if known is None or known.inputs != inputs or known.state not in ("done", "cached"):
            return None
        return self.before if stage_files.sound(self.folder, known.files) else None

    def _forget(self, step: str) -> None:
        """Remove what a step has left, first of all the word that it is done: a kill may come in the middle."""
        stages = {name: stage for name, stage in self.record.stages.items() if name != step}
        results = _RESULTS[step]
        if step == BOXES and self.record.box_edits:
            results = {}  # the reader's boxes outlive the program's, and what they replaced goes with them
        self.record = self.record.model_copy(update={"stages": stages, "remarks": _remarks(stages), **results})
        write_record(self.folder, self.record)
        stage_files.clear(self.folder, step)

    def _forget_another_scan(self, inputs: str, scan: Scan) -> None:
        """Nothing of one scan, a reader's boxes least of all, is carried over to another."""
        known = self.before.stages.get(Stage.OPEN) if self.before is not None else None
        if self.before is None or (known and known.inputs == inputs) or stage_files.same_scan(self.folder, scan):
            return
        self.before = None
        self.record = self._new_record()
        write_record(self.folder, self.record)
        for step in STEPS:
            stage_files.clear(self.folder, step)
        forget_reading(self.folder)
        append_log(self.folder, "another scan")

    def _provenance(self) -> ProvenanceRecord:
        """With what the result was made: where a step was taken from before, with the versions of then too."""
        taken = any(stage.state == "cached" for stage in self.record.stages.values())
        return with_versions_of(self.now, self.before.provenance) if taken and self.before else self.now

    def _done(
        self,
        stage: str,
        inputs: str,
        started: float,
        *,
        cached: bool = False,
        state: str = "done",
        seconds: dict[str, float] | None = None,
        remarks: Sequence[MessageRecord] = (),
        made_with: dict[str, str] | None = None,
        **results: Any,
    ) -> None:
        """Record a stage; a draft that is killed after this goes on behind it."""
        parts = {name: round(value, 2) for name, value in (seconds or {}).items()}
        took = time.perf_counter() - started
        known = self.record.stages.get(stage)
        made = self.record.stages | {
            str(stage): StageRecord(
                state="cached" if cached else state,  # type: ignore[arg-type]  # pydantic checks it
                seconds=round(took, 2),
                inputs=inputs,
                parts=parts,
                remarks=list(remarks),
                made_with=made_with or {},
                files=known.files if cached and known else stage_files.files_of(self.folder, stage),
            )
        }
        stages = {step: made[step] for step in map(str, STEPS) if step in made}
        results["remarks"] = _remarks(stages)
        self.record = self.record.model_copy(update={"stages": stages, **results})
        write_record(self.folder, self.record)
        append_log(self.folder, "stage", name=str(stage), state=stages[str(stage)].state, seconds=round(took, 2))

    def _new_record(self) -> CaseRecord:
        return CaseRecord(
            case_id=uuid4().hex[:12],
            status="partial",
            created=datetime.now(UTC).replace(microsecond=0),
            config=self.config.model_dump(mode="json"),
            provenance=self.now,
            stages={},
        )


_SETTINGS: dict[str, tuple[str, ...]] = {
    Stage.OPEN: (),
    Stage.PROCESS: ("input", "skull_stripping", "bias_field", "registration"),
    BOXES: ("vlm",),
    Stage.LOCALIZE: ("coarse", "refine"),
    Stage.DIAGNOSE: ("diagnose",),
    Stage.REPORT: ("report",),
}
"""Sections of the settings that a step depends on, beside what it takes from the step before."""
_RESULTS: dict[str, dict[str, Any]] = {
    Stage.OPEN: {"technique": {}, "synthetic": False},
    Stage.PROCESS: {"gates": []},
    BOXES: {"boxes": [], "slices_looked_at": 0},
    Stage.LOCALIZE: {"measurements": [], "evidence": []},
    Stage.DIAGNOSE: {"diagnosis": None},
    Stage.REPORT: {"status": "partial"},
}
"""What the record says of a step that has not been done."""
_KEPT = {"case_id", "created", "stages", "remarks", "box_edits"}.union(*_RESULTS.values()) - {"status"}
"""Fields of the record from before with which a run begins."""


def _remarks(stages: dict[str, StageRecord]) -> list[MessageRecord]:
    return [remark for stage in stages.values() for remark in stage.remarks]


def _records(messages: Sequence[Message]) -> list[MessageRecord]:
    return [MessageRecord.of(message) for message in messages]
