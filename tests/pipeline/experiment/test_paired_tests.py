import numpy as np
import pytest

from vb_desktop.pipeline.experiment.paired_tests import compare, holm, mcnemar, permutation_p


def test_mcnemar_by_hand() -> None:
    a = np.array([1] * 10 + [0] * 7 + [1] * 2, bool)
    b = np.array([1] * 10 + [1] * 7 + [0] * 2, bool)
    # 7 against 2: 2 * (1 + 9 + 36) / 2 ** 9
    assert mcnemar(a, b) == pytest.approx(2 * 46 / 512)
    assert mcnemar(a, a) == 1.0


def test_permutation_agrees_with_the_exact_test_where_there_is_one_seed() -> None:
    a = np.array([1] * 10 + [0] * 7 + [1] * 2, bool)
    b = np.array([1] * 10 + [1] * 7 + [0] * 2, bool)
    assert permutation_p(b.astype(float) - a.astype(float)) == pytest.approx(2 * 46 / 512, abs=0.01)
    assert permutation_p(np.zeros(5)) == 1.0


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_rows_are_compared_on_the_same_cases_over_seeds() -> None:
    right = {"a": np.zeros((3, 40), bool), "b": np.ones((3, 40), bool)}
    right["b"][0, :20] = False
    (found,) = compare(right, [("a", "b")])
    assert found.difference == pytest.approx(2.5 / 3) and found.by_seed == (0.5, 1.0, 1.0)
    assert found.low <= found.difference <= found.high
    assert found.p_permutation < 0.001 and found.p_adjusted == found.p_permutation and len(found.p_mcnemar) == 3
