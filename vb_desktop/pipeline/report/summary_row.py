"""A case in one row of a table: what came out, how large, where, with what doubt. No identity."""

from __future__ import annotations

from typing import Any

from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.findings import NOT_ASSESSED, structure_in_words, value_in_words
from vb_desktop.pipeline.report.result import most_probable
from vb_desktop.pipeline.report.words import Words

COLUMNS = (
    "case_id", "status", "class", "probability", *CLASSES, "set90", "abstains", "out_of_distribution", "volume_ml",
    "diameter_long_mm", "diameter_perp_mm", "regions", "side", "location", "enhancement", "midline_shift_mm",
    "red_gates", "amber_gates", "boxes", "reader_edits", "signed", "demonstration_model", "synthetic", "seconds",
)  # fmt: skip


def summary_row(case: Case, language: str = "en") -> dict[str, Any]:
    """Column -> value; empty text where there is nothing to say.

    Class and probability stand in it only where the case may show its diagnosis.

    Args:
        case: as read.
        language: of location and enhancement.
    """
    words, record = Words(language), case.record
    items = {item.id: item for item in record.measurements}

    def value(id_: str) -> Any:
        item = items.get(id_)
        return "" if item is None or item.value in (None, NOT_ASSESSED) else item.value

    row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    row |= {
        "case_id": record.case_id,
        "status": record.status,
        "volume_ml": value("volume"),
        "diameter_long_mm": value("diameter_long"),
        "diameter_perp_mm": value("diameter_perp"),
        "regions": value("regions"),
        "red_gates": ", ".join(gate.id for gate in record.gates if gate.state == "red"),
        "amber_gates": ", ".join(gate.id for gate in record.gates if gate.state == "amber"),
        "boxes": len(record.boxes_in_force),
        "reader_edits": sum(not edit.undone for edit in record.box_edits),
        "signed": record.signoff is not None,
        "demonstration_model": record.provenance.demo_model,
        "synthetic": record.synthetic,
        "seconds": round(sum(stage.seconds for stage in record.stages.values()), 1),
    }
    if side := value("side"):
        row["side"] = "both" if side["crosses_midline"] else side["side"]
    if structures := value("structures"):
        row["location"] = structure_in_words(structures[0], words)
    if value("enhancement"):
        row["enhancement"] = value_in_words(items["enhancement"], words).replace("\u00a0", " ")
    if shift := value("midline_shift"):
        row["midline_shift_mm"] = shift["shift_mm"]
    diagnosis = record.diagnosis
    if diagnosis is not None and case.shows_diagnosis:
        top = most_probable(diagnosis)
        row |= {
            "class": top,
            "probability": round(diagnosis.classes[top], 4),
            **{name: round(share, 4) for name, share in diagnosis.classes.items() if name in CLASSES},
            "set90": ", ".join(diagnosis.set90),
            "abstains": diagnosis.abstain,
            "out_of_distribution": diagnosis.ood.get("state", NOT_ASSESSED),
        }
    return row
