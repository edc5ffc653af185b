"""Boxes are handed on with their corners, some seconds' together, and none is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fake_stages import AFFINE, BOXES, SHAPE

from vb_desktop.pipeline.case import ProcessedScan, Transforms, Volume
from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.pipeline.stage_files import box_records
from vb_desktop.pipeline.streamed_boxes import EVERY_SECONDS, with_corners
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook


def test_boxes_come_with_the_corners_that_the_case_will_have() -> None:
    volume = Volume(np.zeros(SHAPE, np.float32), AFFINE)
    processed = ProcessedScan(volume, volume, volume, volume, Transforms(Path(".")))
    heard: list[Progress] = []
    times = iter([0.0, 0.5, EVERY_SECONDS + 1, EVERY_SECONDS + 1, EVERY_SECONDS + 1.5])
    tell = with_corners(heard.append, processed, lambda: next(times))
    tell(Progress(Stage.LOCALIZE, 0.1, "Looked at slice 1 of 9", BOXES[:2]))
    tell(Progress(Stage.LOCALIZE, 0.2, "Looked at slice 2 of 9", BOXES[2:3]))
    tell(Progress(Stage.LOCALIZE, 0.3, "Looked at slice 3 of 9", BOXES[3:]))
    tell(Progress(Stage.LOCALIZE, 0.9, "Stacking and smoothing the boxes"))
    told = [box for progress in heard for box in progress.boxes]
    corners = [four for progress in heard for four in progress.corners_mm]
    assert [len(progress.boxes) for progress in heard] == [0, 3, 0, 3]
    assert told == list(BOXES)
    assert corners == [record.native_corners_mm for record in box_records(BoxBook.of_found(BOXES), processed)]
