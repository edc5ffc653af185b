"""Notices a model that says the same thing again and again, which VLMs can do without end."""

from __future__ import annotations

from collections.abc import Sequence

_LEAST_ROUNDS = 4
_LEAST_LENGTH = 48
_LONGEST_PERIOD = 64


def repeats(said: Sequence[object]) -> bool:
    """Whether the end of a sequence (tokens or characters) is one short piece over and over.

    A real answer with several boxes repeats its form but not its numbers, so whole pieces must be equal.
    """
    length = len(said)
    for period in range(1, min(_LONGEST_PERIOD, length // _LEAST_ROUNDS) + 1):
        needed = max(_LEAST_LENGTH, _LEAST_ROUNDS * period)
        if length >= needed and all(said[at] == said[at - period] for at in range(length - needed + period, length)):
            return True
    return False
