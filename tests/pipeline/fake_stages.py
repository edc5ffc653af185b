"""Quick stand-ins for the three modules, for tests of what runs, what is taken from before and what is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import (
    CLASSES,
    Box,
    CoarsePrior,
    Diagnosis,
    Localization,
    ProcessedScan,
    RefinedPrior,
    Scan,
    Transforms,
)
from vb_desktop.pipeline.case_record import GateRecord, MessageRecord
from vb_desktop.pipeline.tumor_localizer.tumor_localizer import FoundBoxes

SHAPE = (40, 44, 36)
AFFINE = np.diag([4.0, 4.0, 4.0, 1.0])
AFFINE[:3, 3] = (-80.0, -88.0, -72.0)
BOXES = tuple(
    Box(k=k, i0=24, i1=30, j0=20, j1=27, confidence=0.8, source="builtin", text="bright") for k in range(14, 20)
)


class Fakes:
    """Stands in for the three modules: quick, and counts how often each was called."""

    vlm = None  # of the localizer: sends nothing anywhere

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.boxes: tuple[Box, ...] = BOXES
        self.gate = "green"
        self.kill_in = ""

    def process(self, scan: Scan, work: Path, _: object) -> ProcessedScan:
        self._called("process")
        (work / "transforms").mkdir(exist_ok=True)
        mask = scan.volume.like((scan.volume.voxels > 0).astype(np.uint8))
        return ProcessedScan(scan.volume, mask, mask, scan.volume, Transforms(work / "transforms"), {"bias_field": 0.5})

    def find(self, processed: ProcessedScan, _: object) -> FoundBoxes:
        self._called("find")
        return FoundBoxes(self.boxes, 20, (), 0.1)

    def with_boxes(self, processed: ProcessedScan, boxes: Sequence[Box], _: int, __: object) -> Localization:
        self._called("localize")
        if not boxes:
            return Localization((), None, None, 20)
        prior = np.zeros(SHAPE, np.float32)
        prior[24:30, 20:27, 14:20] = 1.0
        volume = processed.volume.like(prior)
        return Localization(tuple(boxes), CoarsePrior(volume), RefinedPrior(volume, volume, 0.9), 20)

    def diagnose(
        self,
        processed: ProcessedScan,
        prior: RefinedPrior | None,
        _: object,
        *,
        coarse_prior: CoarsePrior | None,
        age: float | None,
    ) -> Diagnosis:
        self._called("diagnose")
        assert prior is not None and coarse_prior is not None
        cam = dict.fromkeys(CLASSES, prior.volume)
        shares = dict.fromkeys(CLASSES, 1.0)
        probabilities = dict(zip(CLASSES, (0.4, 0.3, 0.2, 0.1), strict=True))
        return Diagnosis(probabilities, ("glioma", "pcnsl"), True, {"state": "not_assessed"}, cam, shares, {})

    def gates(self, _: Scan, __: ProcessedScan) -> list[GateRecord]:
        message = MessageRecord(id="case.research_use")
        return [GateRecord(id="a_gate", state=self.gate, value=1.0, threshold=2.0, message=message)]  # type: ignore[arg-type]

    def _called(self, stage: str) -> None:
        self.calls.append(stage)
        if stage == self.kill_in:
            raise Killed


class Killed(BaseException):
    """Stands for SIGKILL."""
