"""Correct the boxes of a case and compute anew what depends on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Array, Box
from vb_desktop.pipeline.case_folder import Case, read_record
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.draft import forget_draft
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.progress import OnProgress, Stage, ignore
from vb_desktop.pipeline.run_case import BOXES, Correct, run_case


def correct_boxes(folder: Path, correct: Correct, on_progress: OnProgress = ignore) -> Case:
    """Change the boxes of a case; priors, diagnosis and report follow, the scan is not processed again.

    Args:
        folder: the case folder; it changes only at the end and at a stroke.
        correct: from the book of before to the book with the reader's corrections.
        on_progress: hears of each step.

    Raises:
        LocalizationFailed: the case is signed, has no boxes yet, or a correction can't be made.
        VBError: a stage failed; the case is then as it was before.
    """
    record = read_record(folder)
    if record.signoff is not None:
        raise LocalizationFailed("tumor_localizer.signed")
    if BOXES not in record.stages:
        raise LocalizationFailed("tumor_localizer.no_boxes_yet")
    forget_draft(folder)  # of a correction that was interrupted: going on with it would make it twice
    settings = Config.model_validate(record.config)
    last = [stage for stage in Stage if stage in record.stages][-1]
    return run_case(folder, folder, settings, on_progress, until=last, resume=True, correct=correct)


def inside_brain(folder: Path, boxes: list[Box]) -> list[Box]:
    """The boxes, cut off at the edge of the volume.

    Raises:
        LocalizationFailed: a box holds no voxel of the brain.
    """
    return inside_mask(np.asarray(nib.load(folder / "processed_mask.nii.gz").dataobj) > 0, boxes)


def inside_mask(mask: Array, boxes: Sequence[Box]) -> list[Box]:
    """The boxes, cut off at the edge of the volume.

    Args:
        mask: of the brain, (I, J, K).
        boxes: on the same grid.

    Raises:
        LocalizationFailed: a box holds no voxel of the brain.
    """
    size = dict(zip(("size_i", "size_j", "size_k"), mask.shape, strict=True))
    kept = []
    for box in boxes:
        i1, j1 = min(box.i1, mask.shape[0]), min(box.j1, mask.shape[1])
        inside = box.k < mask.shape[2] and box.i0 < i1 and box.j0 < j1
        if not inside or not mask[box.i0 : i1, box.j0 : j1, box.k].any():
            raise LocalizationFailed("tumor_localizer.box_outside", k=box.k, **size)
        kept.append(replace(box, i1=i1, j1=j1))
    return kept


def now() -> str:
    """ISO time of a correction."""
    return datetime.now(UTC).isoformat(timespec="seconds")
