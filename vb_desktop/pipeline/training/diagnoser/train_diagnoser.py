"""From a cohort to a model folder: folds for the figures and the calibration, then one network on all cases.

The model that ships is trained on every case, with the recipe and the epochs of the folds; nothing is chosen by looking
at it. Its figures, temperature, conformal quantile and distance limit come from the networks of the folds, each asked
about patients that it has not seen. The networks of the folds are not kept: five of them would cost five times the
memory and time of a diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.cohort.cohort import Cohort
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import TrainingRefused
from vb_desktop.pipeline.model_card import ModelCard
from vb_desktop.pipeline.training.diagnoser.folds import stratified_folds
from vb_desktop.pipeline.training.diagnoser.hardware import Hardware
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe
from vb_desktop.pipeline.training.diagnoser.train_fold import FoldResult, train_fold
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet, check_labels, training_set
from vb_desktop.pipeline.training.diagnoser.write_diagnoser import write_diagnoser

Say = Callable[[str], None]
OnTraining = Callable[[int, int, int, int, float], None]
"""Number of the network from 1, of how many, epoch, of how many, loss."""


def load_training_set(
    cohort: Cohort,
    recipe: DiagnoserRecipe,
    config: Config,
    work: Path,
    *,
    folds: int,
    localized: bool = True,
    jobs: int = 1,
    say: Say = lambda _: None,
    on_case: Callable[[int, int], None] = lambda done, of: None,
) -> TrainingSet:
    """Check a cohort, then prepare it (or take what was prepared) on the recipe's grid.

    Raises:
        TrainingRefused: the cohort can't be trained on, or nothing of it could be prepared.
    """
    from vb_desktop.pipeline.cohort.prepare import prepare_cohort

    check_labels(cohort.cases, folds)
    failed: list[str] = []

    def hear(text: str) -> None:
        failed.append(text)
        say(text)

    prepared = prepare_cohort(cohort, config, recipe.grid, work, jobs=jobs, say=hear, on_case=on_case)
    if not prepared:
        raise TrainingRefused("training.none_prepared", count=len(cohort.cases), cause=failed[0] if failed else "-")
    data = training_set(prepared, recipe.grid, synthetic=cohort.synthetic, folds=folds, localized=localized)
    for kind in ("coarse", "refined"):
        empty = int(data.without_prior(kind).sum())
        if empty:
            say(f"{empty} of {len(data)} cases have an empty {kind} prior; the whole brain stands in for it")
    return data


def train_diagnoser(
    data: TrainingSet,
    recipe: DiagnoserRecipe,
    out: Path,
    work: Path,
    *,
    folds: int = 5,
    version: str = "1",
    known_limits: tuple[str, ...] = (),
    licence: str = "",
    hardware: Hardware | None = None,
    on_training: OnTraining = lambda *_: None,
) -> ModelCard | None:
    """Train the folds and the model, calibrate, measure, write.

    Everything is kept in `work`: the same call again goes on where it was interrupted. A model that stood in `out`
    before is replaced only when the new one is complete.

    Args:
        data: the cases.
        recipe: how to train.
        out: folder of the model.
        work: results of the folds, checkpoints, logs.
        folds: by patient.
        version: of the model.
        known_limits: what was seen to go wrong, for the card.
        licence: of the model; of our own where empty.
        hardware: Lightning's own flags.
        on_training: listener.

    Returns:
        The card; None on a device that only helps another.

    Raises:
        TrainingRefused: a network's answers are not numbers, or a checkpoint is damaged.
    """
    from vb_desktop.pipeline.training.diagnoser.train_network import EpochDone, train_network

    fold_of = stratified_folds(data.patients, data.labels.tolist(), folds)
    results: list[FoldResult] = []
    for fold in range(folds):

        def tell(done: EpochDone, number: int = fold + 1) -> None:
            on_training(number, folds + 1, done.epoch, done.epochs, done.loss)

        found = train_fold(
            data,
            np.flatnonzero(fold_of == fold).tolist(),
            recipe,
            work / f"fold-{fold}.json",
            work / f"fold-{fold}",
            distances=True,
            hardware=hardware,
            on_epoch=tell,
        )
        if found is not None:
            results.append(found)

    def tell_last(done: EpochDone) -> None:
        on_training(folds + 1, folds + 1, done.epoch, done.epochs, done.loss)

    everything = range(len(data))
    trained = train_network(data, everything, recipe, work / "model", hardware=hardware, on_epoch=tell_last)
    if not trained.writes:
        return None
    return write_diagnoser(
        out,
        trained,
        data=data,
        recipe=recipe,
        folds=results,
        version=version,
        known_limits=known_limits,
        licence=licence,
    )
