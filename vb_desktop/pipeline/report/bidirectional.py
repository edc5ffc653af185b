"""Right-to-left words on a page that is set from left to right: order (Unicode annex 9) and joined letters of Arabic.

reportlab writes characters from left to right as they come. Embeddings and overrides are passed over.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_MIRRORED = {a: b for pair in ("()", "[]", "{}", "<>", "«»", "‹›") for a, b in (tuple(pair), tuple(pair[::-1]))}
_LAM, _ALEFS = "\u0644", "\u0622\u0623\u0625\u0627"


def has_right_to_left(text: str) -> bool:
    """Whether a letter of the text is read from right to left."""
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def visual(text: str) -> str:
    """The characters of one line in the order in which they stand from left to right, Arabic letters joined."""
    if not has_right_to_left(text):
        return text
    letters = _clusters(_joined(text))
    levels = _levels([cluster[0] for cluster in letters])
    order = list(range(len(letters)))
    for level in range(max(levels), 0, -1):  # rule L2
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[at:end] = order[at:end][::-1]
            at = max(end, at + 1)
    return "".join(_mirrored(letters[i]) if levels[i] % 2 else letters[i] for i in order)


def _clusters(text: str) -> list[str]:
    """Each letter with the marks on it, which stay behind it."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.combining(character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _mirrored(cluster: str) -> str:
    return _MIRRORED.get(cluster[0], cluster[0]) + cluster[1:]


def _levels(characters: list[str]) -> list[int]:
    """Rules P2 to L1 for one line without embeddings; even levels run from left to right."""
    kinds = [unicodedata.bidirectional(c) or "L" for c in characters]
    base = "R" if next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L" else "L"
    _resolve_weak(kinds, base)
    _resolve_brackets(characters, kinds, base)
    _resolve_neutral(kinds, base)
    odd = base == "R"
    of_kind = {"L": 2, "R": 1, "N": 2} if odd else {"L": 0, "R": 1, "N": 2}  # I1, I2
    levels = [of_kind[kind] for kind in kinds]
    for at in range(len(characters) - 1, -1, -1):  # L1
        if not characters[at].isspace():
            break
        levels[at] = int(odd)
    return levels


def _resolve_weak(kinds: list[str], base: str) -> None:
    """W1 to W7; numbers become "L" after a left-to-right letter, else "N"; what is neutral becomes "ON"."""
    strong, before = base, base
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[at] = kind = before
        if kind in ("L", "R", "AL"):
            strong = kind
        if kind == "EN" and strong == "AL":
            kinds[at] = kind = "AN"
        before = kind
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for at in range(1, len(kinds) - 1):
        around = kinds[at - 1]
        if around == kinds[at + 1] and ((kinds[at] in ("ES", "CS") and around == "EN") or kinds[at] + around == "CSAN"):
            kinds[at] = around
    for at, kind in enumerate(kinds):
        if kind == "ET" and "EN" in (_beyond(kinds, at, -1), _beyond(kinds, at, +1)):
            kinds[at] = "EN"
    strong = base
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN":
            kinds[at] = "L" if strong == "L" else "N"
        elif kind == "AN":
            kinds[at] = "N"
        else:
            kinds[at] = "ON"


def _beyond(kinds: list[str], at: int, step: int) -> str:
    """The first kind that is no "ET" on that side."""
    while 0 <= at < len(kinds) and kinds[at] == "ET":
        at += step
    return kinds[at] if 0 <= at < len(kinds) else ""


def _resolve_brackets(characters: list[str], kinds: list[str], base: str) -> None:
    """N0: a pair of brackets goes with what stands between them."""
    waiting: list[int] = []
    pairs = []
    for at, character in enumerate(characters):
        if character in _BRACKETS:
            waiting.append(at)
        elif character in _BRACKETS.values():
            partners = [depth for depth, opened in enumerate(waiting) if _BRACKETS[characters[opened]] == character]
            if partners:
                pairs.append((waiting[partners[-1]], at))
                del waiting[partners[-1] :]
    for opened, closed in sorted(pairs):
        inside = {"R" if kind == "N" else kind for kind in kinds[opened + 1 : closed]} & {"L", "R"}
        if base in inside:
            kinds[opened] = kinds[closed] = base
        elif inside:
            earlier = ["R" if kind == "N" else kind for kind in kinds[:opened] if kind != "ON"]
            kinds[opened] = kinds[closed] = earlier[-1] if earlier else base


def _resolve_neutral(kinds: list[str], base: str) -> None:
    """N1 and N2: between two of a direction as they are, else as the line is."""
    at = 0
    while at < len(kinds):
        if kinds[at] != "ON":
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] == "ON":
            end += 1
        before = base if at == 0 else "R" if kinds[at - 1] == "N" else kinds[at - 1]
        behind = base if end == len(kinds) else "R" if kinds[end] == "N" else kinds[end]
        kinds[at:end] = [before if before == behind else base] * (end - at)
        at = end


@cache
def _forms() -> dict[tuple[str, str], str]:
    """(letter or lam and alef, "isolated" | "initial" | "medial" | "final") -> its presentation form."""
    forms = {}
    for code in range(0xFB50, 0xFEFD):
        kind, *parts = unicodedata.decomposition(chr(code)).split() or [""]
        letters = "".join(chr(int(part, 16)) for part in parts)
        ligature = len(letters) == 2 and letters[0] == _LAM and letters[1] in _ALEFS
        if kind in ("<isolated>", "<initial>", "<medial>", "<final>") and (len(letters) == 1 or ligature):
            forms[letters, kind.strip("<>")] = chr(code)
    return forms


def _joined(text: str) -> str:
    """Arabic letters in the form that their neighbours ask for; everything else as it is."""
    forms, letters = _forms(), _clusters(text)
    at, shaped = 0, []
    while at < len(letters):
        letter, marks = letters[at][0], letters[at][1:]
        if letter == _LAM and at + 1 < len(letters) and letters[at + 1][0] in _ALEFS:
            letter, marks, step = letter + letters[at + 1][0], marks + letters[at + 1][1:], 2
        else:
            step = 1
        before = at > 0 and (letters[at - 1][0], "initial") in forms and (letter, "final") in forms
        after = at + step < len(letters) and (letters[at + step][0], "final") in forms and (letter, "initial") in forms
        form = "medial" if before and after else "final" if before else "initial" if after else "isolated"
        shaped.append(forms.get((letter, form), forms.get((letter, "isolated"), letter)) + marks)
        at += step
    return "".join(shaped)
