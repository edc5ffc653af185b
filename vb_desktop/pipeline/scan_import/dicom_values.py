"""Values of a DICOM data set, read without trust: what is not there or not sound is empty."""

from __future__ import annotations

import math
import re

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

_LONGEST = 1024
_ESCAPE = re.compile(r"\x1b[\x20-\x2f]*[\x30-\x7e]")  # ISO 2022; pydicom leaves those of ISO 2022 IR 58 in
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def text(dataset: Dataset | None, keyword: str) -> str:
    """The value as text, several values joined by a backslash; empty where there is none."""
    if dataset is None:
        return ""
    try:
        value = dataset.get(keyword)
        if value is None:
            return ""
        parts = [str(part) for part in value] if _is_list(value) else [str(value)]
    except Exception:  # a value that can't be decoded raises almost anything
        return ""
    return _CONTROL.sub(" ", _ESCAPE.sub("", "\\".join(parts))).strip()[:_LONGEST]


def words(dataset: Dataset | None, keyword: str) -> tuple[str, ...]:
    """The values of a code string in capitals, e.g. of Image Type."""
    return tuple(word.strip().upper() for word in text(dataset, keyword).split("\\") if word.strip())


def numbers(dataset: Dataset | None, keyword: str, count: int) -> tuple[float, ...] | None:
    """Exactly `count` finite numbers, else None."""
    if dataset is None:
        return None
    try:
        value = dataset.get(keyword)
        if value is None:
            return None
        values = tuple(float(part) for part in (value if _is_list(value) else [value]))
    except Exception:
        return None
    sound = len(values) == count and all(math.isfinite(value) and abs(value) < 1e9 for value in values)
    return values if sound else None


def number(dataset: Dataset | None, keyword: str) -> float | None:
    """One finite number; the first of several."""
    if dataset is None:
        return None
    try:
        value = dataset.get(keyword)
        if value is None:
            return None
        one = float(value[0] if _is_list(value) else value)
    except Exception:
        return None
    return one if math.isfinite(one) and abs(one) < 1e9 else None


def item(dataset: Dataset | None, keyword: str) -> Dataset | None:
    """The first item of a sequence."""
    if dataset is None:
        return None
    try:
        sequence = dataset.get(keyword)
        return sequence[0] if sequence else None
    except Exception:
        return None


def _is_list(value: object) -> bool:
    return isinstance(value, MultiValue | list | tuple)  # a person's name can be iterated too, letter by letter
