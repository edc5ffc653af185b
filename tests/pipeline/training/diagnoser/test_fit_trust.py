import numpy as np
import pytest

from vb_desktop.pipeline.training.diagnoser.calibration_error import error_by_chance, expected_calibration_error
from vb_desktop.pipeline.training.diagnoser.classification_metrics import confusion_matrix, score_intervals, scores
from vb_desktop.pipeline.training.diagnoser.fit_trust import fit_trust


def test_calibration_error_by_hand() -> None:
    p = np.array([[0.6, 0.4], [0.7, 0.3], [0.2, 0.8], [0.1, 0.9]])
    labels = np.array([1, 0, 1, 1])
    # Two bins of two: probabilities .6, .7 of which one is right; .8, .9 of which both are.
    assert expected_calibration_error(p, labels, bins=2) == pytest.approx(0.5 * abs(0.65 - 0.5) + 0.5 * abs(0.85 - 1))
    assert expected_calibration_error(p, labels, bins=1) == pytest.approx(0.0)
    assert expected_calibration_error(p, labels) == pytest.approx((0.6 + 0.3 + 0.2 + 0.1) / 4), "more bins than cases"


def test_even_a_calibrated_model_has_an_error_by_chance() -> None:
    p = np.tile([[0.92, 0.04, 0.02, 0.02]], (249, 1))
    assert 0.03 < error_by_chance(p) < 0.07
    assert error_by_chance(np.tile(p, (40, 1)), draws=50) < 0.012


def test_temperature_is_fitted_on_the_other_folds_and_repairs_overconfidence() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(4, size=400)
    logits = rng.normal(0, 1, (400, 4))
    logits[np.arange(400), labels] += 2.0
    folds = np.arange(400) % 5
    trust = fit_trust(4 * logits, labels, folds, rng.uniform(0, 1, 400))
    assert trust.ece_after.value < 0.06 < trust.ece_before.value
    assert trust.temperature == pytest.approx(4 * fit_trust(logits, labels, folds, np.empty(0)).temperature, rel=0.02)
    assert trust.coverage.value == pytest.approx(0.9, abs=0.04) and 0 < trust.certain.value < 1
    assert trust.distance_limit == pytest.approx(0.99, abs=0.01)
    changed = labels.copy()
    changed[folds == 0] = (labels[folds == 0] + 1) % 4
    other = fit_trust(4 * logits, changed, folds, np.empty(0))
    assert np.array_equal(other.probabilities[folds == 0], trust.probabilities[folds == 0]), "own labels are not used"


def test_scores_by_hand() -> None:
    labels, said = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0])
    assert confusion_matrix(labels, said, 3).tolist() == [[1, 1, 0], [0, 2, 0], [1, 0, 0]]
    found = scores(labels, said, 3)
    assert found["accuracy"] == pytest.approx(3 / 5)
    assert found["precision"] == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)
    assert found["recall"] == pytest.approx((1 / 2 + 1 + 0) / 3)
    assert found["F1"] == pytest.approx((1 / 2 + 4 / 5 + 0) / 3)
    assert found["average score"] == pytest.approx(sum(list(found.values())[:4]) / 4)
    several = score_intervals(labels, np.stack([said, labels]), 3)["accuracy"]
    assert several.value == pytest.approx((3 / 5 + 1) / 2) and several.low <= several.value <= several.high
