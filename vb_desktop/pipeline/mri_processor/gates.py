"""Quality gates of the processing: is what came out a brain, in the right place, of the right kind of scan?

Thresholds are provisional, set by few scans: eight rightly aligned ones had a Dice of 0.97 to 0.99 and a mutual
information of 0.09 to 0.35 nats; turned by 20 degrees 0.86 and 0.03 to 0.06, upside down 0.72 and 0.01 to 0.03. The
bright tail was 2.1 to 15 in five with contrast agent, 0.17 to 0.23 in three without.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from vb_desktop.pipeline.case import ProcessedScan, Scan
from vb_desktop.pipeline.case_record import GateRecord, MessageRecord
from vb_desktop.pipeline.mri_processor.contrast import bright_tail
from vb_desktop.pipeline.mri_processor.grids import resample
from vb_desktop.pipeline.mri_processor.jacobian import jacobian
from vb_desktop.pipeline.mri_processor.overlap import dice, mutual_information
from vb_desktop.pipeline.mri_processor.template import template, template_mask

State = Literal["green", "amber", "red"]

USUAL_ML, POSSIBLE_ML = (950.0, 1900.0), (600.0, 2300.0)
GOOD_OVERLAP, LEAST_OVERLAP = 0.95, 0.90
GOOD_INFORMATION, LEAST_INFORMATION = 0.08, 0.04
STRONG_WARP, MOST_STRONG = (0.25, 4.0), 0.005
CONTRAST_TAIL = 0.6


def quality_gates(scan: Scan, processed: ProcessedScan) -> list[GateRecord]:
    """All gates of the processing, in the order a reader wants them.

    Args:
        scan: as imported.
        processed: what became of it; its transform files must still be there.
    """
    return [
        brain_volume(processed),
        template_overlap(processed),
        similarity(processed),
        jacobian_gate(processed),
        contrast_seen(processed),
    ]


def brain_volume(processed: ProcessedScan) -> GateRecord:
    """A brain of usual size was extracted (native space, mL)."""
    mask = processed.native_mask
    ml = float((mask.voxels > 0).sum()) * mask.voxel_ml
    state: State = "green"
    if not USUAL_ML[0] <= ml <= USUAL_ML[1]:
        state = "amber" if POSSIBLE_ML[0] <= ml <= POSSIBLE_ML[1] else "red"
    limits = USUAL_ML if state != "red" else POSSIBLE_ML
    limit = limits[0] if ml < limits[0] else limits[1]
    return _gate(
        "brain_volume", state, ml, limit, value=f"{ml:.0f}", low=f"{USUAL_ML[0]:.0f}", high=f"{USUAL_ML[1]:.0f}"
    )


def template_overlap(processed: ProcessedScan) -> GateRecord:
    """The aligned brain covers the template's brain (Dice)."""
    value = dice(processed.mask, template_mask())
    return _at_least("template_overlap", value, GOOD_OVERLAP, LEAST_OVERLAP)


def similarity(processed: ProcessedScan) -> GateRecord:
    """The aligned brain looks like the template (mutual information, nats)."""
    both = (processed.mask.voxels > 0) & (template_mask().voxels > 0)
    value = mutual_information(processed.volume.voxels[both], template().voxels[both])
    return _at_least("similarity", value, GOOD_INFORMATION, LEAST_INFORMATION)


def jacobian_gate(processed: ProcessedScan) -> GateRecord:
    """The warp neither folds nor squeezes the brain (share of the brain with an extreme Jacobian determinant)."""
    determinant = jacobian(processed.transforms)
    if determinant is None:
        return _gate("jacobian", "green", 0.0, MOST_STRONG, sentence="affine")
    inside = resample(template_mask(), determinant.affine, determinant.voxels.shape, order=0).voxels > 0
    values = determinant.voxels[inside]
    folded = float((values <= 0).mean())
    strong = float(((values < STRONG_WARP[0]) | (values > STRONG_WARP[1])).mean())
    state: State = "red" if folded > 0 else "amber" if strong > MOST_STRONG else "green"
    percent = {"strong": f"{100 * strong:.2f}", "folded": f"{100 * folded:.2f}"}
    return _gate("jacobian", state, folded if folded else strong, 0.0 if folded else MOST_STRONG, **percent)


def contrast_seen(processed: ProcessedScan) -> GateRecord:
    """Something in the brain is much brighter than white matter, as vessels are after contrast agent; never red."""
    value = bright_tail(processed)
    state: State = "green" if value >= CONTRAST_TAIL else "amber"
    return _gate("contrast_seen", state, value, CONTRAST_TAIL, value=f"{value:.2f}")


def _at_least(name: str, value: float, good: float, least: float) -> GateRecord:
    state: State = "green" if value >= good else "amber" if value >= least else "red"
    return _gate(name, state, value, least if state == "red" else good, value=f"{value:.2f}")


def _gate(
    name: str, state: State, figure: float, threshold: float, *, sentence: str | None = None, **params: str
) -> GateRecord:
    message = MessageRecord(id=f"gate.{name}.{sentence or state}", params=params)
    rounded = float(np.round(figure, 4))
    return GateRecord(id=name, state=state, value=rounded, threshold=threshold, message=message)
