"""What a stage tells while it works. Stages know nothing of windows, threads or cancelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vb_desktop.pipeline.case import Box


class Stage(StrEnum):
    """The five stages of a case, in their order."""

    OPEN = "open"
    PROCESS = "process"
    LOCALIZE = "localize"
    DIAGNOSE = "diagnose"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of a stage.

    Attributes:
        stage: which stage speaks.
        fraction: share of this stage done, in [0, 1]; None where the length is unknown (never a made-up figure).
        text: what is being done, in plain English words, without identity of the patient.
        boxes: what the backend has marked since the last step that told of boxes, template space; with `corners_mm`
            for each where a listener is to draw it.
        corners_mm: of each box in native space, RAS+ mm, in the order of `BoxRecord.native_corners_mm`.
    """

    stage: Stage
    fraction: float | None
    text: str
    boxes: tuple[Box, ...] = ()
    corners_mm: tuple[tuple[tuple[float, float, float], ...], ...] = ()


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """Listener for callers who don't want to hear of progress."""
