"""Whether two rows differ: McNemar's exact test, and a permutation over cases for several seeds together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.evaluation.bootstrap import interval_of_mean

Array = npt.NDArray[Any]
PERMUTATIONS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Row b against row a.

    Attributes:
        a: key of the row that is compared with.
        b: key of the row.
        difference: accuracy of b minus that of a, mean over the seeds, in [-1, 1].
        low: lower end of its 95 % interval, over resampled cases.
        high: upper end.
        by_seed: the difference of each seed.
        p_permutation: two-sided, the sign of each case's mean difference over the seeds flipped at random.
        p_mcnemar: two-sided, exact, of each seed.
        p_adjusted: `p_permutation` after Holm's correction for the comparisons of the table.
    """

    a: str
    b: str
    difference: float
    low: float
    high: float
    by_seed: tuple[float, ...]
    p_permutation: float
    p_mcnemar: tuple[float, ...]
    p_adjusted: float


def mcnemar(right_a: Array, right_b: Array) -> float:
    """Exact two-sided p of McNemar's test on paired right/wrong answers, (N,) bool each."""
    only_a = int((right_a & ~right_b).sum())
    only_b = int((right_b & ~right_a).sum())
    n, least = only_a + only_b, min(only_a, only_b)
    return min(1.0, 2 * sum(comb(n, k) for k in range(least + 1)) / 2**n) if n else 1.0


def permutation_p(differences: Array, *, seed: int = 0) -> float:
    """Two-sided p that the mean of paired differences (N,) is 0, by flipping signs at random.

    The observed arrangement counts as one of the permutations, so p is never 0 (Phipson 2010).
    """
    d = np.asarray(differences, dtype=np.float64)
    observed = abs(d.sum())
    rng = np.random.default_rng(seed)
    at_least = 0
    for start in range(0, PERMUTATIONS, 1000):
        signs = rng.integers(0, 2, size=(min(1000, PERMUTATIONS - start), len(d))) * 2 - 1
        at_least += int((np.abs(signs @ d) >= observed - 1e-9).sum())
    return (at_least + 1) / (PERMUTATIONS + 1)


def holm(p: Sequence[float]) -> list[float]:
    """Holm's correction (Holm 1979): adjusted p, in the order given."""
    order = np.argsort(p)
    adjusted, least = [0.0] * len(p), 0.0
    for rank, index in enumerate(order):
        least = max(least, min(1.0, (len(p) - rank) * p[index]))
        adjusted[index] = least
    return adjusted


def compare(right: dict[str, Array], pairs: Sequence[tuple[str, str]]) -> list[Comparison]:
    """Compare rows.

    Args:
        right: row -> bool (S, N): whether seed s told case n right; the same seeds and cases for all rows.
        pairs: (a, b) to compare, b against a.
    """
    found = []
    for a, b in pairs:
        each = right[b].astype(np.float64) - right[a].astype(np.float64)
        of_case = each.mean(0)
        found.append(
            (
                (a, b),
                (float(of_case.mean()), *interval_of_mean(of_case)),
                tuple(float(value) for value in each.mean(1)),
                permutation_p(of_case),
                tuple(mcnemar(right[a][s], right[b][s]) for s in range(len(each))),
            )
        )
    adjusted = holm([row[3] for row in found])
    return [
        Comparison(
            a=pair[0],
            b=pair[1],
            difference=d[0],
            low=d[1],
            high=d[2],
            by_seed=by_seed,
            p_permutation=p,
            p_mcnemar=by_mcnemar,
            p_adjusted=holm_p,
        )
        for (pair, d, by_seed, p, by_mcnemar), holm_p in zip(found, adjusted, strict=True)
    ]
