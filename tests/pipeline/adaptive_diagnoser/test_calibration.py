import numpy as np
import pytest

from vb_desktop.pipeline.adaptive_diagnoser.calibration import (
    conformal_quantile,
    fit_temperature,
    prediction_set,
    softmax,
    wilson,
)


def drawn(temperature: float, n: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """Logits whose true classes follow softmax(logits / temperature)."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, (n, 4))
    p = softmax(logits, temperature)
    return logits, np.array([rng.choice(4, p=row) for row in p])


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_temperature_is_found_again(temperature: float) -> None:
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.1)


def test_softmax() -> None:
    assert np.allclose(softmax(np.array([0.0, np.log(3)])), [0.25, 0.75])
    assert np.allclose(softmax(np.array([0.0, 2 * np.log(3)]), 2.0), [0.25, 0.75])
    assert np.allclose(softmax(np.array([1000.0, 0.0])), [1, 0])


def test_quantile_of_nine_cases_is_the_largest_score() -> None:
    p = np.array([[0.9 - 0.05 * n, 0.1 + 0.05 * n] for n in range(9)])
    labels = np.zeros(9, int)
    # ceil((9 + 1) * .9) = 9th smallest of .1, .15 ... .5
    assert conformal_quantile(p, labels) == pytest.approx(0.5)
    assert conformal_quantile(p[:8], labels[:8]) == 1.0


def test_sets_cover_nine_of_ten() -> None:
    logits, labels = drawn(1.0)
    p = softmax(logits)
    quantile = conformal_quantile(p[:1500], labels[:1500])
    sets = [prediction_set(row, quantile) for row in p[1500:]]
    covered = np.mean([y in s for s, y in zip(sets, labels[1500:], strict=True)])
    assert 0.87 < covered < 0.94
    assert min(map(len, sets)) == 1


def test_a_set_is_ordered_and_never_empty() -> None:
    p = np.array([0.2, 0.45, 0.05, 0.3])
    assert prediction_set(p, 0.75) == (1, 3)
    assert prediction_set(p, 0.0) == (1,)
    assert prediction_set(p, 1.0) == (1, 3, 0, 2)


def test_wilson_interval_of_the_paper() -> None:
    low, high = wilson(229, 249)  # 92 % of 249: METHOD says 88-95 %
    assert (round(low, 2), round(high, 2)) == (0.88, 0.95)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == pytest.approx(1)
