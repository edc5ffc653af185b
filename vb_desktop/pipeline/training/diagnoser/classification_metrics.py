"""Accuracy, macro precision, recall and F1, the confusion matrix, and intervals by resampling cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.evaluation.bootstrap import Estimate

Array = npt.NDArray[Any]
SCORES = ("precision", "recall", "F1", "accuracy", "average score")
"""In the order of the paper's Table 2; the average score is the mean of the four before it."""

_RESAMPLES = 2000


def confusion_matrix(labels: Array, said: Array, classes: int) -> npt.NDArray[np.int64]:
    """Cases of class i that were told to be class j: (K, K)."""
    found = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(found, (np.asarray(labels), np.asarray(said)), 1)
    return found


def scores(labels: Array, said: Array, classes: int) -> dict[str, float]:
    """The five figures of `SCORES`, in [0, 1].

    Precision, recall and F1 are means over the classes that occur, in truth or answer; a class that is never told has
    precision 0, as scikit-learn counts it.
    """
    matrix = confusion_matrix(labels, said, classes).astype(np.float64)
    right, true, told = matrix.diagonal(), matrix.sum(1), matrix.sum(0)
    present = (true + told) > 0
    precision = np.divide(right, told, out=np.zeros(classes), where=told > 0)[present]
    recall = np.divide(right, true, out=np.zeros(classes), where=true > 0)[present]
    f1 = np.divide(2 * right, true + told, out=np.zeros(classes), where=present)[present]
    found = {
        "precision": float(precision.mean()),
        "recall": float(recall.mean()),
        "F1": float(f1.mean()),
        "accuracy": float(right.sum() / max(matrix.sum(), 1)),
    }
    return found | {"average score": float(np.mean(list(found.values())))}


def score_intervals(labels: Array, said: Array, classes: int, *, seed: int = 0) -> dict[str, Estimate]:
    """Each of `SCORES` with the 2.5th and 97.5th percentile over resampled cases.

    Args:
        labels: (N,).
        said: (N,), or (S, N) for S seeds on the same cases: then the scores are means over the seeds, and the cases are
            resampled for all of them together.
        classes: K.
        seed: of the resampling.
    """
    label, told = np.asarray(labels), np.atleast_2d(said)
    point = _mean_scores(label, told, classes)
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(_RESAMPLES):
        index = rng.integers(len(label), size=len(label))
        drawn.append(list(_mean_scores(label[index], told[:, index], classes).values()))
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return {
        name: Estimate(value, float(low[n]), float(high[n]), len(label))
        for n, (name, value) in enumerate(point.items())
    }


def interval(figure: Callable[[Array], float], n: int, *, seed: int = 0) -> Estimate:
    """A figure of n cases, given their numbers, with its percentile interval over resampled cases."""
    rng = np.random.default_rng(seed)
    drawn = [figure(rng.integers(n, size=n)) for _ in range(_RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(figure(np.arange(n)), float(low), float(high), n)


def _mean_scores(labels: Array, said: Array, classes: int) -> dict[str, float]:
    each = [scores(labels, one, classes) for one in said]
    return {name: float(np.mean([found[name] for found in each])) for name in SCORES}
