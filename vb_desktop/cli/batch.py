"""`vb-desktop batch`: a folder of scans through the whole method, several at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from vb_desktop.cli.run import Until
from vb_desktop.cli.settings_flags import (
    AcceptGates,
    AccurateAsRun,
    AllowRemote,
    Changes,
    ConfigFile,
    FastAsRun,
    InputSpace,
    VlmModel,
    VlmName,
    settings_of_flags,
)
from vb_desktop.pipeline.progress import Stage


def batch(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A cohort, or a folder of NIfTI files or patients.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="A case folder each, tables, index.html.")],
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Cases at once, 2 to 3 GB each; 1.")] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose workers see the same files."),
    ] = None,
    until: Annotated[Until, typer.Option("--until", help="The last stage to run.")] = Until.REPORT,
    input_space: Annotated[
        InputSpace | None, typer.Option("--input-space", help="What was already done to all scans.")
    ] = None,
    fast: FastAsRun = False,
    accurate: AccurateAsRun = False,
    vlm: VlmName = None,
    vlm_model: VlmModel = None,
    vlm_url: Annotated[str | None, typer.Option("--vlm-url", metavar="URL", help="Server of openai.")] = None,
    allow_remote: AllowRemote = False,
    config: ConfigFile = None,
    changes: Changes = None,
    accept_gate: AcceptGates = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace cases that are there; without it the batch goes on.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """Run every scan of a folder; failures are listed and don't end it, but exit status 1 tells of them.

    Example: vb-desktop batch incoming --out cases --jobs 2 --input-space skull-stripped
    """
    if jobs is not None and scheduler is not None:
        raise typer.BadParameter("choose one of --jobs and --scheduler")
    settings = settings_of_flags(
        config=config, changes=changes, fast=fast, accurate=accurate, input_space=input_space, vlm=vlm,
        vlm_model=vlm_model, vlm_url=vlm_url, allow_remote=allow_remote,
    )  # fmt: skip

    from vb_desktop.cli.counter import counter
    from vb_desktop.pipeline.cohort.run_batch import BatchOptions, find_batch, run_batch
    from vb_desktop.pipeline.report.overview import FAILED, INDEX, TABLE

    cases = find_batch(folder)
    options = BatchOptions(
        until=Stage(str(until)), force=force, accept_gates=tuple(accept_gate or ()), space_given=input_space is not None
    )
    with counter("Cases", quiet=as_json) as tell:
        rows = run_batch(
            cases, out, settings, options, jobs=jobs or 1, scheduler=scheduler,
            on_case=lambda done, of, row: tell(done, of),
        )  # fmt: skip
    failed = [row for row in rows if row["status"] == FAILED]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for row in failed:
            typer.echo(f"Failed: {row['case']}: {row['error']}", err=True)
        typer.echo(f"{len(rows) - len(failed)} of {len(rows)} cases done; table: {out / TABLE}; page: {out / INDEX}")
    if failed:
        raise typer.Exit(1)
