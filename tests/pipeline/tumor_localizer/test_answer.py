from __future__ import annotations

import json
import math
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vb_desktop.pipeline.tumor_localizer.answer import (
    ANSWER_SCHEMA,
    MOST_BOXES,
    Answer,
    UnreadableAnswer,
    parse_answer,
)

BOX = {"bbox_2d": [100, 200, 300, 400], "label": "tumour"}
GOOD = json.dumps({"finding": "ring enhancement", "likelihood": 0.8, "boxes": [BOX]})


def corners(text: str) -> list[tuple[float, ...]]:
    return [mark.corners for mark in parse_answer(text).marks]


def test_the_answer_that_was_asked_for() -> None:
    answer = parse_answer(GOOD)
    assert answer.marks[0].corners == (100, 200, 300, 400) and answer.marks[0].likelihood == 0.8
    assert (answer.likelihood, answer.finding, answer.left_out) == (0.8, "ring enhancement", 0)


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{GOOD}\n```",
        f"Let me look. The left hemisphere {{seems}} normal.\n{GOOD}\nI hope this helps [1].",
        f"<think>Perhaps [{{}}] or {{'boxes': []}}?</think>{GOOD}",
        GOOD[:-1],
        GOOD[:-2] + ', {"bbox_2d": [500, 50',
        GOOD.replace("[100, 200, 300, 400]", "[300, 400, 100, 200]"),
        GOOD.replace("[100, 200, 300, 400]", "[100.0, 2e2, 300, 4.0e2]"),
        json.dumps({"likelihood": 0.8, "boxes": [BOX, BOX, {"bbox_2d": [101, 200, 300, 401], "label": "x"}]}),
        json.dumps([{**BOX, "likelihood": 0.8, "finding": "ring enhancement"}]),
        json.dumps({"likelihood": 80, "boxes": [BOX]}),
    ],
)
def test_the_same_box_however_it_is_wrapped(text: str) -> None:
    (mark,) = parse_answer(text).marks
    assert mark.corners == (100, 200, 300, 400)
    assert mark.likelihood == 0.8


def test_qwens_own_list_without_a_likelihood() -> None:
    (mark,) = parse_answer('[{"bbox_2d": [10, 20, 30, 40], "label": "tumor"}]').marks
    assert mark.corners == (10, 20, 30, 40) and mark.likelihood == 1.0


@pytest.mark.parametrize(
    "text",
    ["[]", "```json\n[]\n```", '{"finding": "normal", "likelihood": 0.05, "boxes": []}', "No tumour is visible.",
     "There is no abnormal mass or lesion on this slice."],
)  # fmt: skip
def test_no_tumour(text: str) -> None:
    answer = parse_answer(text)
    assert answer.marks == () and answer.likelihood < 0.5


@pytest.mark.parametrize(
    "text",
    ["", "blah", "{}", "[1, 2, 3, 4]", "null", "The tumour is in the left frontal lobe.", '{"boxes": 3}', "[" * 50_000,
     '{"a":' * 3000, "A long text about many things " * 5 + "[]"],
)  # fmt: skip
def test_nothing_that_could_be_understood(text: str) -> None:
    with pytest.raises(UnreadableAnswer):
        parse_answer(text)


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([-3, 0, 1004, 1000], [(0, 0, 1000, 1000)]),  # rounding
        ([0, 0, 1700, 900], []),  # pixels of some picture
        ([100, 100, 100, 400], []),  # a line
        ([math.nan, 1, 2, 3], []),
        ([math.inf, 1, 2, 3], []),
        (["100", "200", "300", "400"], []),
        ([True, False, 300, 400], []),
        ([10**400, 1, 2, 3], []),
        ([1, 2, 3], []),
        ([[1, 2], [3, 4], 5, 6], []),
    ],
)
def test_values_out_of_range(values: list[object], kept: list[tuple[float, ...]]) -> None:
    text = json.dumps({"likelihood": 0.9, "boxes": [{"bbox_2d": values}]})
    assert corners(text) == kept
    assert parse_answer(text).left_out == 1 - len(kept)


def test_a_model_that_lists_boxes_without_end() -> None:
    boxes = [{"bbox_2d": [n, n, n + 40, n + 40]} for n in range(0, 900, 30)]
    answer = parse_answer(json.dumps({"likelihood": 0.9, "boxes": boxes}))
    assert len(answer.marks) == MOST_BOXES and answer.left_out == len(boxes) - MOST_BOXES


def test_what_the_model_said_becomes_one_short_printable_line() -> None:
    text = json.dumps({"finding": "a\n\x1b[31mred\u202e" + "x" * 500, "likelihood": 0.9, "boxes": [BOX]})
    finding = parse_answer(text).finding
    assert len(finding) <= 200 and finding.isprintable()


def test_the_schema_describes_what_is_understood() -> None:
    assert set(ANSWER_SCHEMA["required"]) == set(ANSWER_SCHEMA["properties"]) == set(json.loads(GOOD))


PIECES = (
    *("{", "}", "[", "]", '"', ":", ",", "NaN", "-Infinity", "1e999", "null", "true", "\\", "\\u0000", "\n", "```"),
    *('"bbox_2d":', '"boxes":', '"likelihood":', "-5", "1001", "9" * 20, "0.5", "no tumour", "\U0001f9e0"),
)


def mutated(source: random.Random, text: str) -> str:
    for _ in range(source.randint(1, 8)):
        at = source.randint(0, len(text))
        kind = source.randrange(5)
        if kind == 0:
            text = text[:at] + source.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + source.randint(1, 12) :]
        elif kind == 2:
            text = text[:at]
        elif kind == 3:
            text = text[:at] + text[max(at - source.randint(1, 30), 0) : at] * source.randint(2, 30) + text[at:]
        else:
            text = text[:at] + chr(source.randint(0, 0x2FFF)) + text[at + 1 :]
    return text


def must_be_sane(text: str) -> None:
    """Either unreadable, or boxes inside the picture with shares as likelihoods."""
    try:
        answer = parse_answer(text)
    except UnreadableAnswer:
        return
    assert isinstance(answer, Answer) and len(answer.marks) <= MOST_BOXES
    assert 0 <= answer.likelihood <= 1
    assert answer.finding.isprintable() or not answer.finding
    for mark in answer.marks:
        x0, y0, x1, y1 = mark.corners
        assert 0 <= x0 < x1 <= 1000 and 0 <= y0 < y1 <= 1000
        assert 0 <= mark.likelihood <= 1


@settings(max_examples=10_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from([GOOD, f"```json\n[{json.dumps(BOX)}]\n```", "[]"]))
def test_ten_thousand_mutated_answers(seed: int, text: str) -> None:
    must_be_sane(mutated(random.Random(seed), text))


@settings(max_examples=500, deadline=None, database=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(
                        st.sampled_from(["boxes", "bbox_2d", "likelihood", "finding", "label"]), inner, max_size=4),
                    max_leaves=20))  # fmt: skip
def test_any_json(value: object) -> None:
    must_be_sane(json.dumps(value))
