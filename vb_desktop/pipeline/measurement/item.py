"""One measured item: its value, and how it was measured in words of any language."""

from __future__ import annotations

from typing import Any, Literal

from vb_desktop.pipeline.case_record import MeasurementRecord, MessageRecord
from vb_desktop.pipeline.messages import Message, say

NOT_ASSESSED = "not_assessed"


def item(
    id_: str,
    value: Any,
    unit: str,
    *,
    more: tuple[Message, ...] = (),
    space: Literal["native", "mni"] = "native",
    **params: Any,
) -> MeasurementRecord:
    """Record a measurement; `measurement.<id_>.method` with `params` says how it was measured.

    Args:
        id_: of the item.
        value: in `unit`, or "not_assessed".
        unit: empty for shares, counts and words.
        more: what else to say of the method.
        space: where it was measured.
        params: values of the sentence.
    """
    how = (Message(f"measurement.{id_}.method", params), *more)
    return MeasurementRecord(
        id=id_,
        value=value,
        unit=unit,
        method=" ".join(say(message).strip() for message in how),
        how=[MessageRecord.of(message) for message in how],
        space=space,
    )
