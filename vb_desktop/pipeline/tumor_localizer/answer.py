"""What a VLM answers about a slice: the schema it is asked for, and a strict reader of what came instead.

Nothing that a model can say may raise anything but `UnreadableAnswer`, and no box leaves the picture.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vb_desktop.pipeline.tumor_localizer.slice_picture import RELATIVE

ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "finding": {"type": "string", "maxLength": 200},
        "likelihood": {"type": "number", "minimum": 0, "maximum": 1},
        "boxes": {
            "type": "array",
            "maxItems": 8,
            "items": {
                "type": "object",
                "properties": {
                    "bbox_2d": {
                        "type": "array",
                        "items": {"type": "integer", "minimum": 0, "maximum": 1000},
                        "minItems": 4,
                        "maxItems": 4,
                    },
                    "label": {"type": "string", "maxLength": 40},
                },
                "required": ["bbox_2d", "label"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["finding", "likelihood", "boxes"],
    "additionalProperties": False,
}
"""For servers that can hold a model to a schema."""

MOST_BOXES = 8
"""A slice with more boxes than this is a model that repeats itself."""
_TOO_FAR = 1.1  # coordinates up to this factor beyond 1000 are rounding; beyond it they are pixels or nonsense
_LEAST = 1.0  # of 1000: a narrower box is a line
_SAME = 0.9  # overlap above which two boxes of a slice are one
_LONGEST_TEXT = 20_000
_LONGEST_FINDING = 200
_MOST_TRIES = 200
_ROOM_AROUND_NOTHING = 80  # characters; a longer text with a "[]" somewhere in it is no answer
_OPENING = re.compile(r"[{\[]")
_BOX = re.compile(r'"bbox(?:_2d)?"\s*:\s*\[([^\[\]{}]{1,120})\]')
_LIKELIHOOD = re.compile(r'"likelihood"\s*:\s*(\d{1,9}(?:\.\d{1,9})?)')
_NO_TUMOUR = re.compile(r"\bno\b[^.]{0,40}\b(tumou?rs?|lesions?|abnormalit(?:y|ies)|mass)\b", re.IGNORECASE)
_THINKING = re.compile(r"<think>.*?(</think>|$)", re.DOTALL)

Corners = tuple[float, float, float, float]


class UnreadableAnswer(ValueError):
    """The text holds neither the object that was asked for nor a plain "no tumour"."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One tumour: corners (x0, y0, x1, y1) in 0 to 1000, x0 < x1, y0 < y1; likelihood in [0, 1]."""

    corners: Corners
    likelihood: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood.

    Attributes:
        marks: at most `MOST_BOXES`, without doubles.
        likelihood: that the slice shows a tumour, in [0, 1].
        finding: the model's own line, shortened, one line.
        left_out: boxes that made no sense.
    """

    marks: tuple[Mark, ...]
    likelihood: float
    finding: str
    left_out: int


def parse_answer(text: str) -> Answer:
    """Read a model's answer.

    Understood: the object of `ANSWER_SCHEMA`; a bare list of boxes as Qwen3-VL gives it unasked; either of them inside
    prose or code fences, or cut off at the token cap; "no tumour" in words. Swapped corners are put right, values a
    little out of range are cut, everything else that makes no sense is left out and counted.

    Raises:
        UnreadableAnswer: nothing of that is there.
    """
    text = _THINKING.sub(" ", text[:_LONGEST_TEXT])
    values = list(_json_values(text))
    for value in values:
        if isinstance(value, dict) and isinstance(value.get("boxes"), list):
            return _read(value["boxes"], _share(value.get("likelihood")), value.get("finding"))
    said = _LIKELIHOOD.search(text)
    likelihood = _share(float(said[1])) if said else None
    for value in values:
        if isinstance(value, list) and any(isinstance(entry, dict) and _corners_of(entry) for entry in value):
            return _read(value, likelihood, "")
    if boxes := list(_loose_boxes(text)):
        return _read(boxes, likelihood, "")
    if "[]" in text.replace(" ", "") and (said or len(text) < _ROOM_AROUND_NOTHING):
        return _read([], likelihood, "")
    if _NO_TUMOUR.search(text):
        return Answer((), 0.0, _one_line(text), 0)
    raise UnreadableAnswer("no JSON object with boxes in the answer")


def _read(entries: list[Any], likelihood: float | None, finding: Any) -> Answer:
    marks: list[Mark] = []
    left_out = 0
    for entry in entries:
        corners = _sane(_corners_of(entry))
        if corners is None or len(marks) >= MOST_BOXES:
            left_out += 1
        elif not any(_overlap(corners, mark.corners) > _SAME for mark in marks):
            of_box = entry if isinstance(entry, dict) else {}
            own = _share(of_box.get("likelihood"))
            marks.append(Mark(corners, own if own is not None else likelihood if likelihood is not None else 1.0))
            finding = finding or of_box.get("finding")
    if likelihood is None:
        likelihood = max((mark.likelihood for mark in marks), default=0.0)
    return Answer(tuple(marks), likelihood, _one_line(finding), left_out)


def _corners_of(entry: Any) -> list[Any] | None:
    values = entry.get("bbox_2d", entry.get("bbox")) if isinstance(entry, dict) else entry
    return values if isinstance(values, list) and len(values) == 4 else None


def _sane(values: list[Any] | None) -> Corners | None:
    if values is None:
        return None
    numbers = [_number(value) for value in values]
    if any(number is None or number < (1 - _TOO_FAR) * RELATIVE or number > _TOO_FAR * RELATIVE for number in numbers):
        return None
    a, b, c, d = (min(max(number, 0.0), RELATIVE) for number in numbers if number is not None)
    x0, x1, y0, y1 = min(a, c), max(a, c), min(b, d), max(b, d)
    return (x0, y0, x1, y1) if x1 - x0 >= _LEAST and y1 - y0 >= _LEAST else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _share(value: Any) -> float | None:
    number = _number(value)
    if number is None or number < 0 or number > 100:
        return None
    return number if number <= 1 else number / 100  # said in per cent


def _overlap(a: Corners, b: Corners) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def _one_line(text: Any) -> str:
    """Printable, one line, not longer than a line."""
    if not isinstance(text, str):
        return ""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= _LONGEST_FINDING else words[: _LONGEST_FINDING - 1] + "…"


def _json_values(text: str) -> Iterator[Any]:
    """Every JSON object or list that stands whole in the text; inner ones only where the outer one is broken."""
    decoder = json.JSONDecoder()
    at = 0
    for _ in range(_MOST_TRIES):
        found = _OPENING.search(text, at)
        if found is None:
            return
        try:
            value, at = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            at = found.start() + 1
        else:
            yield value


def _loose_boxes(text: str) -> Iterator[dict[str, Any]]:
    """The whole boxes of a text that is no JSON, e.g. because it was cut off."""
    for number, found in enumerate(_BOX.finditer(text)):
        if number > 4 * MOST_BOXES:
            return
        try:
            yield {"bbox_2d": json.loads(f"[{found[1]}]")}
        except (ValueError, RecursionError):
            continue
