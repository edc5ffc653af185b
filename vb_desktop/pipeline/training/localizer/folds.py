"""Folds by patient, stratified by whether the tumour enhances."""

from __future__ import annotations

from collections.abc import Sequence

from vb_desktop.pipeline.training.localizer.grid_case import GridCase


def patient_folds(cases: Sequence[GridCase], count: int) -> list[tuple[str, ...]]:
    """Names of the cases that each fold holds out; every case once, enhancing and other tumours spread evenly.

    Args:
        cases: real cases, one a patient.
        count: number of folds, at least 2 and at most the number of cases.
    """
    if not 2 <= count <= len(cases):
        raise ValueError(f"folds must be between 2 and the number of cases {len(cases)}, got {count}")
    held_out: list[list[str]] = [[] for _ in range(count)]
    for n, case in enumerate(case for case in cases if case.enhancing):
        held_out[n % count].append(case.name)
    for n, case in enumerate(case for case in cases if not case.enhancing):
        held_out[count - 1 - n % count].append(case.name)  # from the other end, so that the sizes stay even
    return [tuple(names) for names in held_out]
