"""A case in a few lines of text, with its doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vb_desktop.pipeline.messages import Message, say

if TYPE_CHECKING:  # it brings nibabel, and every command imports this file
    from vb_desktop.pipeline.case_folder import Case

_STATUS = {
    "done": "Done.",
    "no_tumour_found": "No tumour was found. This does not exclude one.",
    "withheld": "The diagnosis is withheld: a quality gate is red.",
    "partial": "Stopped where it was asked to; the case is not complete.",
}


def summary(case: Case) -> str:
    """What came out, and where the report lies; probabilities only where they may be shown."""
    record = case.record
    lines = [_STATUS[record.status]]
    lines += [f"Gate {gate.id}, {gate.state}: {gate.message.say()}" for gate in record.gates if gate.state != "green"]
    if boxes := record.boxes_in_force:
        sources = ", ".join(dict.fromkeys(box.source for box in boxes))
        lines.append(f"Boxes: {len(boxes)} on slices {boxes[0].k} to {boxes[-1].k} ({sources}).")
    if case.shows_diagnosis and record.diagnosis is not None:
        ranked = sorted(record.diagnosis.classes.items(), key=lambda item: -item[1])
        lines.append("Diagnosis: " + ", ".join(f"{name} {100 * p:.0f} %" for name, p in ranked))
        lines.append("90 % prediction set: " + ", ".join(record.diagnosis.set90))
        if record.diagnosis.abstain:
            lines.append("The model abstains: these probabilities are not to be used.")
        lines += [remark.say() for remark in record.diagnosis.remarks]
        if record.provenance.demo_model:
            lines.append(say(Message("case.demo_model")))
    if record.synthetic:
        lines.append(say(Message("case.synthetic")))
    lines.append(say(Message("case.research_use")))
    lines.append(f"Case: {case.folder}")
    if (case.folder / "report.pdf").is_file():
        lines.append(f"Report: {case.folder / 'report.pdf'}")
    return "\n".join(dict.fromkeys(lines))  # a remark may say what the footer says
