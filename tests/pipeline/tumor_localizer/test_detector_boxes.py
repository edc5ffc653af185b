import numpy as np
import pytest

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.model_card import DetectorCard
from vb_desktop.pipeline.tumor_localizer.detector_boxes import FEATURES, all_regions, boxes_of, find_regions
from vb_desktop.pipeline.tumor_localizer.detector_grid import AFFINE, SHAPE

CARD = DetectorCard(threshold=0.5, least_confidence=0.5, intercept=-1.0, weights_of={"log_ml": 1.0})
FINE = Volume(
    np.zeros((197, 233, 189), np.uint8), np.array([[1.0, 0, 0, -98], [0, 1, 0, -134], [0, 0, 1, -72], [0, 0, 0, 1]])
)


def scene(*blocks):
    """Probability 0.9 in these blocks."""
    core = np.zeros(SHAPE, np.float32)
    for block in blocks:
        core[block] = 0.9
    brain = np.zeros(SHAPE, bool)
    brain[5:75, 5:90, 5:75] = True
    return core, core, brain


LARGE = (slice(50, 60), slice(40, 52), slice(30, 40))  # 9.6 mL
SMALL = (slice(20, 22), slice(40, 42), slice(30, 34))  # 0.13 mL


def test_regions_that_do_not_persist_over_slices_are_left_out():
    flat = (slice(50, 60), slice(40, 52), slice(30, 32))
    assert all_regions(*scene(flat), CARD) == []
    assert len(all_regions(*scene(LARGE, SMALL), CARD)) == 2


def test_confidence_follows_the_calibration_and_weak_regions_are_left_out():
    large, small = all_regions(*scene(SMALL, LARGE), CARD)
    assert large.features[FEATURES.index("log_ml")] == pytest.approx(np.log(9.6))
    assert large.confidence == pytest.approx(1 / (1 + np.exp(1 - np.log(9.6)))) and small.confidence < 0.1
    assert [region.confidence for region in find_regions(*scene(SMALL, LARGE), CARD)] == [large.confidence]


def test_nothing_outside_the_brain():
    assert all_regions(*scene((slice(0, 4), slice(0, 10), slice(0, 10))), CARD) == []


def test_boxes_lie_where_the_region_lies_in_millimetres():
    core, whole, brain = scene(LARGE)
    region = find_regions(core, whole, brain, CARD)[0]
    boxes = boxes_of(region, core, FINE, CARD)
    low = AFFINE[:3, :3] @ (50, 40, 30) + AFFINE[:3, 3] - 1
    high = AFFINE[:3, :3] @ (59, 51, 39) + AFFINE[:3, 3] + 1
    assert abs(FINE.affine[2, 3] + min(boxes) - low[2]) <= 1.5 and abs(FINE.affine[2, 3] + max(boxes) - high[2]) <= 1.5
    middle = boxes[(min(boxes) + max(boxes)) // 2]
    found = np.array([middle.i0 - 98, middle.j0 - 134, middle.i1 - 98, middle.j1 - 134])
    assert np.abs(found - [low[0], low[1], high[0], high[1]]).max() <= 1.5
    assert middle.source == "builtin" and "mL" in middle.text


def test_a_slice_with_a_sliver_has_no_box_and_pieces_share_one():
    tail = (slice(50, 51), slice(40, 41), slice(40, 46))  # 4 mm2 on each slice
    arm = (slice(30, 50), slice(40, 42), slice(30, 31))
    core, whole, brain = scene(LARGE, tail, arm, (slice(30, 34), slice(40, 46), slice(30, 33)))
    regions = find_regions(core, whole, brain, CARD)
    assert len(regions) == 1
    boxes = boxes_of(regions[0], core, FINE, CARD)
    assert max(boxes) < 40 * 2 + 2
    two_pieces = boxes[32 * 2 - 1]  # the arm is one slice below: here are two separate pieces of the same region
    assert two_pieces.i1 - two_pieces.i0 > 45
