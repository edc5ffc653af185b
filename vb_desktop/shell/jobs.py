"""What the window asks its worker to do. Each job takes one argument and a listener, and returns what it made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run of the pipeline; the attributes are the arguments of `run_case`."""

    source: Path
    out: Path
    config: Config = field(default_factory=Config)
    series_uid: str | None = None
    until: Stage = Stage.REPORT
    resume: bool = False
    force: bool = False
    accept_gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A reader's corrections of a case's boxes.

    Attributes:
        folder: the case folder.
        before: its boxes as the reader found them.
        after: as they should be.
        out: where the corrected case is to lie; another place than `folder` for a case that must not change.
    """

    folder: Path
    before: BoxBook
    after: BoxBook
    out: Path


def correct(request: Correction, on_progress: OnProgress) -> Path:
    """Compute anew what depends on the boxes and return the case folder.

    Where the boxes themselves have to be marked anew (a case of another version), the corrections lie on top of them.

    Raises:
        LocalizationFailed: somebody else has corrected the case in the meantime.
    """
    import shutil

    from vb_desktop.pipeline.correct_boxes import correct_boxes

    def corrected(book: BoxBook) -> BoxBook:
        if book.edits != request.before.edits:
            raise LocalizationFailed("tumor_localizer.changed_elsewhere")
        return replace(book, drawn=request.after.drawn, edits=request.after.edits)

    if request.out != request.folder and not request.out.exists():
        on_progress(Progress(Stage.OPEN, None, "Copying the case"))
        shutil.copytree(request.folder, request.out)
    return correct_boxes(request.out, corrected, on_progress).folder


def prepare_correction(folder: Path, _: OnProgress) -> None:
    """Do beforehand what each update of a case's boxes needs and what depends on scan and alignment alone."""
    from vb_desktop.pipeline.measurement.measure_case import prepare
    from vb_desktop.pipeline.stage_files import read_processed
    from vb_desktop.pipeline.tumor_localizer.voxel_features import voxel_features

    processed = read_processed(folder)
    prepare(processed)
    voxel_features(processed.volume, processed.mask.voxels)


def print_report(folder: Path, on_progress: OnProgress) -> Path:
    """Write the report of a case anew, with what the reader has written since, and return the case folder."""
    from vb_desktop.pipeline.case_folder import read_case
    from vb_desktop.pipeline.report.write_report import write_report

    on_progress(Progress(Stage.REPORT, None, "Writing the report"))
    write_report(read_case(folder))
    return folder


def analyse(request: RunRequest, on_progress: OnProgress) -> Path:
    """Run the pipeline and return the case folder."""
    from vb_desktop.pipeline.run_case import run_case

    case = run_case(
        request.source,
        request.out,
        request.config,
        on_progress,
        series_uid=request.series_uid,
        until=request.until,
        resume=request.resume,
        force=request.force,
        accept_gates=request.accept_gates,
    )
    return case.folder


def read_scan(source: Path, on_progress: OnProgress) -> Scan:
    """Read a scan without analysing it."""
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    return open_scan(source, None, on_progress)
