"""Expected calibration error on bins of equal mass (Nixon 2019)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def expected_calibration_error(probabilities: Array, labels: Array, bins: int = 15) -> float:
    """How far the probability of the class that is told lies from how often it is the true one.

    The cases are sorted by that probability and cut into bins of equal numbers; the error is the mean over the bins,
    weighted by their cases, of |mean probability - share right|. With few cases it is not 0 even for a perfectly
    calibrated model, see `error_by_chance`.

    Args:
        probabilities: (N, K).
        labels: (N,), class indices.
        bins: how many.
    """
    top = probabilities.max(axis=1)
    right = (probabilities.argmax(axis=1) == labels).astype(np.float64)
    order = np.argsort(top, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(abs(top[part].mean() - right[part].mean()) * len(part) for part in parts) / len(order))


def error_by_chance(probabilities: Array, bins: int = 15, *, seed: int = 0, draws: int = 500) -> float:
    """What the error would be on average if the probabilities were right: the classes are drawn from them.

    Args:
        probabilities: (N, K).
        bins: how many.
        seed: of the drawing.
        draws: how many times.
    """
    rng = np.random.default_rng(seed)
    ends = np.cumsum(probabilities, axis=1)
    found = []
    for _ in range(draws):
        drawn = (rng.uniform(size=(len(ends), 1)) * ends[:, -1:] > ends).sum(axis=1)
        found.append(expected_calibration_error(probabilities, drawn, bins))
    return float(np.mean(found))
