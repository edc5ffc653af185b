"""Stratified folds by patient (paper, Sec. 5): no patient in both training and test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def stratified_folds(
    patients: Sequence[str], labels: Sequence[int], count: int, *, seed: int = 0
) -> npt.NDArray[np.int64]:
    """The fold that holds each case out.

    All cases of a patient share a fold, and the patients of a class are dealt out in turn, so each fold gets a class's
    share to within one patient. A class begins where the one before it ended, so that the folds differ by few.

    Args:
        patients: of each case.
        labels: class index of each case; a patient has one class.
        count: of folds, at least 2.
        seed: of the shuffling.

    Returns:
        (N,), in [0, count).

    Raises:
        ValueError: a patient in two classes, or a class with fewer patients than folds.
    """
    if count < 2:
        raise ValueError(f"count must be at least 2, got {count}")
    class_of: dict[str, int] = {}
    for patient, label in zip(patients, labels, strict=True):
        if class_of.setdefault(patient, int(label)) != label:
            raise ValueError(f"a patient must have one class, got two for {patient}")
    rng = np.random.default_rng([seed, count])
    fold_of: dict[str, int] = {}
    turn = 0
    for label in sorted(set(class_of.values())):
        members = sorted(patient for patient, own in class_of.items() if own == label)
        if len(members) < count:
            raise ValueError(f"a class must have at least {count} patients, got {len(members)}")
        for patient in rng.permutation(np.asarray(members, dtype=object)):
            fold_of[str(patient)] = turn % count
            turn += 1
    return np.array([fold_of[patient] for patient in patients], dtype=np.int64)


def fold_sizes(folds: npt.NDArray[Any], labels: Sequence[int], classes: int) -> list[list[int]]:
    """Cases of each class in each fold: (folds, classes)."""
    label = np.asarray(labels)
    return [[int(((folds == f) & (label == k)).sum()) for k in range(classes)] for f in range(int(folds.max()) + 1)]
