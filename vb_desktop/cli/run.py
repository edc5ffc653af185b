"""`vb-desktop run`: a scan through the whole method, to a case folder and a report."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from vb_desktop.cli.progress_bar import progress_bar
from vb_desktop.cli.summary import summary
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import ConfigError
from vb_desktop.pipeline.progress import Stage

FAST: dict[str, Any] = {
    "skull_stripping.folds": 1,
    "skull_stripping.mirroring": False,
    "registration.spacing_mm": 1.6,
}
ACCURATE: dict[str, Any] = {
    "skull_stripping.folds": 5,
    "skull_stripping.mirroring": True,
    "registration.spacing_mm": 1.0,
}


class Until(StrEnum):
    """Where a run may stop."""

    PROCESS = "process"
    LOCALIZE = "localize"
    DIAGNOSE = "diagnose"
    REPORT = "report"


class InputSpace(StrEnum):
    """What was already done to the input."""

    NATIVE = "native"
    SKULL_STRIPPED = "skull-stripped"
    MNI = "mni"


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
    vlm: Annotated[str | None, typer.Option("--vlm", metavar="NAME", help="What marks the boxes.")] = None,
    vlm_model: Annotated[
        str | None,
        typer.Option("--vlm-model", metavar="PATH_OR_ID", help="Checkpoint of qwen3-vl, or model of the server."),
    ] = None,
    vlm_url: Annotated[
        str | None, typer.Option("--vlm-url", metavar="URL", help="Server of openai, such as http://127.0.0.1:8000/v1.")
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Send slices (pixels only) to a server that is not this machine.")
    ] = False,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE.toml", help="Settings.")] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="One setting; may be repeated.")
    ] = None,
    accept_gate: Annotated[
        list[str] | None, typer.Option("--accept-gate", metavar="ID", help="Accept a red quality gate by its name.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run or an existing case.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing case.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print case.json at the end.")] = False,
) -> None:
    """Run a scan through the method: brain, bias, MNI, boxes, priors, diagnosis, report.

    Example: vb-desktop run t1ce.nii.gz --input-space skull-stripped --out cases/0001
    """
    if fast and accurate:
        raise typer.BadParameter("choose one of --fast and --accurate")
    if resume and force:
        raise typer.BadParameter("choose one of --resume and --force")
    named: dict[str, Any] = {}
    if fast or accurate:
        named |= ACCURATE if accurate else FAST
    if input_space is not None:
        named["input.space"] = str(input_space)
    if vlm is not None:
        named["vlm.backend"] = vlm
    if vlm_model is not None:
        named["vlm.model"] = vlm_model
    if vlm_url is not None:
        named["vlm.url"] = vlm_url
    if allow_remote:
        named["vlm.allow_remote"] = True
    settings = Config.load(config, parse_changes(changes or []) | named)

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


def parse_changes(changes: list[str]) -> dict[str, str]:
    """`["refine.tau=0.5"]` -> `{"refine.tau": "0.5"}`.

    Raises:
        ConfigError: a change without "=".
    """
    parsed = {}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            raise ConfigError("config.unknown_key", key=change)
        parsed[key.strip()] = value.strip()
    return parsed
