"""Train the demonstration diagnoser on a synthetic cohort.

Example: python -m vb_desktop.pipeline.training.train_diagnoser --out assets/models/diagnoser --work WORK_FOLDER
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path

import torch

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.model_card import ModelCard
from vb_desktop.pipeline.training.recipe import PRESETS, Recipe
from vb_desktop.pipeline.training.synthetic_cohort import SyntheticCohort
from vb_desktop.pipeline.training.train_network import EpochDone, train_network
from vb_desktop.pipeline.training.training_cases import keep_cases
from vb_desktop.pipeline.training.write_model import write_model


def train_diagnoser(
    out: Path,
    *,
    recipe: Recipe,
    cases: tuple[int, int, int],
    work: Path | None = None,
    grid: InputGrid | None = None,
    until_epoch: int | None = None,
    version: str = "1",
    known_limits: Sequence[str] = (),
) -> ModelCard:
    """Draw three cohorts (training, calibration, test), train, calibrate, measure, write the model.

    Args:
        out: folder of the model.
        recipe: how to train.
        cases: number of cases of the three cohorts.
        work: keeps cohorts and checkpoint, so that an interrupted run goes on; nothing is kept where None.
        grid: the network's.
        until_epoch: stop after this epoch.
        version: of the model.
        known_limits: what was seen to go wrong, for the card.
    """
    grid = grid or InputGrid()
    names = ("training", "calibrating", "testing")
    cohorts = {
        name: keep_cases(SyntheticCohort(n, 1000 * recipe.seed + number, grid), work / name if work else None)
        for number, (name, n) in enumerate(zip(names, cases, strict=True))
    }
    checkpoint = work / "checkpoint.safetensors" if work else None
    network, losses = train_network(
        cohorts["training"], recipe, checkpoint=checkpoint, until_epoch=until_epoch, on_epoch=_print
    )
    return write_model(
        out, network, recipe=recipe, grid=grid, losses=losses, version=version, known_limits=known_limits, **cohorts
    )


def _print(done: EpochDone) -> None:
    print(f"epoch {done.epoch}: loss {done.loss:.3f}, accuracy {done.accuracy:.3f}, {done.seconds:.0f} s", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--work", type=Path, help="keeps cohorts and checkpoint; run again to go on")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="laptop")
    parser.add_argument(
        "--cases", type=int, nargs=3, default=(480, 160, 160), metavar="N", help="training, calibration, test"
    )
    parser.add_argument(
        "--epochs", type=int, help="instead of the preset's; the learning rate falls to zero at the end"
    )
    parser.add_argument("--learning-rate", type=float, help="instead of the preset's")
    parser.add_argument("--until-epoch", type=int, help="stop earlier, with the schedule of the whole run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--version", default="1")
    parser.add_argument("--known-limit", action="append", default=[], help="a sentence for the card; may be repeated")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    asked = parser.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    recipe = dataclasses.replace(PRESETS[asked.preset], seed=asked.seed)
    if asked.epochs:
        recipe = dataclasses.replace(recipe, epochs=asked.epochs, restart_epochs=asked.epochs)
    if asked.learning_rate:
        recipe = dataclasses.replace(recipe, learning_rate=asked.learning_rate)
    card = train_diagnoser(
        asked.out,
        recipe=recipe,
        cases=tuple(asked.cases),
        work=asked.work,
        until_epoch=asked.until_epoch,
        version=asked.version,
        known_limits=asked.known_limit,
    )
    for metric in card.metrics:
        print(f"{metric.name}: {metric.value:.3f} ({metric.low:.3f}-{metric.high:.3f}), n = {metric.n}, {metric.data}")


if __name__ == "__main__":
    main()
