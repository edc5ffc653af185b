import numpy as np
import pytest

from vb_desktop.pipeline.case import Box
from vb_desktop.pipeline.evaluation.bootstrap import mean_with_interval
from vb_desktop.pipeline.evaluation.metrics import box_iou, is_hit, overlap, slice_scores

MM = (1.0, 1.0, 1.0)


def box(k, i0, i1, j0, j1):
    return Box(k=k, i0=i0, i1=i1, j0=j0, j1=j1, confidence=0.5, source="builtin")


def core_block():
    core = np.zeros((40, 40, 12), bool)
    core[10:20, 10:20, 3:7] = True
    core[10:13, 10:13, 7] = True  # 9 mm2: left out
    return core


def test_slices_with_a_sliver_of_core_are_left_out():
    scores = slice_scores([box(4, 10, 20, 10, 20), box(7, 0, 5, 0, 5), box(9, 0, 5, 0, 5)], core_block(), range(12), MM)
    assert (scores.tumour_slices, scores.found_slices) == (4, 1)
    assert (scores.free_slices, scores.false_slices) == (7, 1)  # slice 7 counts neither way
    assert scores.iou_common == 1 and scores.iou_all == 0.25


def test_the_area_is_in_mm2_not_in_voxels():
    scores = slice_scores([], core_block(), range(12), (2.0, 2.0, 2.0))
    assert scores.tumour_slices == 5 and scores.iou_common is None and scores.iou_all == 0


def test_a_control_has_only_free_slices():
    scores = slice_scores([box(2, 0, 3, 0, 3)], np.zeros((9, 9, 5), bool), range(5), MM)
    assert (scores.tumour_slices, scores.free_slices, scores.false_slices) == (0, 5, 1)
    assert scores.iou_all is None


def test_iou_of_several_boxes_counts_their_area_once():
    core = np.zeros((20, 20), bool)
    core[0:10, 0:10] = True
    assert box_iou([box(0, 0, 10, 0, 5), box(0, 0, 10, 3, 10)], core) == 1
    assert box_iou([box(0, 0, 10, 0, 20)], core) == pytest.approx(0.5)
    assert box_iou([], core) is None


def ball(shape, centre, radius):
    grid = np.indices(shape) - np.array(centre).reshape(3, 1, 1, 1)
    return (grid**2).sum(axis=0) <= radius**2


def test_a_hit_needs_the_place_and_the_size():
    core = ball((60, 60, 60), (20, 30, 30), 6)
    assert is_hit(ball(core.shape, (20, 30, 30), 9), core, MM)
    assert is_hit(ball(core.shape, (29.5, 30, 30), 6), core, MM)  # 3.5 mm outside
    assert not is_hit(ball(core.shape, (31, 30, 30), 6), core, MM)
    assert not is_hit(ball(core.shape, (20, 30, 30), 12), core, MM)  # 8 times the core
    assert not is_hit(np.zeros(core.shape, bool), core, MM)
    assert not is_hit(ball(core.shape, (29.5, 30, 30), 6), core, (2.0, 2.0, 2.0))  # the same in voxels is 7 mm


def test_the_largest_component_decides():
    core = ball((60, 60, 60), (20, 30, 30), 8)
    beside = ball(core.shape, (48, 30, 30), 6)
    assert is_hit(core | beside, core, MM)
    assert not is_hit(beside | ball(core.shape, (20, 30, 30), 4), core, MM)


def test_overlap():
    core = np.zeros((4, 4, 4), bool)
    core[:2] = True
    region = np.zeros_like(core)
    region[1:] = True
    found = overlap(region, core)
    assert (found.recall, found.precision) == (0.5, pytest.approx(1 / 3)) and found.dice == pytest.approx(0.4)
    assert overlap(np.zeros_like(core), core).precision == 0


def test_the_interval_holds_the_mean_and_narrows_with_n():
    rng = np.random.default_rng(0)
    few, many = (mean_with_interval(list(rng.normal(5, 1, n))) for n in (10, 200))
    for found in (few, many):
        assert found.low < found.value < found.high
    assert many.high - many.low < 0.5 < few.high - few.low
    assert mean_with_interval([2.0]).low is None and mean_with_interval([]).value is None
    assert mean_with_interval([1.0, 0.0, 1.0]) == mean_with_interval([1.0, 0.0, 1.0])
