"""The cases that a diagnoser is trained and measured on, and what makes a cohort unfit for it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.cohort.cohort import CohortCase
from vb_desktop.pipeline.errors import TrainingRefused
from vb_desktop.pipeline.training.diagnoser.recipe import Localization

if TYPE_CHECKING:
    from vb_desktop.pipeline.cohort.prepare import PreparedCase

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Prepared cases on one grid.

    Attributes:
        cases: as the networks see them.
        grid: of all.
        synthetic: drawn by a program.
    """

    cases: tuple[PreparedCase, ...]
    grid: InputGrid
    synthetic: bool

    def __len__(self) -> int:
        return len(self.cases)

    @cached_property
    def labels(self) -> npt.NDArray[np.int64]:
        """Class index of each case."""
        return np.array([CLASSES.index(case.case.label) for case in self.cases], dtype=np.int64)

    @property
    def patients(self) -> list[str]:
        """Patient of each case."""
        return [case.case.patient for case in self.cases]

    @property
    def names(self) -> list[str]:
        """Name of each case."""
        return [case.case.name for case in self.cases]

    @property
    def per_class(self) -> dict[str, int]:
        """Class -> number of cases."""
        return {name: int((self.labels == k).sum()) for k, name in enumerate(CLASSES)}

    def without_prior(self, localization: Localization) -> npt.NDArray[np.bool_]:
        """Which cases have nothing localised, (N,); none where the network looks at no prior."""
        return np.array([localization != "none" and not _prior(case, localization).any() for case in self.cases])

    def inputs(self, number: int, localization: Localization) -> tuple[Array, Array, Array]:
        """Image in [0, 1], brain (bool) and prior in [0, 1] of a case.

        The prior is the whole brain where none is asked for, and where nothing was localised.
        """
        case = self.cases[number]
        brain = case.brain > 0
        prior = brain if localization == "none" else _prior(case, localization)
        return case.image, brain, prior if prior.any() else brain

    @cached_property
    def sha256(self) -> str:
        """Of the content: images, brains, priors and labels, in the order of the names."""
        digest = hashlib.sha256()
        for case in sorted(self.cases, key=lambda case: case.case.name):
            for part in (case.image, case.brain, case.coarse, case.refined):
                digest.update(np.ascontiguousarray(part).tobytes())
            digest.update(case.case.label.encode())
        return digest.hexdigest()


def check_labels(cases: Sequence[CohortCase], folds: int) -> None:
    """Refuse a cohort that can't be trained on, before any work.

    Raises:
        TrainingRefused: a label is unknown, a patient is in two classes, a class is missing or has fewer patients than
            folds.
    """
    unknown = next((case for case in cases if case.label not in CLASSES), None)
    if unknown is not None:
        raise TrainingRefused(
            "training.unknown_label", case=unknown.name, label=unknown.label or "none", known=", ".join(CLASSES)
        )
    classes_of: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        classes_of[case.patient].add(case.label)
    for case in cases:
        if len(classes_of[case.patient]) > 1:
            classes = " and ".join(sorted(classes_of[case.patient]))
            raise TrainingRefused("training.two_classes", case=case.name, classes=classes)
    for name in CLASSES:
        count = sum(labels == {name} for labels in classes_of.values())
        if count < folds:
            raise TrainingRefused("training.too_few_cases", name=name, count=count, folds=folds)


def training_set(
    cases: Sequence[PreparedCase], grid: InputGrid, *, synthetic: bool, folds: int, localized: bool = True
) -> TrainingSet:
    """Put prepared cases together, in the order of their names.

    Args:
        cases: on `grid`.
        grid: of the networks.
        synthetic: drawn by a program.
        folds: they must suffice for.
        localized: some network will look at the priors.

    Raises:
        TrainingRefused: as `check_labels`; a case lies on another grid; nothing was localised in any case.
    """
    ordered = tuple(sorted(cases, key=lambda case: case.case.name))
    check_labels([case.case for case in ordered], folds)
    for case in ordered:
        if case.image.shape != grid.shape or not case.brain.any():
            raise TrainingRefused("training.not_prepared", case=case.case.name)
    if localized and not any(case.refined.any() for case in ordered):
        raise TrainingRefused("training.no_prior", count=len(ordered))
    return TrainingSet(ordered, grid, synthetic)


def _prior(case: PreparedCase, localization: Localization) -> Array:
    return case.coarse if localization == "coarse" else case.refined
