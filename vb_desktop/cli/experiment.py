"""`vb-desktop experiment`: the paper's tables and Figure 7 on a cohort."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vb_desktop.cli.settings_flags import ConfigFile
from vb_desktop.cli.train import Preset
from vb_desktop.cli.training_options import split_changes

if TYPE_CHECKING:
    from vb_desktop.pipeline.experiment.rows import Row

app = typer.Typer(help="The paper's tables and Figure 7 on a cohort.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The cohort: class folders, a table, or BIDS.")]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Results and report; run again to go on.")]
Presets = Annotated[Preset, typer.Option("--preset", help="Recipe to start from.")]
Folds = Annotated[int, typer.Option("--folds", min=2, help="By patient; the same for all rows and seeds.")]
Seeds = Annotated[str, typer.Option("--seeds", metavar="0,1,2", help="Of weights, order and augmentation.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Processes, each one thread or one GPU.")]
Rows = Annotated[str, typer.Option("--rows", metavar="A,B", help="Only these rows.")]
Prepared = Annotated[
    Path | None, typer.Option("--prepared", metavar="DIR", help="Keeps prepared cases; OUT/prepared unless given.")
]
ReportOnly = Annotated[bool, typer.Option("--report-only", help="Train nothing; report what is done.")]
Accelerator = Annotated[str, typer.Option("--accelerator", help="Lightning: auto, cpu, gpu, mps.")]
Devices = Annotated[str, typer.Option("--devices", help="Lightning; auto: each process takes a GPU in turn.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Of the recipe (epochs=50) or the settings (refine.tau=0.7)."),
]


@app.callback()
def experiment() -> None:
    """The paper's tables and Figure 7 on a cohort."""


@app.command("ablation")
def ablation(
    folder: Folder,
    out: Out,
    preset: Presets = Preset.PAPER,
    folds: Folds = 5,
    seeds: Seeds = "0",
    jobs: Jobs = 1,
    rows: Rows = "",
    prepared: Prepared = None,
    report_only: ReportOnly = False,
    accelerator: Accelerator = "auto",
    devices: Devices = "auto",
    config: ConfigFile = None,
    changes: Changes = None,
) -> None:
    """Table 2 and Figure 7 (a, c): no localisation, coarse and refined prior, each with and without MCA.

    Interrupted, the same command goes on with the trainings that are missing; a second process may share the work.

    Example: vb-desktop experiment ablation DeepSite-MRI --folds 5 --seeds 0,1,2 --jobs 4 --out ablation
    """
    from vb_desktop.pipeline.experiment.rows import ablation_rows

    _run(
        "ablation", ablation_rows(_names(rows)), folder, out, preset, folds, seeds, jobs, prepared, report_only,
        accelerator, devices, config, changes,
    )  # fmt: skip


@app.command("backbones")
def backbones(
    folder: Folder,
    out: Out,
    preset: Presets = Preset.PAPER,
    folds: Folds = 5,
    seeds: Seeds = "0",
    jobs: Jobs = 1,
    rows: Rows = "",
    prepared: Prepared = None,
    report_only: ReportOnly = False,
    accelerator: Accelerator = "auto",
    devices: Devices = "auto",
    config: ConfigFile = None,
    changes: Changes = None,
) -> None:
    """Table 3 and Figure 7 (b): the full model with each backbone, and with ConvNeXt3D.

    Interrupted, the same command goes on with the trainings that are missing; a second process may share the work.

    Example: vb-desktop experiment backbones DeepSite-MRI --folds 5 --jobs 4 --out backbones
    """
    from vb_desktop.pipeline.experiment.rows import backbone_rows

    _run(
        "backbones", backbone_rows(str(preset), _names(rows)), folder, out, preset, folds, seeds, jobs, prepared,
        report_only, accelerator, devices, config, changes,
    )  # fmt: skip


def _run(
    kind: str,
    rows: tuple[Row, ...],
    folder: Path,
    out: Path,
    preset: Preset,
    folds: int,
    seeds: str,
    jobs: int,
    prepared: Path | None,
    report_only: bool,
    accelerator: str,
    devices: str,
    config: Path | None,
    changes: list[str] | None,
) -> None:
    settings, base = split_changes(config, changes or [], str(preset))
    chosen = _seeds(seeds)

    from vb_desktop.cli.counter import counter
    from vb_desktop.pipeline.cohort.read_cohort import read_cohort
    from vb_desktop.pipeline.experiment.rows import LOCALISERS
    from vb_desktop.pipeline.experiment.run_experiment import run_experiment
    from vb_desktop.pipeline.experiment.tables import make_table
    from vb_desktop.pipeline.experiment.units import Experiment, finished, keep_setup
    from vb_desktop.pipeline.experiment.write_report import summary_lines, write_report
    from vb_desktop.pipeline.training.diagnoser.folds import stratified_folds
    from vb_desktop.pipeline.training.diagnoser.hardware import Hardware
    from vb_desktop.pipeline.training.diagnoser.train_diagnoser import load_training_set

    cohort = read_cohort(folder)
    localized = any(row.changes.get("localization") != "none" for row in rows)
    load = partial(
        load_training_set, cohort, base, settings, prepared or out / "prepared", folds=folds, localized=localized
    )
    started = time.perf_counter()
    with counter("Preparing cases") as on_case:
        data = load(jobs=jobs, on_case=on_case, say=lambda text: typer.echo(text, err=True))
    took = time.perf_counter() - started
    setup = Experiment(
        kind=kind,
        preset=str(preset),
        base=base,
        rows=rows,
        folds=folds,
        seeds=chosen,
        localiser=LOCALISERS.get(settings.vlm.backend, settings.vlm.backend),
    )
    keep_setup(out, setup, data)
    fold_of = stratified_folds(data.patients, data.labels.tolist(), folds)
    if report_only:
        done = finished(setup, data, fold_of, out)
    else:
        done = run_experiment(
            setup,
            data,
            load,
            fold_of,
            out,
            jobs=jobs,
            hardware=Hardware(accelerator=accelerator, devices=devices),
            say=lambda text: typer.echo(text, err=True),
        )
    table = make_table(setup, done, data.names, data.labels)
    if not table.rows:
        typer.echo(f"{len(done)} of {len(setup.units)} trainings are done; no row is complete yet.", err=True)
        raise typer.Exit(1)
    report = write_report(setup, table, data, out, prepared_in=f"{took / 60:.0f} minutes" if took > 300 else "")
    for line in summary_lines(setup, table):
        typer.echo(line)
    typer.echo(f"Report: {report}")


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _seeds(text: str) -> tuple[int, ...]:
    try:
        found = tuple(int(part) for part in _names(text))
    except ValueError:
        found = ()
    if not found or len(set(found)) < len(found) or min(found) < 0:
        raise typer.BadParameter("seeds are different whole numbers, such as 0,1,2", param_hint="--seeds")
    return found
