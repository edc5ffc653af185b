import numpy as np
import pytest

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.adaptive_diagnoser.intended_use import (
    MOST_NEAR_SURFACE,
    depth_below_convexity,
    intended_use_remarks,
    share_near_surface,
)

GRID = InputGrid(shape=(48, 48, 40), spacing_mm=4.0, origin_mm=(-94.0, -112.0, -74.0))


def ball(centre: tuple[float, float, float], radius: float) -> np.ndarray:
    ijk = np.stack(np.meshgrid(*(np.arange(n) for n in GRID.shape), indexing="ij"), -1)
    return ((ijk * 4.0 + GRID.origin_mm - centre) ** 2).sum(-1) < radius**2


BRAIN = ball((0, -16, 6), 70)


def ids(*regions: np.ndarray, age: float | None = None) -> list[str]:
    return [message.id for message in intended_use_remarks(GRID, np.logical_or.reduce(regions), BRAIN, age)]


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


def test_depth_is_that_below_the_template_s_surface_whatever_the_patient_s_mask_has_lost() -> None:
    lesion = ball((12, -18, 8), 14)
    cut = BRAIN & ~ball((12, -18, 8), 20)
    said = [message.id for message in intended_use_remarks(GRID, lesion, cut)]
    assert "diagnosis.superficial" not in said


def test_contact_with_the_surface_is_said() -> None:
    touching = BRAIN & ball((40, -16, 40), 22)
    assert share_near_surface(GRID, touching, BRAIN) > MOST_NEAR_SURFACE
    assert "diagnosis.touches_surface" in ids(touching)
    assert share_near_surface(GRID, ball((12, -18, 8), 14), BRAIN) == 0
    assert share_near_surface(GRID, BRAIN & ball((0, -30, -60), 22), BRAIN) == 0  # the skull base does not count


@pytest.mark.parametrize(("age", "said"), [(3.0, True), (4.0, False), (86.5, False), (87.0, True), (None, False)])
def test_ages_outside_those_of_the_paper_are_said_without_the_age(age: float | None, said: bool) -> None:
    assert ("diagnosis.age" in ids(ball((12, -18, 8), 14), age=age)) is said
