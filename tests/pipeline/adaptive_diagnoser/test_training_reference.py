import numpy as np
import pytest
import torch

from vb_desktop.pipeline.adaptive_diagnoser.training_reference import LARGEST_RANK, Reference, fit_reference


def two_classes(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Two classes, 6 standard deviations apart along the first feature; the second varies with the third."""
    rng = np.random.default_rng(0)
    labels = np.arange(n) % 2
    x = rng.normal(0, 1, (n, 3))
    x[:, 0] += 6 * labels
    x[:, 2] = 0.95 * x[:, 1] + 0.1 * x[:, 2]
    return x, labels


def test_a_case_like_those_of_training_is_about_1_away() -> None:
    x, labels = two_classes()
    assert np.sqrt(np.mean(fit_reference(x[::2], labels[::2]).distance(x[1::2]) ** 2)) > 2  # class 1 was never seen
    both = fit_reference(x[:300], labels[:300])
    assert np.sqrt(np.mean(both.distance(x[300:]) ** 2)) == pytest.approx(1, abs=0.15)


def test_the_distance_is_mahalanobis_by_hand() -> None:
    reference = Reference(
        means=np.array([[0.0, 0, 0], [3.0, 0, 0]]), scale=np.array([2.0, 1, 1]),
        directions=np.array([[1.0, 0, 0]]), variances=np.array([4.0]), rest=0.25,
    )  # fmt: skip
    # (4, 1, 0) is (2, 1, 0) in units of scale; from the nearer mean (3, 0, 0): 1 / 4 + 1 / 0.25 = 4.25, over 3 features
    assert reference.distance(np.array([[4.0, 1, 0]])) == pytest.approx(np.sqrt(4.25 / 3))


def test_what_lies_between_the_classes_or_across_a_correlation_is_far() -> None:
    x, labels = two_classes()
    reference = fit_reference(x, labels)
    between, across, along = reference.distance(np.array([[3.0, 0, 0], [0, 1.5, -1.5], [0, 1.5, 1.5]]))
    limit = np.percentile(reference.distance(x), 99)
    assert between > 1.2 and across > limit > along


def test_fewer_cases_than_features_are_shrunk_and_stay_finite() -> None:
    rng = np.random.default_rng(1)
    x, labels = rng.normal(0, 1, (60, 500)), np.arange(60) % 4
    reference = fit_reference(x[:40], labels[:40])
    assert len(reference.variances) <= LARGEST_RANK
    held_out, far = reference.distance(x[40:]), reference.distance(3 * x[40:])
    assert np.isfinite(held_out).all() and held_out.max() < 2 < far.min()


def test_a_feature_that_never_moves_does_not_blow_up() -> None:
    x, labels = two_classes()
    x = np.hstack([x, np.full((len(x), 1), 0.3)])
    assert fit_reference(x, labels).distance(x + np.array([0, 0, 0, 1e-4])).max() < 4


def test_there_and_back_through_the_model_file() -> None:
    x, labels = two_classes()
    reference = fit_reference(x, labels)
    again = Reference.of({**reference.tensors(), "another": torch.zeros(3)}, 3)
    assert again is not None and np.allclose(again.distance(x), reference.distance(x), atol=1e-4)


def test_a_model_with_mean_and_deviation_alone_is_understood() -> None:
    held = {"ood.mean": torch.tensor([1.0, 2.0]), "ood.std": torch.tensor([0.5, 2.0])}
    reference = Reference.of(held, 2)
    assert reference is not None and reference.distance(torch.tensor([[1.0, 2.0], [2.0, 6.0]])).tolist() == [0.0, 2.0]
    assert Reference.of({}, 2) is None


@pytest.mark.parametrize("name", ["ood.means", "ood.scale", "ood.directions", "ood.variances", "ood.rest"])
def test_statistics_of_another_network_are_refused(name: str) -> None:
    tensors = fit_reference(*two_classes()).tensors()
    with pytest.raises(ValueError, match="ood"):
        Reference.of(tensors, 4)
    with pytest.raises(ValueError, match=r"must be"):
        Reference.of({**tensors, name: torch.zeros_like(tensors[name])[..., :-1]}, 3)
    with pytest.raises(ValueError, match="of the same cases"):
        fit_reference(np.zeros((3, 2)), np.zeros(2))
