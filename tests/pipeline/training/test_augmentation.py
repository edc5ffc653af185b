import numpy as np
import pytest

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import standardise
from vb_desktop.pipeline.training.augmentation import augment

OFF = {"rotate": 0.0, "mirror": 0.0, "noise": 0.0, "gamma": 0.0}


def case() -> tuple[np.ndarray, np.ndarray]:
    """An image whose prior marks its one bright voxel."""
    brain = np.zeros((8, 8, 6), bool)
    brain[1:7, 1:7, 1:5] = True
    image = np.random.default_rng(0).normal(0, 0.1, brain.shape)
    image[2, 3, 3] = 9
    prior = np.zeros(brain.shape, np.float32)
    prior[2, 3, 3] = 1
    return standardise(image, brain), prior


def test_off_is_off() -> None:
    image, prior = augment(np.random.default_rng(0), *case(), **OFF)
    assert np.array_equal(image, case()[0]) and np.array_equal(prior, case()[1])


@pytest.mark.parametrize(
    "changes", [{"rotate": 1.0}, {"mirror": 1.0}, {"rotate": 1.0, "mirror": 1.0, "noise": 1.0, "gamma": 1.0}]
)
def test_the_prior_goes_with_the_image(changes: dict[str, float]) -> None:
    for seed in range(4):
        image, prior = augment(np.random.default_rng(seed), *case(), **OFF | changes)
        assert image.argmax() == prior.argmax()
        assert image.argmax() != case()[0].argmax()
        assert np.argwhere(prior)[0][2] == 3  # the axial slice stays


def test_mirror_is_left_right() -> None:
    image, _ = augment(np.random.default_rng(0), *case(), **OFF | {"mirror": 1.0})
    assert np.array_equal(image, case()[0][::-1])


@pytest.mark.parametrize("name", ["noise", "gamma"])
def test_intensities_change_a_little_and_are_standardised_again(name: str) -> None:
    before = case()[0]
    after, _ = augment(np.random.default_rng(0), *case(), **OFF | {name: 1.0})
    brain = before != 0
    assert not np.array_equal(before, after)
    assert np.corrcoef(before[brain], after[brain])[0, 1] > 0.9
    assert after[brain].mean() == pytest.approx(0, abs=1e-4) and after[brain].std() == pytest.approx(1, abs=1e-4)
    assert not after[~brain].any()
