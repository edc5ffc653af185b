"""Prepared cases on a small grid that a network can tell apart by the marked cube's brightness."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.cohort.cohort import CohortCase
from vb_desktop.pipeline.cohort.prepare import PreparedCase
from vb_desktop.pipeline.training.diagnoser.recipe import PRESETS
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

RECIPE = PRESETS["smoke"].changed({"spacing_mm": 8.0, "epochs": 3, "precision": "float32", "batch": 4})
CUBE = (slice(8, 15), slice(8, 15), slice(6, 12))


def easy_case(number: int, *, label: str | None = None, patient: str | None = None, found: bool = True) -> PreparedCase:
    rng = np.random.default_rng(number)
    shape = RECIPE.grid.shape
    image = rng.uniform(0.3, 0.5, shape).astype(np.float16)
    image[CUBE] += np.float16(0.16 * (number % len(CLASSES)))
    prior = np.zeros(shape, np.float16)
    if found:
        prior[CUBE] = 1
    case = CohortCase(
        name=f"case-{number:03d}",
        patient=patient or f"patient-{number:03d}",
        label=CLASSES[number % len(CLASSES)] if label is None else label,
        scan=Path("scan.nii.gz"),
        input_space="mni",
    )
    return PreparedCase(case=case, image=image, brain=np.ones(shape, np.uint8), coarse=prior, refined=prior)


def easy_set(n: int = 16) -> TrainingSet:
    return TrainingSet(tuple(easy_case(number) for number in range(n)), RECIPE.grid, True)
