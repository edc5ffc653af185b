"""The names under which hospitals and DeepSite-MRI keep the four classes, ages and sexes."""

from __future__ import annotations

import re

NAMES: dict[str, tuple[str, ...]] = {
    "glioma": (
        "glioma", "glioblastoma", "gbm", "hgg", "lgg", "astrocytoma", "oligodendroglioma", "oligoastrocytoma", "dmg",
        "dipg", "gliom", "胶质瘤", "胶质母细胞瘤",
    ),
    "pcnsl": ("pcnsl", "cnsl", "lymphoma", "dlbcl", "lymphom", "淋巴瘤"),
    "germinoma": ("germinoma", "germinom", "生殖细胞瘤"),
    "other": ("other", "rare", "misc", "miscellaneous", "其他", "罕见", "其它"),
}  # fmt: skip
"""Class -> words that mean it; compared without case, numbers, signs and a plural's s."""
_DENIED = {"non", "not", "no", "without", "healthy", "control", "exclude", "excluded", "unknown", "suspected", "vs"}
_WORD = re.compile(r"[^\W\d_]+")


def class_of(text: str) -> str | None:
    """The class that a label or a folder's name means; None where it means none, or more than one.

    "Glioma", "1_gliomas", "PCNSL (n = 65)", "Primary CNS lymphoma", "Rare" are understood; "non-glioma" is not.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if any(word in _DENIED for word in words):
        return None
    found = {
        label
        for label, names in NAMES.items()
        for word in words
        if word in names or word.removesuffix("s") in names or any(not n.isascii() and n in word for n in names)
    }
    named = found - {"other"}  # "rare glioma" is a glioma
    if len(named) == 1:
        return named.pop()
    return "other" if found == {"other"} else None


def age_of(text: object) -> float | None:
    """Years: 34, "34", "034Y", "34.5 years"; None where it is none between 0 and 120."""
    match = re.fullmatch(r"\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:y|yr|yrs|years?|j|jahre|岁)?\.?\s*", str(text), re.IGNORECASE)
    if match is None:
        return None
    age = float(match[1].replace(",", "."))
    return age if age <= 120 else None


def sex_of(text: object) -> str | None:
    """M or F; None where it is neither."""
    word = str(text).strip().lower()
    if word in {"m", "male", "man", "männlich", "男"}:
        return "M"
    return "F" if word in {"f", "female", "w", "woman", "weiblich", "女"} else None
