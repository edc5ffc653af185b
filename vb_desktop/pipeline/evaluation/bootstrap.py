"""Means with 95 % intervals by resampling cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vb_desktop.pipeline.case import Array

_RESAMPLES = 5000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over cases, its 95 % interval and n; None where there is no case."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def mean_with_interval(values: Sequence[float], seed: int = 0) -> Estimate:
    """The mean, and the 2.5th and 97.5th percentile of means of resampled cases.

    With fewer than two cases there is no interval. Cases that all agree give an interval of no width: n says how little
    that means.
    """
    if not values:
        return Estimate(None, None, None, 0)
    data = np.asarray(values, dtype=np.float64)
    if len(data) < 2:
        return Estimate(float(data[0]), None, None, 1)
    low, high = interval_of_mean(data, seed)
    return Estimate(float(data.mean()), low, high, len(data))


def interval_of_mean(values: Array, seed: int = 0) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of means of resampled cases, (N,) with N at least 1."""
    rng = np.random.default_rng(seed)
    means = values[rng.integers(len(values), size=(_RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
