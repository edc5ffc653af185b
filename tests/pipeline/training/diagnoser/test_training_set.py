import numpy as np
import pytest
from easy_cases import RECIPE, easy_case, easy_set

from vb_desktop.pipeline.errors import TrainingRefused
from vb_desktop.pipeline.training.diagnoser.augmentation import augment
from vb_desktop.pipeline.training.diagnoser.training_set import training_set


def _refusal(cases: list) -> str:  # type: ignore[type-arg]
    with pytest.raises(TrainingRefused) as raised:
        training_set(cases, RECIPE.grid, synthetic=True, folds=2)
    assert raised.value.advice()
    return raised.value.sentence()


def test_bad_cohorts_are_refused_in_one_sentence() -> None:
    good = [easy_case(number) for number in range(8)]
    assert len(training_set(good, RECIPE.grid, synthetic=True, folds=2)) == 8
    assert "meningioma" in _refusal([*good, easy_case(8, label="meningioma")])
    assert "two classes" in _refusal([*good, easy_case(9, patient="patient-000")])
    assert "other has 1 patients" in _refusal(good[:7])
    assert "Nothing was localised" in _refusal([easy_case(number, found=False) for number in range(8)])
    assert "no brain" in _refusal([*good[:7], type(good[7])(**{**_parts(good[7]), "brain": 0 * good[7].brain})])


def _parts(case):  # type: ignore[no-untyped-def]
    return {name: getattr(case, name) for name in ("case", "image", "brain", "coarse", "refined")}


def test_without_a_prior_the_whole_brain_stands_in() -> None:
    cases = [easy_case(number, found=number != 3) for number in range(8)]
    data = training_set(cases, RECIPE.grid, synthetic=True, folds=2)
    assert data.without_prior("refined").tolist() == [number == 3 for number in range(8)]
    assert not data.without_prior("none").any()
    assert data.inputs(3, "refined")[2].all() and data.inputs(0, "none")[2].all()
    assert np.array_equal(data.inputs(0, "refined")[2], cases[0].refined)


def test_the_hash_is_of_the_content_not_of_the_order() -> None:
    data = easy_set(8)
    assert data.sha256 == type(data)(data.cases[::-1], data.grid, True).sha256
    assert data.sha256 != easy_set(7).sha256


def test_augmentation_moves_volume_and_prior_alike_and_ends_with_a_z_score() -> None:
    data = easy_set(4)
    image, brain, prior = data.inputs(3, "refined")
    for seed in range(12):
        turned, moved = augment(np.random.default_rng(seed), image, brain, prior, RECIPE.changed({"rotate": 1.0}))
        assert abs(turned.mean()) < 1e-4 and abs(turned.std() - 1) < 1e-3
        assert turned[moved > 0.5].mean() > turned[moved < 0.5].mean() + 1
        assert moved.sum() == pytest.approx(float(prior.astype(np.float32).sum()))
    still = RECIPE.changed({"rotate": 0.0, "mirror": 0.0, "noise": 0.0, "gamma": 0.0})
    same = [augment(np.random.default_rng(seed), image, brain, prior, still)[0] for seed in (0, 1)]
    assert np.array_equal(*same)
