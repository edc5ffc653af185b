"""Boxes while the backend is still at work: carried to native space now and then, so that a listener can draw them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from vb_desktop.pipeline.case import Box, ProcessedScan
from vb_desktop.pipeline.progress import OnProgress, Progress
from vb_desktop.pipeline.stage_files import box_corners

EVERY_SECONDS = 2.0
"""Carrying points takes a tenth of a second, however many they are."""


def with_corners(
    on_progress: OnProgress, processed: ProcessedScan, clock: Callable[[], float] = time.monotonic
) -> OnProgress:
    """A listener that hands boxes on with their corners, those of some seconds together.

    Args:
        on_progress: hears of each step.
        processed: the scan that the boxes lie on.
        clock: seconds.
    """
    waiting: list[Box] = []
    last = clock()

    def tell(progress: Progress) -> None:
        nonlocal last
        waiting.extend(progress.boxes)
        now = clock()
        is_over = progress.fraction is None or not progress.text.startswith("Looked at slice")
        if waiting and (is_over or now - last >= EVERY_SECONDS):
            boxes, last = tuple(waiting), now
            waiting.clear()
            corners = tuple(tuple(tuple(corner) for corner in four) for four in box_corners(boxes, processed))
            progress = replace(progress, boxes=boxes, corners_mm=corners)  # type: ignore[arg-type]
        else:
            progress = replace(progress, boxes=())
        on_progress(progress)

    return tell
