import numpy as np
import pytest

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.adaptive_diagnoser.intended_use import depth_below_convexity, intended_use_remarks

GRID = InputGrid(shape=(48, 48, 40), spacing_mm=4.0, origin_mm=(-94.0, -112.0, -74.0))


def ball(centre: tuple[float, float, float], radius: float) -> np.ndarray:
    ijk = np.stack(np.meshgrid(*(np.arange(n) for n in GRID.shape), indexing="ij"), -1)
    return ((ijk * 4.0 + GRID.origin_mm - centre) ** 2).sum(-1) < radius**2


BRAIN = ball((0, -16, 6), 70)


def ids(*regions: np.ndarray) -> list[str]:
    return [message.id for message in intended_use_remarks(GRID, np.logical_or.reduce(regions), BRAIN)]


def test_a_single_deep_lesion_gets_the_plain_sentence() -> None:
    assert ids(ball((12, -18, 8), 14)) == ["diagnosis.intended_use"]


def test_several_lesions_are_said() -> None:
    assert "diagnosis.several_regions" in ids(ball((20, -18, 8), 10), ball((-20, -18, 8), 10))


def test_a_lesion_at_the_convexity_is_said_but_not_one_at_the_skull_base() -> None:
    assert "diagnosis.superficial" in ids(ball((0, -16, 68), 12))
    assert "diagnosis.superficial" not in ids(ball((0, 2, -16), 10))
    assert "diagnosis.superficial" not in ids(ball((0, -40, -50), 10))


def test_depth_in_millimetres() -> None:
    assert depth_below_convexity(GRID, ball((0, -16, 50), 8), BRAIN) == pytest.approx(26, abs=5)
    assert depth_below_convexity(GRID, np.zeros(GRID.shape, bool), BRAIN) is None
