"""What a model's probabilities are worth, from out-of-fold answers: temperature, prediction set, distance limit.

Every figure is cross-fitted: the temperature and the quantile that are applied to a fold were fitted on the other
folds. What ships is fitted on all folds together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.adaptive_diagnoser.calibration import (
    conformal_quantile,
    fit_temperature,
    prediction_set,
    softmax,
)
from vb_desktop.pipeline.evaluation.bootstrap import Estimate
from vb_desktop.pipeline.training.diagnoser.calibration_error import expected_calibration_error
from vb_desktop.pipeline.training.diagnoser.classification_metrics import interval

Array = npt.NDArray[Any]
DISTANCE_PERCENTILE = 99.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trust:
    """What is fitted, and how well it does on cases that it was not fitted on.

    Attributes:
        temperature: fitted on all folds.
        quantile90: conformal quantile, fitted on all folds.
        distance_limit: 99th percentile of the held-out cases' distances; None where none were measured.
        probabilities: cross-fitted, (N, K).
        ece_before: expected calibration error of the bare softmax.
        ece_after: the same with the cross-fitted temperature.
        coverage: share of the cases whose class is in the cross-fitted 90 % set.
        certain: share of the sets that hold one class.
    """

    temperature: float
    quantile90: float
    distance_limit: float | None
    probabilities: Array
    ece_before: Estimate
    ece_after: Estimate
    coverage: Estimate
    certain: Estimate


def fit_trust(logits: Array, labels: Array, fold_of: Array, distances: Array) -> Trust:
    """Fit and measure.

    Args:
        logits: (N, K) out of fold.
        labels: (N,), class indices.
        fold_of: (N,), the fold that held each case out.
        distances: (N,) from the training cases of the fold's network, or empty.
    """
    crossed = np.zeros_like(np.asarray(logits, dtype=np.float64))
    covered, certain = np.zeros(len(labels), bool), np.zeros(len(labels), bool)
    for fold in np.unique(fold_of):
        own, others = fold_of == fold, fold_of != fold
        temperature = fit_temperature(logits[others], labels[others])
        quantile = conformal_quantile(softmax(logits[others], temperature), labels[others])
        crossed[own] = softmax(logits[own], temperature)
        for number in np.flatnonzero(own):
            chosen = prediction_set(crossed[number], quantile)
            covered[number], certain[number] = labels[number] in chosen, len(chosen) == 1
    temperature = fit_temperature(logits, labels)
    bare = softmax(logits)

    def ece(p: Array) -> Estimate:
        return interval(lambda drawn: expected_calibration_error(p[drawn], labels[drawn]), len(labels))

    return Trust(
        temperature=temperature,
        quantile90=conformal_quantile(softmax(logits, temperature), labels),
        distance_limit=float(np.percentile(distances, DISTANCE_PERCENTILE)) if len(distances) else None,
        probabilities=crossed,
        ece_before=ece(bare),
        ece_after=ece(crossed),
        coverage=interval(lambda drawn: float(covered[drawn].mean()), len(labels)),
        certain=interval(lambda drawn: float(certain[drawn].mean()), len(labels)),
    )
