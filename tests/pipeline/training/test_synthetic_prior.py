import numpy as np

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.training.synthetic_prior import synthetic_prior

GRID = InputGrid(shape=(40, 40, 40))


def tumour(size: int) -> np.ndarray:
    mask = np.zeros(GRID.shape, bool)
    mask[8 : 8 + size, 14 : 14 + size, 20 : 20 + size] = True
    return mask


def test_it_covers_the_tumour_smoothly_and_stays_on_its_side() -> None:
    brain = np.ones(GRID.shape, bool)
    for seed in range(5):
        prior = synthetic_prior(np.random.default_rng(seed), tumour(10), brain, GRID)
        assert prior.dtype == np.float32 and 0 <= prior.min() and prior.max() <= 1
        assert (prior > 0.5)[tumour(10)].mean() > 0.6
        assert ((prior > 0.05) & (prior < 0.95)).any()
        assert prior[24:].max() < 0.5 and not prior[28:].any()


def test_jitter_differs_from_case_to_case() -> None:
    brain = np.ones(GRID.shape, bool)
    one, two = (synthetic_prior(np.random.default_rng(seed), tumour(10), brain, GRID) for seed in (0, 1))
    assert not np.array_equal(one, two)


def test_a_tiny_tumour_still_has_a_region() -> None:
    brain = np.ones(GRID.shape, bool)
    assert (synthetic_prior(np.random.default_rng(0), tumour(1), brain, GRID) > 0.5).any()


def test_nothing_outside_the_brain() -> None:
    brain = np.ones(GRID.shape, bool)
    brain[:12] = False
    assert not synthetic_prior(np.random.default_rng(0), tumour(10), brain, GRID)[:12].any()
