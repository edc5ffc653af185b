"""The reader's corrections: nothing of the backend's is lost, everything can be undone, asking anew keeps them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vb_desktop.pipeline.case import Box
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook, between

WHO, WHEN = "reader-1", "2026-01-02T03:04:05+00:00"


def box(k: int, i0: int = 10, source: str = "builtin") -> Box:
    return Box(k=k, i0=i0, i1=i0 + 10, j0=20, j1=32, confidence=0.7, source=source)


@pytest.fixture
def book() -> BoxBook:
    return BoxBook.of_found([box(5), box(6), box(7)])


def ranges(book: BoxBook) -> list[tuple[int, int]]:
    return [(one.k, one.i0) for one in book.in_force.values()]


def test_a_moved_box_is_the_readers_and_names_the_one_it_replaces(book: BoxBook) -> None:
    target = next(iter(book.in_force))
    moved = book.move(target, box(5, 14), WHO, WHEN)
    assert ranges(moved) == [(5, 14), (6, 10), (7, 10)]
    new = next(one for one in moved.in_force.values() if one.i0 == 14)
    assert (new.source, new.edits, new.author, new.time) == ("reader", target, WHO, WHEN)
    assert moved.found == book.found


def test_undo_and_redo_walk_through_every_step(book: BoxBook) -> None:
    first, second, _ = book.in_force
    steps = [book, book.add([box(8)], WHO, WHEN)]
    steps.append(steps[-1].move(first, box(5, 3), WHO, WHEN))
    steps.append(steps[-1].delete([second], WHO, WHEN))
    at = steps[-1]
    for before in reversed(steps[:-1]):
        at = at.undo()
        assert ranges(at) == ranges(before)
    with pytest.raises(LocalizationFailed, match="no correction"):
        at.undo()
    for after in steps[1:]:
        at = at.redo()
        assert ranges(at) == ranges(after)
    with pytest.raises(LocalizationFailed, match="taken back"):
        at.redo()


def test_a_new_correction_forgets_what_was_taken_back(book: BoxBook) -> None:
    undone = book.add([box(8)], WHO, WHEN).undo()
    changed = undone.add([box(9)], WHO, WHEN)
    assert ranges(changed)[-1] == (9, 10)
    assert len(changed.edits) == 1 and len(changed.drawn) == 1


def test_a_box_that_is_out_of_force_can_not_be_changed(book: BoxBook) -> None:
    first = next(iter(book.in_force))
    gone = book.delete([first], WHO, WHEN)
    with pytest.raises(LocalizationFailed, match=first):
        gone.move(first, box(5, 1), WHO, WHEN)


def test_corrections_stay_on_top_when_the_backend_is_asked_anew(book: BoxBook) -> None:
    first, second, _ = book.in_force
    edited = book.move(first, box(5, 2), WHO, WHEN).delete([second], WHO, WHEN)
    same = edited.found_anew([box(7), box(6), box(5)])
    assert ranges(same) == ranges(edited)
    assert [said.id for said in same.remarks()] == ["tumor_localizer.reader_edits"]
    other = edited.found_anew([box(5, 11), box(7)])
    assert ranges(other) == [(5, 2), (5, 11), (7, 10)]
    assert other.remarks()[-1].params == {"count": 2}


def test_between_two_slices_the_edges_run_straight() -> None:
    low, high = box(4, 10), box(8, 18)
    assert [(one.k, one.i0, one.i1) for one in between(high, low)] == [
        (4, 10, 20), (5, 12, 22), (6, 14, 24), (7, 16, 26), (8, 18, 28),
    ]  # fmt: skip
    with pytest.raises(LocalizationFailed, match="slice 4"):
        between(low, box(4))


@given(st.lists(st.tuples(st.sampled_from(["add", "move", "delete", "undo", "redo"]), st.integers(0, 50)), max_size=12))
def test_any_walk_keeps_the_backends_boxes_and_ends_where_it_began(steps: list[tuple[str, int]]) -> None:
    start = book = BoxBook.of_found([box(5), box(6), box(7)])
    for action, n in steps:
        ids = list(book.in_force)
        try:
            if action == "add":
                book = book.add([box(n)], WHO, WHEN)
            elif action == "undo":
                book = book.undo()
            elif action == "redo":
                book = book.redo()
            elif ids and action == "move":
                book = book.move(ids[n % len(ids)], box(n, 1), WHO, WHEN)
            elif ids:
                book = book.delete([ids[n % len(ids)]], WHO, WHEN)
        except LocalizationFailed:
            continue
        assert book.found == start.found
        assert all(one.source == "reader" for one in book.drawn.values())
    while any(not edit.undone for edit in book.edits):
        book = book.undo()
    assert book.in_force == start.in_force
