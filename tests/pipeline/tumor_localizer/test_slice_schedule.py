from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from vb_desktop.pipeline.tumor_localizer.answer_cache import AnswerCache
from vb_desktop.pipeline.tumor_localizer.repetition import repeats
from vb_desktop.pipeline.tumor_localizer.slice_schedule import SliceSchedule


def run(slices: Sequence[int], stride: int, tumour: set[int]) -> list[list[int]]:
    schedule, rounds = SliceSchedule(slices, stride), []
    while round_ := schedule.next_round():
        rounds.append(round_)
        for k in round_:
            schedule.tell(k, k in tumour)
    return rounds


def test_without_a_hit_only_the_coarse_stride() -> None:
    (only,) = run(range(20, 100), 4, set())
    assert only == list(range(21, 100, 4))


def test_around_a_hit_every_slice_until_a_stride_shows_nothing() -> None:
    tumour = set(range(50, 63))
    rounds = run(range(20, 100), 4, tumour)
    asked = sorted(k for round_ in rounds for k in round_)
    assert tumour <= set(asked) and len(asked) == len(set(asked))
    assert set(asked) & set(range(46, 67)) == set(range(46, 67))
    assert len(asked) < 45


def test_slices_that_are_missing_between_are_no_reason_to_stop() -> None:
    slices = [*range(10, 30), *range(40, 60)]
    asked = {k for round_ in run(slices, 3, {28, 29, 40, 41}) for k in round_}
    assert {28, 29, 40, 41} <= asked


@pytest.mark.parametrize("stride", [0, 1])
def test_stride_one_asks_all_at_once(stride: int) -> None:
    assert run(range(5), stride, {2}) == [[0, 1, 2, 3, 4]]


def test_fewer_slices_than_the_stride() -> None:
    assert run([7, 8], 4, set()) == [[7]]
    assert run([], 4, set()) == []


def test_the_cache_outlives_a_kill_in_the_middle_of_a_line(tmp_path: Path) -> None:
    asked = {"model": "m", "prompt": "p"}
    cache = AnswerCache(asked, tmp_path)
    cache.keep("a", "one")
    cache.keep("b", "two\nlines")
    with cache.path.open("a") as file:
        file.write('{"picture": "c", "ans')
    again = AnswerCache(asked, tmp_path)
    assert (again.get("a"), again.get("b"), again.get("c")) == ("one", "two\nlines", None)
    assert AnswerCache(asked | {"prompt": "q"}, tmp_path).get("a") is None


def test_a_disk_that_refuses_costs_the_cache_not_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = AnswerCache({"model": "m"}, tmp_path / "file")
    cache.keep("a", "one")
    assert cache.get("a") == "one"


def test_repetition() -> None:
    assert repeats("bright spot, " * 10) and repeats([1, 2, 3] * 20) and repeats(" " * 60)
    four = '{"boxes": [' + ", ".join(f'{{"bbox_2d": [{n}, 20{n}, 30{n}, 400]}}' for n in range(8)) + "]}"
    assert not repeats(four) and not repeats("no tumour") and not repeats("")
