"""Does the aligned brain lie on the template's brain?"""

from __future__ import annotations

from vb_desktop.pipeline.case import ProcessedScan
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.gates.record import at_least, record
from vb_desktop.pipeline.mri_processor.overlap import dice
from vb_desktop.pipeline.mri_processor.template import template_mask

GOOD_OVERLAP, LEAST_OVERLAP = 0.95, 0.90


def template_overlap(processed: ProcessedScan) -> GateRecord:
    """The aligned brain covers the template's brain. Value: Dice coefficient of the two masks."""
    value = dice(processed.mask, template_mask())
    state, limit = at_least(value, GOOD_OVERLAP, LEAST_OVERLAP)
    return record("template_overlap", state, value, limit, value=f"{value:.2f}")
