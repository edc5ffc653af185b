"""The grades of boxes and priors: what is steady is good, and every doubt has its sentence."""

from __future__ import annotations

import numpy as np
import pytest

from tests.pipeline.tumor_localizer.conftest import make_box
from vb_desktop.pipeline.case import Box, CoarsePrior, Grade, RefinedPrior, Volume
from vb_desktop.pipeline.messages import say, says
from vb_desktop.pipeline.tumor_localizer.evidence import doubts, grade_boxes, grade_priors, regions

AFFINE = np.diag([1.0, 1.0, 1.0, 1.0])
AFFINE[0, 3] = -50.0
GRID = Volume(np.zeros((100, 100, 60), np.float32), AFFINE)
"""100 mm wide with the midline at i = 50."""


def grades(boxes: list[Box], gap_mm: float = 6.0) -> dict[str, Grade]:
    return {grade.id: grade for grade in grade_boxes(boxes, GRID, gap_mm)}


def doubtful(boxes: list[Box]) -> list[str]:
    return [id_ for id_, grade in grades(boxes).items() if grade.state != "good"]


STEADY = [make_box(k, 10, 20, 10, 20) for k in range(5, 12)]


def test_steady_boxes_are_good_in_every_question() -> None:
    found = grades(STEADY)
    assert len(found) == 6 and doubtful(STEADY) == []
    assert all(say(grade.message) and "{" not in say(grade.message) for grade in found.values())
    assert grade_boxes([], GRID, 6.0) == ()


def test_a_box_that_stands_alone_is_named_with_its_slice() -> None:
    alone = grades([*STEADY, make_box(30, 40, 50, 40, 50)])
    assert doubtful([*STEADY, make_box(30, 40, 50, 40, 50)]) == ["isolated_slices", "several_regions"]
    assert "1 of 8" in say(alone["isolated_slices"].message) and "30" in say(alone["isolated_slices"].message)


def test_jumping_boxes_are_unsteady() -> None:
    assert "unsteady" in doubtful([make_box(k, 10 + 8 * (k % 2), 20 + 8 * (k % 2), 10, 20) for k in range(6)])


def test_a_single_slice_says_nothing_of_steadiness() -> None:
    assert grades([make_box(5, 10, 20, 10, 20)])["unsteady"].value is None


def test_a_jump_of_the_area_is_counted() -> None:
    jump = [*STEADY, make_box(12, 5, 35, 5, 25)]
    assert doubtful(jump) == ["area_jumps"] and grades(jump)["area_jumps"].value == 1


def test_missing_slices_are_counted() -> None:
    gap = [box for box in STEADY if box.k not in (7, 8)]
    assert doubtful(gap) == ["missing_slices"] and grades(gap)["missing_slices"].value == 2


def test_boxes_that_change_sides_are_doubtful() -> None:
    swapped = [make_box(k, *((10, 20) if k % 2 else (80, 90)), 10, 20) for k in range(5, 12)]
    assert grades(swapped)["sides"].value == 6
    across = [make_box(k, 40 + k, 50 + k, 10, 20) for k in range(0, 12)]
    assert grades(across)["sides"].state == "good", "a tumour that crosses the midline changes no side"


def test_mirrored_boxes_look_like_healthy_structures() -> None:
    pair = [*STEADY, *(make_box(k, 80, 90, 11, 21) for k in range(5, 12))]
    found = grades(pair)["sides"]
    assert found.message.id == "evidence.sides.mirrored" and found.value == 7
    elsewhere = [*STEADY, *(make_box(k, 80, 90, 60, 70) for k in range(5, 12))]
    assert grades(elsewhere)["sides"].state == "good"


@pytest.mark.parametrize(("shift", "state"), [(0, "good"), (3, "good"), (9, "doubtful")])
def test_the_agreement_of_mlp_and_boxes_is_graded(shift: int, state: str) -> None:
    coarse, mlp = np.zeros((2, *GRID.voxels.shape), np.float32)
    coarse[20:32, 20:32, 20:32] = 1.0
    mlp[20 + shift : 32 + shift, 20:32, 20:32] = 1.0
    refined = RefinedPrior(GRID.like(np.maximum(coarse, mlp)), GRID.like(mlp), 0.8)
    found = {grade.id: grade for grade in grade_priors(CoarsePrior(GRID.like(coarse)), refined)}
    assert found["mlp_agreement"].state == state
    assert found["mlp_agreement"].value == pytest.approx((12 - shift) / 12)
    assert found["empty_prior"].state == "good"


def test_an_empty_prior_is_poor() -> None:
    low = GRID.like(np.full(GRID.voxels.shape, 0.2, np.float32))
    (found,) = grade_priors(CoarsePrior(low), RefinedPrior(low, low, 0.2))
    assert found.state == "poor" and doubts([found])[0].id == "tumor_localizer.no_region"


def test_every_doubt_has_its_sentence() -> None:
    for id_ in ("isolated_slices", "unsteady", "area_jumps", "missing_slices", "several_regions", "mlp_agreement"):
        assert says(f"tumor_localizer.{id_}") and says(f"evidence.{id_}.good")


def test_two_lesions_are_two_regions() -> None:
    assert regions(STEADY) == 1
    assert regions([*STEADY, *(make_box(k, 40, 50, 10, 20) for k in range(5, 12))]) == 2
    assert regions([]) == 0
