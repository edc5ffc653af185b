"""Is the warp to the template one that tissue could follow?"""

from __future__ import annotations

from vb_desktop.pipeline.case import ProcessedScan
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.gates.record import State, record
from vb_desktop.pipeline.mri_processor.grids import resample
from vb_desktop.pipeline.mri_processor.jacobian import jacobian
from vb_desktop.pipeline.mri_processor.template import template_mask

STRONG_WARP, MOST_STRONG = (0.25, 4.0), 0.005


def warp(processed: ProcessedScan) -> GateRecord:
    """The warp neither folds nor squeezes the brain. Value: share of the brain with an extreme Jacobian determinant."""
    determinant = jacobian(processed.transforms)
    if determinant is None:
        return record("jacobian", "green", 0.0, MOST_STRONG, sentence="affine")
    inside = resample(template_mask(), determinant.affine, determinant.voxels.shape, order=0).voxels > 0
    values = determinant.voxels[inside]
    folded = float((values <= 0).mean())
    strong = float(((values < STRONG_WARP[0]) | (values > STRONG_WARP[1])).mean())
    state: State = "red" if folded > 0 else "amber" if strong > MOST_STRONG else "green"
    percent = {"strong": f"{100 * strong:.2f}", "folded": f"{100 * folded:.2f}"}
    return record("jacobian", state, folded if folded else strong, 0.0 if folded else MOST_STRONG, **percent)
