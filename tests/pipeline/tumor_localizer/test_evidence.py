from tests.pipeline.tumor_localizer.conftest import make_box
from vb_desktop.pipeline.messages import say
from vb_desktop.pipeline.tumor_localizer.evidence import box_remarks, regions


def ids(boxes, gap_mm=6.0):
    return [remark.id.split(".")[1] for remark in box_remarks(boxes, 1.0, gap_mm)]


STEADY = [make_box(k, 10, 20, 10, 20) for k in range(5, 12)]


def test_steady_boxes_need_no_remark():
    assert ids(STEADY) == []
    assert ids([]) == []


def test_a_box_that_stands_alone_is_named_with_its_slice():
    alone = [*STEADY, make_box(30, 40, 50, 40, 50)]
    remarks = box_remarks(alone, 1.0, 6.0)
    assert [r.id for r in remarks] == ["tumor_localizer.isolated_slices", "tumor_localizer.several_regions"]
    assert "1 of 8" in say(remarks[0]) and "30" in say(remarks[0])


def test_jumping_boxes_are_unsteady():
    assert "unsteady" in ids([make_box(k, 10 + 8 * (k % 2), 20 + 8 * (k % 2), 10, 20) for k in range(6)])


def test_a_jump_of_the_area_is_counted():
    remarks = box_remarks([*STEADY, make_box(12, 5, 35, 5, 25)], 1.0, 6.0)
    assert [(r.id.split(".")[1], r.params["count"]) for r in remarks] == [("area_jumps", 1)]


def test_missing_slices_are_counted():
    remarks = box_remarks([b for b in STEADY if b.k not in (7, 8)], 1.0, 6.0)
    assert [(r.id.split(".")[1], r.params["count"]) for r in remarks] == [("missing_slices", 2)]


def test_two_lesions_are_two_regions():
    assert regions(STEADY) == 1
    assert regions([*STEADY, *(make_box(k, 40, 50, 10, 20) for k in range(5, 12))]) == 2
    assert regions([]) == 0
