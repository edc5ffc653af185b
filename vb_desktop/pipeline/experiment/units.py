"""What an experiment consists of: one training for each seed, fold and row; each leaves one file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.errors import TrainingRefused
from vb_desktop.pipeline.experiment.rows import Row
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe
from vb_desktop.pipeline.training.diagnoser.train_fold import FoldResult, fold_identity, read_result
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

SETUP = "experiment.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One training."""

    row: str
    fold: int
    seed: int

    def file(self, folder: Path) -> Path:
        """Where its answers are kept."""
        return folder / "results" / f"{self.row}_seed-{self.seed}_fold-{self.fold}.json"

    def work(self, folder: Path) -> Path:
        """Where its checkpoint lies while it trains."""
        return folder / "work" / f"{self.row}_seed-{self.seed}_fold-{self.fold}"


def all_units(rows: Sequence[Row], folds: int, seeds: Sequence[int]) -> list[Unit]:
    """Seed by seed, and in a seed fold by fold: what was done when time ran out can be compared."""
    return [Unit(row=row.key, fold=fold, seed=seed) for seed in seeds for fold in range(folds) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Everything that decides an experiment's results.

    Attributes:
        kind: "ablation" or "backbones".
        preset: name of the recipe it starts from.
        base: that recipe, with the user's changes.
        rows: of the table.
        folds: how many; the same split for all rows and seeds.
        seeds: of weights, order and augmentation.
        localiser: what marked the boxes, in words.
    """

    kind: str
    preset: str
    base: DiagnoserRecipe
    rows: tuple[Row, ...]
    folds: int
    seeds: tuple[int, ...]
    localiser: str

    def recipe(self, unit: Unit) -> DiagnoserRecipe:
        """The recipe of a training."""
        row = next(row for row in self.rows if row.key == unit.row)
        return row.recipe(self.base, unit.seed)

    @property
    def units(self) -> list[Unit]:
        """All trainings, in the order in which they are done."""
        return all_units(self.rows, self.folds, self.seeds)


def keep_setup(folder: Path, experiment: Experiment, data: TrainingSet) -> None:
    """Write down what the experiment is; seeds and rows may be added later.

    Raises:
        TrainingRefused: the folder holds another one.
    """
    told = {
        "kind": experiment.kind,
        "preset": experiment.preset,
        "folds": experiment.folds,
        "base": experiment.base.plain(),
        "localiser": experiment.localiser,
        "cases": data.sha256,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SETUP
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = None
    if known is not None and known != json.loads(json.dumps(told)):
        raise TrainingRefused("experiment.other_run", folder=str(folder))
    if known is None:
        write_text(path, json.dumps(told, indent=1))


def finished(
    experiment: Experiment, data: TrainingSet, fold_of: npt.NDArray[np.int64], folder: Path
) -> dict[Unit, FoldResult]:
    """The trainings that are done, of these cases and recipes."""
    found = {}
    for unit in experiment.units:
        result = read_result(unit.file(folder))
        held_out = np.flatnonzero(fold_of == unit.fold).tolist()
        if result is not None and result.identity == fold_identity(data, held_out, experiment.recipe(unit)):
            found[unit] = result
    return found
