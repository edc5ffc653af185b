"""`vb-desktop train`: train a model of the pipeline on one's own cases."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vb_desktop.cli.settings_flags import Changes, ConfigFile, parse_changes
from vb_desktop.cli.training_options import split_changes, training_bar
from vb_desktop.pipeline.config import Config

app = typer.Typer(help="Train a model of the pipeline on one's own cases.", no_args_is_help=True)


class Preset(StrEnum):
    """How long to train."""

    PAPER = "paper"
    LAPTOP = "laptop"
    SMOKE = "smoke"


@app.callback()
def train() -> None:
    """Train a model of the pipeline on one's own cases."""


@app.command("localizer")
def localizer(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Subfolders with t1ce.nii.gz and seg.nii.gz.")],
    out: Annotated[Path, typer.Option("--out", metavar="MODEL_DIR", help="The model's folder; run again to go on.")],
    preset: Annotated[Preset, typer.Option("--preset", help="How long to train.")] = Preset.LAPTOP,
    folds: Annotated[int, typer.Option("--folds", min=2, help="By patient; one network each.")] = 6,
    work: Annotated[
        Path | None, typer.Option("--work", metavar="DIR", help="Checkpoints and pool; MODEL_DIR/work unless given.")
    ] = None,
    processed: Annotated[
        Path | None, typer.Option("--processed", metavar="DIR", help="Keeps processed cases, as evaluate --work does.")
    ] = None,
    attribution: Annotated[
        Path | None,
        typer.Option("--attribution", metavar="FILE", help="Text on whose data it is; goes into the model."),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            "--beside", metavar="FILE.json", help="Figures of another localiser (evaluate --out), for the card."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of everything that is drawn.")] = 0,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Of the processor.")] = 1,
    config: ConfigFile = None,
    changes: Changes = None,
) -> None:
    """Train the slice detector and write its out-of-fold predictions to MODEL_DIR/predictions.

    Cases without a segmentation are left out. Interrupted, the same command goes on from the last checkpoint.

    Example: vb-desktop train localizer tumours3d --folds 6 --out models/localizer
    """
    settings = Config.load(config, parse_changes(changes or []))

    import torch

    from vb_desktop.pipeline.training.localizer.detector_recipe import PRESETS
    from vb_desktop.pipeline.training.localizer.train_localizer import train_localizer

    torch.set_num_threads(threads)
    card = train_localizer(
        folder,
        out,
        dataclasses.replace(PRESETS[str(preset)], seed=seed),
        folds=folds,
        work=work,
        processed=processed,
        config=settings,
        attribution=attribution.read_text(encoding="utf-8") if attribution else "",
        beside=beside or (),
        say=lambda text: typer.echo(text, err=True),
    )
    for metric in card.metrics:
        interval = "" if metric.low is None else f" ({metric.low:.2f}-{metric.high:.2f})"
        typer.echo(f"{metric.name}: {metric.value:.2f}{interval}, n = {metric.n}; {metric.data}")


@app.command("diagnoser")
def diagnoser(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The cohort: class folders, a table with labels, or BIDS.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="MODEL_DIR", help="The model's folder.")],
    preset: Annotated[Preset, typer.Option("--preset", help="Recipe to start from.")] = Preset.PAPER,
    folds: Annotated[int, typer.Option("--folds", min=2, help="By patient; for the figures and the calibration.")] = 5,
    work: Annotated[
        Path | None,
        typer.Option("--work", metavar="DIR", help="Folds, checkpoints, logs; MODEL_DIR-work unless given."),
    ] = None,
    prepared: Annotated[
        Path | None, typer.Option("--prepared", metavar="DIR", help="Keeps prepared cases; in --work unless given.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of everything that is drawn.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes that prepare the cases.")] = 1,
    threads: Annotated[int, typer.Option("--threads", min=0, help="Of the processor; 0: PyTorch's own choice.")] = 0,
    version: Annotated[str, typer.Option("--model-version", help="For the card.")] = "1",
    known_limits: Annotated[
        list[str] | None, typer.Option("--known-limit", help="A sentence for the card; may be repeated.")
    ] = None,
    accelerator: Annotated[str, typer.Option("--accelerator", help="Lightning: auto, cpu, gpu, mps.")] = "auto",
    devices: Annotated[str, typer.Option("--devices", help="Lightning: auto, a number, or a list like 0,2.")] = "auto",
    nodes: Annotated[int, typer.Option("--nodes", min=1, help="Lightning: machines.")] = 1,
    strategy: Annotated[str, typer.Option("--strategy", help="Lightning: auto, ddp ...")] = "auto",
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes that read ahead.")] = 0,
    config: ConfigFile = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Of the recipe (epochs=50) or the settings (refine.tau=0.7)."),
    ] = None,
) -> None:
    """Train the diagnoser on a cohort: folds, calibration, and a model that `models install` takes.

    Interrupted, the same command goes on from the last epoch. A model in MODEL_DIR stays until the new one is complete.

    Example: vb-desktop train diagnoser DeepSite-MRI --out models/diagnoser --preset paper --accelerator gpu
    """
    settings, recipe = split_changes(config, changes or [], str(preset), seed)

    from vb_desktop.cli.counter import counter
    from vb_desktop.pipeline.cohort.read_cohort import read_cohort
    from vb_desktop.pipeline.training.diagnoser.hardware import Hardware
    from vb_desktop.pipeline.training.diagnoser.train_diagnoser import load_training_set, train_diagnoser

    if threads:
        import torch

        torch.set_num_threads(threads)
    work = work or out.with_name(f"{out.name}-work")
    with counter("Preparing cases") as on_case:
        data = load_training_set(
            read_cohort(folder),
            recipe,
            settings,
            prepared or work / "prepared",
            folds=folds,
            jobs=jobs,
            say=lambda text: typer.echo(text, err=True),
            on_case=on_case,
        )
    with training_bar() as on_training:
        card = train_diagnoser(
            data,
            recipe,
            out,
            work,
            folds=folds,
            version=version,
            known_limits=tuple(known_limits or ()),
            hardware=Hardware(
                accelerator=accelerator, devices=devices, nodes=nodes, strategy=strategy, workers=workers
            ),
            on_training=on_training,
        )
    if card is None:  # a device that only helped
        return
    for metric in card.metrics:
        interval = "" if metric.low is None else f" ({metric.low:.3f}-{metric.high:.3f})"
        typer.echo(f"{metric.name}: {metric.value:.3f}{interval}, n = {metric.n}")
    typer.echo(f"{card.metrics[0].data}. Use it: vb-desktop models install {out}")
