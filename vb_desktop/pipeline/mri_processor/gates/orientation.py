"""Does the anatomy lie as the header says? Left against right can't be told from the image; all else can."""

from __future__ import annotations

from vb_desktop.pipeline.case import ProcessedScan, Scan
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.anatomical_axes import axes_fit
from vb_desktop.pipeline.mri_processor.gates.record import at_least, record

GOOD_LEAD, LEAST_LEAD = 0.05, -0.05
SIDE_IN_DOUBT = frozenset({"scan_import.forms_disagree_on_side"})
"""Remarks of the import on a header that contradicts itself on which side is left."""


def orientation(scan: Scan, processed: ProcessedScan) -> GateRecord:
    """The brain fits the template as the header places it better than in any of the 23 other right-angled positions.

    A mirror image can't be told: the template is symmetric, and how brains differ from it was not the same in scans of
    different sources (docs/quality-gates.md). So green says that it was not checked, and a header that contradicts
    itself makes the gate amber.

    Value: by how much the header's position fits better than the best other one.
    """
    fit = axes_fit(processed.native_grid, processed.native_mask)
    state, limit = at_least(fit.lead, GOOD_LEAD, LEAST_LEAD)
    said = {"value": f"{fit.lead:.2f}"}
    if state == "red":
        return record("orientation", state, fit.lead, limit, sentence=f"red.{fit.other}", **said)
    doubts = [remark for remark in scan.remarks if remark.id in SIDE_IN_DOUBT]
    if state == "green" and doubts:
        return record("orientation", "amber", fit.lead, limit, sentence="amber.side", **said)
    return record("orientation", state, fit.lead, limit, **said)
