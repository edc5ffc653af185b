"""The reader's part: corrections of the boxes, the impression before the model's answer, sign-off."""

from __future__ import annotations

from collections import Counter
from typing import Any

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.reading import read_reading
from vb_desktop.pipeline.report.content import Row, Rows, Section, SignatureLines
from vb_desktop.pipeline.report.result import in_text, most_probable
from vb_desktop.pipeline.report.words import Words


def reading_section(case: Case, words: Words) -> Section:
    """What the reader did and said; lines to sign where nobody has."""
    impression = (case.record.signoff or {}).get("impression") or _before_result(case)
    rows = (
        Row(words("reading.edits"), _edits(case, words), known=bool(case.record.box_edits)),
        Row(words("reading.impression"), _impression(impression, words), known=bool(impression)),
        Row(words("reading.agreement"), _agreement(case, impression, words), known=bool(impression)),
        Row(words("provenance.signoff"), _signoff(case, words), known=bool(case.record.signoff)),
    )
    blocks: tuple[Any, ...] = (Rows(rows, columns=2, small=True, label=0.42),)
    if not case.record.signoff:
        labels = tuple(words(f"reading.line.{name}") for name in ("reader", "date", "signature"))
        blocks = (*blocks, SignatureLines(labels))
    return Section("reading", words("heading.reading"), blocks)


def _before_result(case: Case) -> dict[str, str] | None:
    """What the reader recorded while the model's answer was hidden; an impression of later is no independent one."""
    said = read_reading(case.folder).impression
    if said is None or not said.before_result:
        return None
    class_ = "" if said.class_ == "undecided" else said.class_
    return {"class": class_, "confidence": said.confidence, "note": said.note}


def _edits(case: Case, words: Words) -> str:
    edits = [edit for edit in case.record.box_edits if not edit.undone]
    if not edits:
        return words("reading.no_edits")
    counts = Counter(edit.action for edit in edits)
    said = ", ".join(words(f"reading.edit.{action}", count=count) for action, count in sorted(counts.items()))
    authors = ", ".join(dict.fromkeys(words.clipped(edit.author) for edit in edits if edit.author))
    return words("reading.edits_by", edits=said, who=authors or words("not_known"), time=edits[-1].time)


def _impression(impression: Any, words: Words) -> str:
    if not isinstance(impression, dict):
        return words("reading.not_recorded")
    said = [in_text(str(impression["class"]), words)] if impression.get("class") else []
    said += [words.clipped(str(impression[key])) for key in ("confidence", "note") if impression.get(key)]
    return "; ".join(said) or words("reading.not_recorded")


def _agreement(case: Case, impression: Any, words: Words) -> str:
    diagnosis = case.record.diagnosis
    if not isinstance(impression, dict) or not impression.get("class"):
        return words("not_assessed")
    if diagnosis is None or not case.shows_diagnosis:
        return words("not_assessed")
    if impression["class"] == most_probable(diagnosis):
        return words("reading.agrees")
    if impression["class"] in diagnosis.set90:
        return words("reading.in_set")
    return words("reading.disagrees")


def _signoff(case: Case, words: Words) -> str:
    signed = {key: value for key, value in (case.record.signoff or {}).items() if key != "impression"}
    said = ", ".join(words.clipped(f"{key}: {value}") for key, value in signed.items())
    return said or words("provenance.unsigned")
