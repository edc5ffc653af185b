import numpy as np
import pytest
from tiny_model import TINY_GRID

from vb_desktop.pipeline.adaptive_diagnoser.case_measures import MEASURES, case_measures, fit_ranges, outside
from vb_desktop.pipeline.messages import say


def case(centre: tuple[int, int, int] = (20, 16, 14), half: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Noise in a box of brain, one bright cube in it: image, prior, brain."""
    brain = np.zeros(TINY_GRID.shape, bool)
    brain[6:26, 6:26, 6:26] = True
    prior = np.zeros(TINY_GRID.shape, np.float32)
    prior[tuple(slice(c - half, c + half) for c in centre)] = 1
    image = np.random.default_rng(0).normal(0, 1, TINY_GRID.shape) + 3 * prior
    return np.where(brain, image, 0), prior, brain


def test_measures_by_hand() -> None:
    image, prior, brain = case()
    found = case_measures(TINY_GRID, image, prior, brain)
    assert tuple(found) == MEASURES
    assert found["brain_ml"] == pytest.approx(20**3 * 0.216)
    assert found["region_ml"] == pytest.approx(64 * 0.216)
    # cells 18..21, 14..17, 12..15 of 6 mm from (-93, -110, -80)
    assert [found[f"region_{part}_mm"] for part in ("lateral", "y", "z")] == pytest.approx([24, -17, 1])
    assert found["region_intensity"] == pytest.approx(3, abs=0.4)


def test_left_and_right_are_the_same_place() -> None:
    image, prior, brain = case()
    there, back = case_measures(TINY_GRID, image, prior, brain), case_measures(
        TINY_GRID, image[::-1], prior[::-1], brain[::-1]
    )  # fmt: skip
    assert there == pytest.approx(back)


def test_without_a_region_only_the_brain_is_measured() -> None:
    image, prior, brain = case()
    assert [name for name in case_measures(TINY_GRID, image, 0 * prior, brain) if name.startswith("region")] == []


def test_ranges_reach_a_tenth_beyond_what_was_seen() -> None:
    ranges = fit_ranges([{"region_y_mm": -20.0, "region_ml": 1.0}, {"region_y_mm": 10.0, "region_ml": 30.0}, {}])
    assert ranges == {"region_ml": (0.0, pytest.approx(32.9)), "region_y_mm": (-23.0, 13.0)}


def test_what_lies_outside_is_said_with_its_figures() -> None:
    ranges = fit_ranges([case_measures(TINY_GRID, *case((c, 16, 14))) for c in (18, 20, 22)])
    assert outside(case_measures(TINY_GRID, *case((19, 16, 14))), ranges) == []
    image, prior, brain = case((20, 9, 14), half=3)
    said = outside(case_measures(TINY_GRID, image, prior, brain), ranges)
    assert {message.id for message in said} >= {"diagnosis.outside.region_y_mm", "diagnosis.outside.region_ml"}
    assert "46.7 mL" in " ".join(map(say, said))
    blurred = {**case_measures(TINY_GRID, *case()), "brain_sharpness": 0.0}
    assert [message.id for message in outside(blurred, ranges)] == ["diagnosis.outside.brain_sharpness"]


def test_each_measure_has_its_sentence_and_an_unknown_one_is_passed_over() -> None:
    away = outside(dict.fromkeys(MEASURES, 2.0), dict.fromkeys(MEASURES, (0.0, 1.0)))
    assert len({say(message) for message in away}) == len(MEASURES)
    assert outside({"heads": 2.0}, {"heads": (0.0, 1.0)}) == []
