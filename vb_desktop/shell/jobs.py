"""What the window asks its worker to do. Each job takes one argument and a listener, and returns what it made."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.progress import OnProgress, Stage


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
