"""From the answers of all trainings to the figures of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.evaluation.bootstrap import Estimate
from vb_desktop.pipeline.experiment.paired_tests import Comparison, compare
from vb_desktop.pipeline.experiment.units import Experiment, Unit
from vb_desktop.pipeline.training.diagnoser.classification_metrics import confusion_matrix, score_intervals, scores
from vb_desktop.pipeline.training.diagnoser.train_fold import FoldResult

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowFigures:
    """A row's figures.

    Attributes:
        key: of the row.
        said: most probable class of each case, (S, N).
        right: whether it is the true one, bool (S, N).
        scores: precision, recall, F1, accuracy, average score, with intervals over cases; means over the seeds.
        of_seed: the same scores of each seed.
        of_fold: accuracy of each fold, mean over the seeds.
        confusion: share of the cases of class i told to be class j, (K, K); means over the seeds.
        parameters: of the network.
        seconds: of a training with its answers; the median, as a training may be paused.
        precision: that the networks were trained in.
    """

    key: str
    said: Array
    right: Array
    scores: dict[str, Estimate]
    of_seed: list[dict[str, float]]
    of_fold: list[float]
    confusion: Array
    parameters: int
    seconds: float
    precision: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """All rows of an experiment that are complete, on the seeds that are complete for all of them.

    Attributes:
        rows: in the table's order.
        seeds: used.
        missing: trainings that are not done.
        comparisons: between rows.
        cases: N.
        hours: of all trainings used, one after the other.
    """

    rows: list[RowFigures]
    seeds: tuple[int, ...]
    missing: int
    comparisons: list[Comparison]
    cases: int
    hours: float


def make_table(experiment: Experiment, done: Mapping[Unit, FoldResult], names: list[str], labels: Array) -> Table:
    """Put the answers together.

    Args:
        experiment: what was asked for.
        done: trainings that are done.
        names: of all cases.
        labels: class index of each.
    """
    whole = {
        (row.key, seed): all(Unit(row=row.key, fold=fold, seed=seed) in done for fold in range(experiment.folds))
        for row in experiment.rows
        for seed in experiment.seeds
    }
    rows = [row for row in experiment.rows if any(whole[row.key, seed] for seed in experiment.seeds)]
    seeds = tuple(seed for seed in experiment.seeds if rows and all(whole[row.key, seed] for row in rows))
    if not seeds:  # not even one seed of all that was begun: rather fewer rows
        first = next((seed for seed in experiment.seeds if any(whole[row.key, seed] for row in rows)), None)
        seeds = () if first is None else (first,)
        rows = [row for row in rows if first is not None and whole[row.key, first]]
    figures = [_row(row.key, experiment, done, names, labels, seeds) for row in rows]
    right = {row.key: row.right for row in figures}
    return Table(
        rows=figures,
        seeds=seeds,
        missing=len(experiment.units) - len(done),
        comparisons=compare(right, [pair for pair in pairs_of(experiment) if set(pair) <= right.keys()]),
        cases=len(labels),
        hours=sum(row.seconds for row in figures) * experiment.folds * len(seeds) / 3600,
    )


def pairs_of(experiment: Experiment) -> list[tuple[str, str]]:
    """Which rows are compared: the ablation's steps, and full with none; each backbone with the first."""
    keys = [row.key for row in experiment.rows]
    if experiment.kind == "ablation":
        pairs = [
            ("none", "full"),
            ("none", "coarse"),
            ("coarse", "coarse-mca"),
            ("coarse", "refined"),
            ("coarse-mca", "full"),
            ("refined", "full"),
        ]
        return [pair for pair in pairs if set(pair) <= set(keys)]
    return [(keys[0], key) for key in keys[1:]]


def _row(
    key: str,
    experiment: Experiment,
    done: Mapping[Unit, FoldResult],
    names: list[str],
    labels: Array,
    seeds: tuple[int, ...],
) -> RowFigures:
    place = {name: n for n, name in enumerate(names)}
    said = np.full((len(seeds), len(labels)), -1)
    of_fold = np.zeros((len(seeds), experiment.folds))
    results = []
    for s, seed in enumerate(seeds):
        for fold in range(experiment.folds):
            result = done[Unit(row=key, fold=fold, seed=seed)]
            where = [place[name] for name in result.names]
            said[s, where] = result.said
            of_fold[s, fold] = (result.said == labels[where]).mean()
            results.append(result)
    if (said < 0).any():
        raise ValueError("every case must be held out once")
    matrices = [confusion_matrix(labels, one, len(CLASSES)) for one in said]
    shares = [matrix / np.maximum(matrix.sum(1, keepdims=True), 1) for matrix in matrices]
    return RowFigures(
        key=key,
        said=said,
        right=said == labels,
        scores=score_intervals(labels, said, len(CLASSES)),
        of_seed=[scores(labels, one, len(CLASSES)) for one in said],
        of_fold=of_fold.mean(0).tolist(),
        confusion=np.mean(shares, axis=0),
        parameters=results[0].parameters,
        seconds=float(np.median([result.seconds for result in results])),
        precision=", ".join(sorted({result.precision for result in results})),
    )
