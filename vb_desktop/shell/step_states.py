"""How far each step of a case is."""

from __future__ import annotations

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.shell.steps_rail import Step, StepState


def states_of(case: Case, *, is_pending: bool = False) -> dict[Step, StepState]:
    """What the rail shows for a case.

    Args:
        case: as read from its folder.
        is_pending: there are corrections that it was not computed with.
    """
    record = case.record
    doubt = record.status == "withheld" or (record.diagnosis is not None and record.diagnosis.abstain)
    attention = any(gate.state != "green" for gate in record.gates)
    done = {
        Step.OPEN: True,
        Step.SCAN: True,
        Step.BOXES: "localize" in record.stages,
        Step.PRIOR: bool(record.boxes_in_force),
        Step.DIAGNOSIS: case.shows_diagnosis,
        Step.REPORT: (case.folder / "report.pdf").is_file(),
    }
    states = {step: StepState.DONE if is_done else StepState.NOT_YET for step, is_done in done.items()}
    if attention:
        states[Step.SCAN] = StepState.ATTENTION
    if doubt:
        states[Step.DIAGNOSIS] = StepState.ATTENTION
    if is_pending:
        states |= dict.fromkeys((Step.PRIOR, Step.DIAGNOSIS, Step.REPORT), StepState.STALE)
    return states


def states_of_scan(is_read: bool) -> dict[Step, StepState]:
    """What the rail shows for a scan that was not analysed, or for nothing at all."""
    read = StepState.DONE if is_read else StepState.NOT_YET
    return {step: read if step in (Step.OPEN, Step.SCAN) else StepState.NOT_YET for step in Step}
