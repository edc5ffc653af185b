import numpy as np
import pytest

from vb_desktop.pipeline.training.diagnoser.folds import fold_sizes, stratified_folds


def test_no_patient_is_in_two_folds_and_every_class_is_in_all() -> None:
    rng = np.random.default_rng(0)
    patients = [f"p{n}" for n in range(60)] + [f"p{n}" for n in rng.integers(60, size=30)]
    labels = [int(patient[1:]) % 4 for patient in patients]
    folds = stratified_folds(patients, labels, 5)
    assert set(folds) == set(range(5))
    for patient in set(patients):
        assert len({fold for fold, own in zip(folds, patients, strict=True) if own == patient}) == 1
    first = dict(zip(patients, folds, strict=True))
    sizes = np.zeros((5, 4))
    for patient, fold in first.items():
        sizes[fold, int(patient[1:]) % 4] += 1
    assert (sizes.max(axis=0) - sizes.min(axis=0)).max() <= 1
    assert np.array(fold_sizes(folds, labels, 4)).sum() == 90


def test_the_seed_decides() -> None:
    patients, labels = [f"p{n}" for n in range(40)], [n % 4 for n in range(40)]
    one = stratified_folds(patients, labels, 5)
    assert np.array_equal(one, stratified_folds(patients, labels, 5))
    assert not np.array_equal(one, stratified_folds(patients, labels, 5, seed=1))
    back = stratified_folds(patients[::-1], labels[::-1], 5)
    assert np.array_equal(one, back[::-1]), "the order in which the cases come does not matter"


def test_a_patient_in_two_classes_and_a_small_class_are_refused() -> None:
    with pytest.raises(ValueError, match="one class"):
        stratified_folds(["a", "a", "b"], [0, 1, 0], 2)
    with pytest.raises(ValueError, match="at least 3"):
        stratified_folds(["a", "b", "c", "d", "e"], [0, 0, 0, 1, 1], 3)
