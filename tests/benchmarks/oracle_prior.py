"""What the full model reaches when the truth stands in for the localised prior: how much the localiser costs.

    python -m tests.benchmarks.oracle_prior COHORT PREPARED OUT [SEED]

COHORT is a synthetic cohort, PREPARED its prepared cases (as for `experiment ablation`), OUT keeps one file for each
fold: interrupted, it goes on. The recipe, the folds and the rows are those of `experiment ablation --preset laptop`;
only the prior differs. No row of an experiment and no shipped model ever sees the truth.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import resample
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.cohort.prepare import PreparedCase
from vb_desktop.pipeline.cohort.read_cohort import read_cohort
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.experiment.rows import ablation_rows
from vb_desktop.pipeline.training.diagnoser.folds import stratified_folds
from vb_desktop.pipeline.training.diagnoser.recipe import PRESETS
from vb_desktop.pipeline.training.diagnoser.train_diagnoser import load_training_set
from vb_desktop.pipeline.training.diagnoser.train_fold import train_fold
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

FOLDS = 5


def main() -> None:
    """Train the folds and print the accuracy."""
    if len(sys.argv) not in (4, 5):
        raise SystemExit(__doc__)
    folder, prepared, out = (Path(argument) for argument in sys.argv[1:4])
    (row,) = ablation_rows(("full",))
    recipe = row.recipe(PRESETS["laptop"], int(sys.argv[4]) if len(sys.argv) == 5 else 0)
    found = load_training_set(read_cohort(folder), recipe, Config(), prepared, folds=FOLDS)
    data = TrainingSet(tuple(with_truth(case, found) for case in found.cases), found.grid, found.synthetic)
    fold_of = stratified_folds(data.patients, data.labels.tolist(), FOLDS)
    told = np.full(len(data), -1)
    for fold in range(FOLDS):
        held_out = np.flatnonzero(fold_of == fold)
        name = f"oracle_seed-{recipe.seed}_fold-{fold}"
        result = train_fold(data, held_out.tolist(), recipe, out / f"{name}.json", out / name)
        assert result is not None
        told[held_out] = result.said
        right = int((result.said == data.labels[held_out]).sum())
        print(
            f"fold {fold + 1}: {right} of {len(held_out)} right, loss {result.losses[-1]:.3f}, {result.seconds:.0f} s"
        )
    print(f"accuracy {(told == data.labels).mean():.3f}, n = {len(data)}")
    for number, name in enumerate(CLASSES):
        print(f"    recall {name} {(told == number)[data.labels == number].mean():.3f}")


def with_truth(case: PreparedCase, data: TrainingSet) -> PreparedCase:
    """The case with its drawn tumour as the refined prior."""
    assert case.case.truth is not None
    mask = nib.as_closest_canonical(nib.load(case.case.truth))
    share = resample(np.asarray(mask.dataobj) > 0, mask.affine, data.grid.affine, data.grid.shape)
    return replace(case, refined=np.where(case.brain > 0, share, 0).astype(np.float16))


if __name__ == "__main__":
    main()
