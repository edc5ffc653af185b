"""The paper's second module: slices -> boxes -> coarse prior -> refined prior (Eq. 2-5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from vb_desktop.pipeline.case import Box, Localization, ProcessedScan
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.plugins import create
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore
from vb_desktop.pipeline.tumor_localizer.coarse_prior import coarse_prior
from vb_desktop.pipeline.tumor_localizer.evidence import LOW_CONFIDENCE, doubts, grade_boxes, grade_priors
from vb_desktop.pipeline.tumor_localizer.refined_prior import refined_prior
from vb_desktop.pipeline.tumor_localizer.slicing import brain_slices
from vb_desktop.pipeline.tumor_localizer.vlm import VLM, read_prompt

_BOXES_END, _COARSE_END = 0.6, 0.7  # shares of the stage, so that the bar moves evenly with the built-in detector

_TAU_WORTH_SAYING = 0.9  # a prior that peaks at 0.98 instead of 1 is nothing to remark on


@dataclass(frozen=True, slots=True)
class FoundBoxes:
    """What the backend gave.

    Attributes:
        boxes: sorted by k; inside the brain.
        slices_looked_at: how many axial slices were shown to the backend.
        remarks: on the backend and its boxes.
        seconds: how long it took.
    """

    boxes: tuple[Box, ...]
    slices_looked_at: int
    remarks: tuple[Message, ...]
    seconds: float


class TumorLocalizer:
    """Find the tumour: boxes slice by slice from a backend, then the two priors."""

    def __init__(self, config: Config, *, vlm: VLM | None = None) -> None:
        self.config = config
        self.vlm: VLM = vlm or create("vlm_backends", config.vlm.backend, config=config.vlm)

    def __call__(self, processed: ProcessedScan, on_progress: OnProgress = ignore) -> Localization:
        """Localise the tumour in a processed scan: `find`, then `with_boxes`.

        Args:
            processed: template space, z-scored.
            on_progress: told after each slice and each epoch.

        Returns:
            Boxes sorted by k, and both priors; no priors where no box was found.

        Raises:
            LocalizationFailed: there is no brain on any slice, or the backend could not work.
        """
        found = self.find(processed, on_progress)
        located = self.with_boxes(processed, found.boxes, found.slices_looked_at, on_progress)
        return replace(
            located, remarks=(*found.remarks, *located.remarks), seconds={"boxes": found.seconds, **located.seconds}
        )

    def find(self, processed: ProcessedScan, on_progress: OnProgress = ignore) -> FoundBoxes:
        """Ask the backend for boxes, slice by slice (Eq. 2, Eq. 3).

        Raises:
            LocalizationFailed: there is no brain on any slice, or the backend could not work.
        """
        start = perf_counter()
        slices = brain_slices(processed, self.config.vlm.min_brain_mm2)
        if not slices:
            raise LocalizationFailed("tumor_localizer.no_brain")
        tell = _teller(on_progress)
        boxes, left_out, looked_at = self._boxes(processed, slices, tell)
        if not boxes:
            tell(1.0, "No tumour found")
        remarks = (*self._source_remarks(boxes, left_out), *getattr(self.vlm, "remarks", ()))
        return FoundBoxes(tuple(boxes), looked_at, remarks, perf_counter() - start)

    def with_boxes(
        self,
        processed: ProcessedScan,
        boxes: Sequence[Box],
        slices_looked_at: int,
        on_progress: OnProgress = ignore,
    ) -> Localization:
        """Both priors from boxes that are there already, found or corrected by the reader; no backend is asked."""
        slices = set(range(processed.mask.voxels.shape[2]))
        kept, _ = _inside(boxes, slices, processed)
        kept.sort(key=_order)
        if not kept:
            return Localization((), None, None, slices_looked_at)
        return self._with_priors(processed, kept, slices_looked_at, _teller(on_progress))

    def _boxes(
        self, processed: ProcessedScan, slices: tuple[int, ...], tell: Callable[..., None]
    ) -> tuple[list[Box], int, int]:
        """Boxes, how many were left out, how many slices were looked at."""
        prompt = read_prompt(self.config.vlm.prompt)
        tell(0.0, f"Looking at {len(slices)} slices")
        boxes: list[Box] = []
        left_out = done = 0
        for done, (k, found) in enumerate(self.vlm.boxes(processed, slices, prompt), start=1):
            kept, dropped = _inside(found, {k} & set(slices), processed)
            boxes += kept
            left_out += dropped
            tell(_BOXES_END * min(done / len(slices), 1.0), f"Looked at slice {done} of {len(slices)}", tuple(kept))
        return sorted(boxes, key=_order), left_out, done

    def _with_priors(
        self, processed: ProcessedScan, boxes: list[Box], slices_looked_at: int, tell: Callable[[float, str], None]
    ) -> Localization:
        seconds: dict[str, float] = {}
        start = perf_counter()
        tell(_BOXES_END, "Stacking and smoothing the boxes")
        coarse = coarse_prior(boxes, processed.mask, self.config.coarse)
        seconds["coarse_prior"] = perf_counter() - start

        start = perf_counter()
        tell(_COARSE_END, "Refining the prior")
        refined = refined_prior(
            processed,
            coarse,
            self.config.refine,
            lambda share: tell(_COARSE_END + (1 - _COARSE_END) * share, "Refining the prior"),
        )
        seconds["refined_prior"] = perf_counter() - start

        grades = grade_boxes(boxes, processed.mask, self.config.coarse.gap_mm) + grade_priors(coarse, refined)
        remarks = doubts(grades)
        highest = float(coarse.volume.voxels.max())
        if not refined.mlp.voxels.any():
            volume_ml = float(np.count_nonzero(coarse.volume.voxels > 0) * coarse.volume.voxel_ml)
            remarks += (Message("tumor_localizer.no_mlp", {"volume_ml": volume_ml}),)
        elif refined.tau < _TAU_WORTH_SAYING * self.config.refine.tau:
            values = {"highest": highest, "tau": self.config.refine.tau, "used": refined.tau}
            remarks += (Message("tumor_localizer.tau_lowered", values),)
        return Localization(tuple(boxes), coarse, refined, slices_looked_at, remarks, seconds, grades)

    def _source_remarks(self, boxes: list[Box], left_out: int) -> tuple[Message, ...]:
        remarks = []
        if self.vlm.source == "builtin":
            remarks.append(Message("tumor_localizer.not_a_vlm", {"name": self.vlm.name}))
            confidence = max((box.confidence for box in boxes), default=1.0)
            if confidence < LOW_CONFIDENCE:
                values = {"confidence": confidence, "threshold": LOW_CONFIDENCE}
                remarks.append(Message("tumor_localizer.low_confidence", values))
        if left_out:
            remarks.append(Message("tumor_localizer.boxes_outside", {"count": left_out, "name": self.vlm.name}))
        return tuple(remarks)


def _teller(on_progress: OnProgress) -> Callable[..., None]:
    def tell(fraction: float, text: str, boxes: tuple[Box, ...] = ()) -> None:
        on_progress(Progress(Stage.LOCALIZE, fraction, text, boxes))

    return tell


def _order(box: Box) -> tuple[int, int, int]:
    return box.k, box.i0, box.j0


def _inside(boxes: Sequence[Box], slices: set[int], processed: ProcessedScan) -> tuple[list[Box], int]:
    """Boxes clipped to the volume; those without a voxel of brain are left out and counted."""
    mask = processed.mask.voxels > 0
    size_i, size_j, _ = mask.shape
    kept = []
    for box in boxes:
        i1, j1 = min(box.i1, size_i), min(box.j1, size_j)
        if box.k in slices and box.i0 < i1 and box.j0 < j1 and mask[box.i0 : i1, box.j0 : j1, box.k].any():
            kept.append(replace(box, i1=i1, j1=j1))
    return kept, len(boxes) - len(kept)
