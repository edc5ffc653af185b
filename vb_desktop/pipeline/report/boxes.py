"""The boxes that count: those that no later box of a reader replaces."""

from __future__ import annotations

from collections.abc import Sequence

from vb_desktop.pipeline.case_record import BoxRecord


def live_boxes(boxes: Sequence[BoxRecord]) -> list[BoxRecord]:
    """All boxes but those that another one edits."""
    replaced = {box.edits for box in boxes if box.edits}
    return [box for box in boxes if box.id not in replaced]
