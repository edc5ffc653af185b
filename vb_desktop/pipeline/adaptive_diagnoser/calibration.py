"""What a probability is worth: temperature and 90 % prediction set.

Temperature scaling: Guo 2017. Split conformal prediction: Vovk 2005; the score is 1 - probability of the true class
(Sadinle 2019).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

Array = npt.NDArray[Any]


def softmax(logits: Array, temperature: float = 1.0) -> Array:
    """Logits (..., K) -> probabilities (..., K), float64."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True))


def fit_temperature(logits: Array, labels: Array) -> float:
    """The temperature with the least cross entropy on held-out cases, in [0.05, 20].

    Args:
        logits: (N, K).
        labels: (N,), class indices.
    """
    x, y = torch.as_tensor(logits, dtype=torch.float64), torch.as_tensor(labels)
    steps = torch.logspace(math.log10(0.05), math.log10(20), 601, dtype=torch.float64)
    losses = torch.stack([functional.cross_entropy(x / t, y) for t in steps])
    return float(steps[losses.argmin()])


def conformal_quantile(probabilities: Array, labels: Array, coverage: float = 0.9) -> float:
    """Split conformal: the score that the true class stays below in `coverage` of new cases.

    Args:
        probabilities: (N, K) of held-out cases, after temperature scaling.
        labels: (N,), class indices.
        coverage: in (0, 1).

    Returns:
        The ceil((N + 1) * coverage)-th smallest of 1 - p(true class); 1 (every class) where N is too small for it.
    """
    scores = np.sort(1 - probabilities[np.arange(len(labels)), labels])
    rank = math.ceil((len(scores) + 1) * coverage)
    return float(scores[rank - 1]) if rank <= len(scores) else 1.0


def prediction_set(probabilities: Array, quantile: float) -> tuple[int, ...]:
    """Classes whose score 1 - p is not above the quantile, most probable first; that one is always in it."""
    order = np.argsort(-probabilities, kind="stable")
    return tuple(int(k) for n, k in enumerate(order) if n == 0 or 1 - probabilities[k] <= quantile)


def wilson(successes: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(centre - half, 0.0), min(centre + half, 1.0)
