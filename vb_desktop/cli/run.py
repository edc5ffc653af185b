"""`vb-desktop run`: a scan through the whole method, to a case folder and a report."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vb_desktop.cli.progress_bar import progress_bar
from vb_desktop.cli.settings_flags import (
    AcceptGates,
    AllowRemote,
    Changes,
    ConfigFile,
    InputSpace,
    VlmModel,
    VlmName,
    settings_of_flags,
)
from vb_desktop.cli.summary import summary
from vb_desktop.pipeline.progress import Stage


class Until(StrEnum):
    """Where a run may stop."""

    PROCESS = "process"
    LOCALIZE = "localize"
    DIAGNOSE = "diagnose"
    REPORT = "report"


def run(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="NIfTI or DICOM file, folder, zip or DICOMDIR.")],
    out: Annotated[Path, typer.Option("--out", metavar="CASE", help="The case folder to write.")],
    series: Annotated[str | None, typer.Option("--series", metavar="UID", help="Which series (see: series).")] = None,
    until: Annotated[Until, typer.Option("--until", help="The last stage to run.")] = Until.REPORT,
    input_space: Annotated[
        InputSpace | None, typer.Option("--input-space", help="What was already done to the input.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="HD-BET with 1 network, SyN on 1.6 mm (the default).")] = False,
    accurate: Annotated[
        bool, typer.Option("--accurate", help="HD-BET with 5 networks and mirroring, SyN on 1 mm: many minutes.")
    ] = False,
    vlm: VlmName = None,
    vlm_model: VlmModel = None,
    vlm_url: Annotated[
        str | None, typer.Option("--vlm-url", metavar="URL", help="Server of openai, such as http://127.0.0.1:8000/v1.")
    ] = None,
    allow_remote: AllowRemote = False,
    config: ConfigFile = None,
    changes: Changes = None,
    accept_gate: AcceptGates = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run or an existing case.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing case.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print case.json at the end.")] = False,
) -> None:
    """Run a scan through the method: brain, bias, MNI, boxes, priors, diagnosis, report.

    Example: vb-desktop run t1ce.nii.gz --input-space skull-stripped --out cases/0001
    """
    if resume and force:
        raise typer.BadParameter("choose one of --resume and --force")
    settings = settings_of_flags(
        config=config, changes=changes, fast=fast, accurate=accurate, input_space=input_space, vlm=vlm,
        vlm_model=vlm_model, vlm_url=vlm_url, allow_remote=allow_remote,
    )  # fmt: skip

    from vb_desktop.pipeline.run_case import run_case

    with progress_bar(quiet=as_json) as on_progress:
        case = run_case(
            source,
            out,
            settings,
            on_progress,
            series_uid=series,
            until=Stage(str(until)),
            resume=resume,
            force=force,
            accept_gates=accept_gate or [],
        )
    if as_json:
        typer.echo(json.dumps(case.record.model_dump(mode="json", by_alias=True), indent=2))
    else:
        typer.echo(summary(case))
