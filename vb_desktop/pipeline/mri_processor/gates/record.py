"""How a gate is written down."""

from __future__ import annotations

from typing import Literal

import numpy as np

from vb_desktop.pipeline.case_record import GateRecord, MessageRecord

State = Literal["green", "amber", "red"]


def record(
    name: str, state: State, value: float, threshold: float, /, *, sentence: str | None = None, **params: str
) -> GateRecord:
    """A gate's record.

    Args:
        name: of the gate.
        state: which colour it got.
        value: what was measured.
        threshold: the limit that the value was held against.
        sentence: which of its sentences, where there are several for one colour; by default the colour's.
        params: what the sentence names.
    """
    message = MessageRecord(id=f"gate.{name}.{sentence or state}", params=params)
    return GateRecord(id=name, state=state, value=float(np.round(value, 4)), threshold=threshold, message=message)


def at_least(value: float, good: float, least: float) -> tuple[State, float]:
    """Colour of a value that should be high, and the limit that it was held against."""
    if value >= good:
        return "green", good
    return ("amber", good) if value >= least else ("red", least)


def at_most(value: float, good: float, most: float) -> tuple[State, float]:
    """Colour of a value that should be low, and the limit that it was held against."""
    if value <= good:
        return "green", good
    return ("amber", good) if value <= most else ("red", most)
