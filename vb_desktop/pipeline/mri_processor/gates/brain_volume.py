"""Has what was extracted the volume of a brain?"""

from __future__ import annotations

from vb_desktop.pipeline.case import ProcessedScan
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.gates.record import State, record

USUAL_ML, POSSIBLE_ML = (950.0, 1900.0), (750.0, 2100.0)


def brain_volume(processed: ProcessedScan) -> GateRecord:
    """A brain of usual size was extracted. Value: mL, native space."""
    mask = processed.native_mask
    ml = float((mask.voxels > 0).sum()) * mask.voxel_ml
    state: State = "green"
    if not USUAL_ML[0] <= ml <= USUAL_ML[1]:
        state = "amber" if POSSIBLE_ML[0] <= ml <= POSSIBLE_ML[1] else "red"
    low, high = USUAL_ML if state != "red" else POSSIBLE_ML
    limit = low if ml < low else high
    return record("brain_volume", state, ml, limit, value=f"{ml:.0f}", low=f"{low:.0f}", high=f"{high:.0f}")
