import numpy as np
import pytest

from vb_desktop.pipeline.adaptive_diagnoser import trust
from vb_desktop.pipeline.adaptive_diagnoser.training_reference import Reference
from vb_desktop.pipeline.adaptive_diagnoser.views import spread
from vb_desktop.pipeline.messages import Message, say
from vb_desktop.pipeline.model_card import Calibration, OutOfDistribution

CARD = OutOfDistribution(threshold=1.5, cases=9, description="none", ranges={"region_ml": (1.0, 30.0)})
ONE = Reference(np.zeros((1, 2)), np.ones(2), np.zeros((0, 2)), np.zeros(0), 1.0)


def test_calibration() -> None:
    good = trust.of_calibration(Calibration(temperature=1.7, quantile90=0.5, cases=249, data="none"))
    assert (good.state, good.value) == ("good", 1.7) and "1.70" in say(good.message) and "249" in say(good.message)
    assert trust.of_calibration(None).state == "poor"


def test_set() -> None:
    assert trust.of_set((2,)).state == "good" and "germinoma" in say(trust.of_set((2,)).message)
    assert trust.of_set((1, 0)).state == "doubtful" and "PCNSL, glioma" in say(trust.of_set((1, 0)).message)


def test_distance() -> None:
    near, far = (trust.of_distance(ONE, CARD, np.array([[x, x]])) for x in (1.0, 2.0))
    assert (near.state, near.value, near.threshold) == ("good", 1.0, 1.5)
    assert (far.state, far.value) == ("poor", 2.0) and "2.00" in say(far.message)
    assert trust.of_distance(None, CARD, np.zeros((1, 2))).state == "doubtful"


def test_measures() -> None:
    assert [grade.state for grade in trust.of_measures(CARD, {"region_ml": 3.0})] == ["good"]
    (away,) = trust.of_measures(CARD, {"region_ml": 0.5})
    assert (away.id, away.state, away.value, away.threshold) == ("region_ml", "poor", 0.5, 1.0)
    assert trust.of_measures(CARD, {"region_ml": 80.0})[0].threshold == 30.0
    assert trust.of_measures(None, {})[0].state == "doubtful"


@pytest.mark.parametrize(("copy", "state"), [([0.8, 0.2], "good"), ([0.55, 0.45], "doubtful"), ([0.4, 0.6], "poor")])
def test_spread(copy: list[float], state: str) -> None:
    grade = trust.of_spread(spread(np.array([[0.9, 0.1], copy])), 0)
    assert grade.state == state and say(grade.message)


def test_cam() -> None:
    good, even, empty = (trust.of_cam(1, share, 0.15, 16.0) for share in (0.9, 0.2, None))
    assert (good.state, even.state, empty.state) == ("good", "doubtful", "doubtful")
    assert (good.value, good.threshold) == (pytest.approx(6.0), 1.5)
    assert "16 mm" in say(good.message) and "15%" in say(even.message)


def test_intended_use() -> None:
    always = Message("diagnosis.intended_use")
    assert trust.of_intended_use([always]).state == "good"
    assert trust.of_intended_use([always, Message("diagnosis.several_regions", {"n": 2})]).state == "doubtful"


def test_it_abstains_when_undecided_far_away_or_of_another_kind() -> None:
    near, far = (trust.of_distance(ONE, CARD, np.array([[x, x]])) for x in (1.0, 2.0))
    inside, away = (trust.of_measures(CARD, {"region_ml": ml}) for ml in (3.0, 99.0))
    assert not trust.abstains((0,), near, inside)
    assert trust.abstains((0, 1), near, inside) and trust.abstains((0,), far, inside)
    assert trust.abstains((0,), near, away)
    assert not trust.abstains((0,), trust.of_distance(None, None, np.zeros((1, 2))), trust.of_measures(None, {}))


def test_share_inside() -> None:
    cam = np.array([1.0, 3.0, 0.0])
    assert trust.share_inside(cam, np.array([False, True, True])) == 0.75
    assert trust.share_inside(0 * cam, np.ones(3, bool)) == 0.0
