"""`vb-desktop cohort`: look a cohort over before training, or draw a synthetic one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Look a cohort over, or draw a synthetic one.", no_args_is_help=True)


@app.callback()
def cohort() -> None:
    """Look a cohort over, or draw a synthetic one."""


@app.command("check")
def check(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Class folders, a table with labels (CSV, TSV, XLSX), or BIDS.")
    ],
    folds: Annotated[int, typer.Option("--folds", min=2, help="Of the cross-validation that is meant.")] = 5,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes that read.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print all as JSON.")] = False,
) -> None:
    """Say what was understood of a cohort, and what would spoil a training; exit status 1 if something prevents it.

    Example: vb-desktop cohort check DeepSite-MRI
    """
    from vb_desktop.cli.counter import counter
    from vb_desktop.pipeline.cohort.check import check_cohort

    with counter("Reading the scans", quiet=as_json) as on_case:
        found = check_cohort(folder, folds=folds, jobs=jobs, on_case=on_case)
    told = found.plain()
    typer.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else _words(told))
    if not found.fit:
        raise typer.Exit(1)


@app.command("synthesize")
def synthesize(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to write; run again to go on.")],
    n: Annotated[int, typer.Option("--n", min=4, max=10_000, help="Patients.")] = 249,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed and n give the same files.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes.")] = 1,
    whole_heads: Annotated[
        int, typer.Option("--whole-heads", min=0, help="Write a native whole head beside the first so many, too.")
    ] = 0,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE.png", help="Write a picture of the first 24 patients.")
    ] = None,
) -> None:
    """Draw a synthetic cohort: one brain tumour of a known class each, in MNI space, with the truth beside it.

    Example: vb-desktop cohort synthesize --n 249 --seed 0 --out synthetic
    """
    from vb_desktop.cli.counter import counter
    from vb_desktop.pipeline.cohort.contact_sheet import contact_sheet
    from vb_desktop.pipeline.cohort.read_cohort import read_cohort
    from vb_desktop.pipeline.cohort.synthesize import refuse_other_content
    from vb_desktop.pipeline.cohort.synthesize import synthesize as draw

    refuse_other_content(out, n, seed)
    with counter("Drawing patients") as on_case:
        draw(out, n, seed, jobs=jobs, whole_heads=min(whole_heads, n), on_case=on_case)
    drawn = read_cohort(out)
    if sheet is not None:
        sheet.parent.mkdir(parents=True, exist_ok=True)
        contact_sheet(drawn.cases[:24], sheet)
    counts = ", ".join(f"{label} {count}" for label, count in sorted(drawn.counts.items()))
    typer.echo(f"{len(drawn.cases)} synthetic patients in {out}: {counts}. They were drawn, not scanned.")


def _words(told: dict[str, Any]) -> str:
    lines = [f"{told['folder']}: {told['layout'] or 'not understood'}{', synthetic' if told['synthetic'] else ''}"]
    lines.append(f"{told['cases']} scans of {told['patients']} patients; {told['several_scans']} with several scans")
    lines += [
        f"  {label:<10} {c['cases']:>5} scans {c['patients']:>5} patients" for label, c in told["classes"].items()
    ]
    ages = told["ages"]
    if ages["known"]:
        known = f"{ages['known']} known, {ages['mean']} ± {ages['sd']} years ({ages['least']:g}-{ages['most']:g})"
        lines.append(f"Ages: {known}")
    for name, key in (("Sexes", "sexes"), ("Input", "spaces")):
        if told[key]:
            lines.append(f"{name}: " + ", ".join(f"{what} {count}" for what, count in sorted(told[key].items())))
    for kind, name in (("errors", "Prevents training"), ("remarks", "Note")):
        for message in told[kind]:
            lines.append(f"{name}: {message['sentence']} {message['advice']}".rstrip())
    lines.append("Fit for training." if told["fit"] else "Not fit for training.")
    return "\n".join(lines)
