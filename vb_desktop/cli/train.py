"""`vb-desktop train`: train a model of the pipeline on one's own cases."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vb_desktop.cli.run import parse_changes
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
    seed: Annotated[int, typer.Option("--seed", help="Of everything that is drawn.")] = 0,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Of the processor.")] = 1,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE.toml", help="Settings.")] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="One setting; may be repeated.")
    ] = None,
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
        say=lambda text: typer.echo(text, err=True),
    )
    for metric in card.metrics:
        interval = "" if metric.low is None else f" ({metric.low:.2f}-{metric.high:.2f})"
        typer.echo(f"{metric.name}: {metric.value:.2f}{interval}, n = {metric.n}; {metric.data}")
