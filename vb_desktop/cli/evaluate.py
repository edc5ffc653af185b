"""`vb-desktop evaluate`: measure a stage on cases with an expert's segmentation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vb_desktop.cli.settings_flags import (
    AccurateAsRun,
    Changes,
    ConfigFile,
    FastAsRun,
    InputSpace,
    VlmName,
    settings_of_flags,
)

if TYPE_CHECKING:
    from vb_desktop.pipeline.evaluation.evaluate_localization import CaseResult

app = typer.Typer(help="Measure a stage on cases with an expert's segmentation.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure a stage on cases with an expert's segmentation."""


@app.command("localization")
def localization(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Subfolders with t1ce.nii.gz and seg.nii.gz; without seg: controls."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="metrics.json", help="Write the figures as JSON.")
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", metavar="DIR", help="Score these boxes, a JSON file a case, e.g. out-of-fold."),
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE.png", help="Write a contact sheet of all cases.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option("--work", metavar="DIR", help="Keeps processed cases, so that a second run is quick.")
    ] = None,
    input_space: Annotated[
        InputSpace | None, typer.Option("--input-space", help="What was already done to the scans; else found out.")
    ] = None,
    fast: FastAsRun = False,
    accurate: AccurateAsRun = False,
    vlm: VlmName = None,
    config: ConfigFile = None,
    changes: Changes = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead of the table.")] = False,
) -> None:
    """Score boxes and priors against the expert's tumour core (labels 1 + 4), by case and by group.

    Slices with less than 20 mm2 of core are left out. A 3D hit: the centre of mass of the refined prior's largest
    component lies in the core dilated by 4 mm, and the prior is at most 5 times the core. Intervals are bootstrapped
    over cases.

    Example: vb-desktop evaluate localization tumours3d --out metrics.json --sheet cases.png
    """
    settings = settings_of_flags(
        config=config, changes=changes, fast=fast, accurate=accurate, input_space=input_space, vlm=vlm
    )

    from vb_desktop.pipeline.atomic import write_text
    from vb_desktop.pipeline.evaluation.evaluate_localization import evaluate_localization, plain
    from vb_desktop.pipeline.evaluation.expert_cases import find_cases
    from vb_desktop.pipeline.evaluation.group_table import plain_summary, table

    cases = find_cases(folder)

    def tell(result: CaseResult, seconds: float) -> None:
        hit = {None: "control", True: "hit", False: "missed"}[result.hit]
        done = f"{result.name}: {result.boxes} boxes, {hit}, {seconds:.0f} s"
        typer.echo(done, err=True)

    results = evaluate_localization(cases, settings, work or _processed_cases(), predictions=predictions, on_case=tell)
    figures = {
        "schema": 1,
        "config": settings.model_dump(mode="json"),
        "predictions": predictions is not None,
        "cases": [plain(result) for result in results],
        **plain_summary(results),
    }
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_text(out, json.dumps(figures, indent=2) + "\n")
    if sheet is not None:
        from vb_desktop.pipeline.evaluation.contact_sheet import contact_sheet

        sheet.parent.mkdir(parents=True, exist_ok=True)
        contact_sheet(results, sheet)
    typer.echo(json.dumps(figures, indent=2) if as_json else table(results))


def _processed_cases() -> Path:
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("vb-desktop", appauthor=False)) / "processed-cases"
