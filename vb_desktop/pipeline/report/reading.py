"""The reader's part: corrections of the boxes, the impression before the model's answer, sign-off."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.reading import Rated, ReaderMeasurement, Reading, read_reading
from vb_desktop.pipeline.report.content import Row, Rows, Section, SignatureLines
from vb_desktop.pipeline.report.result import in_text, most_probable
from vb_desktop.pipeline.report.words import Words

UNDECIDED = "undecided"


def reading_section(case: Case, words: Words) -> Section:
    """What the reader did and said; lines to sign where nobody has."""
    reading = read_reading(case.folder)
    impression = (case.record.signoff or {}).get("impression") or _said(reading)
    rows = (
        Row(words("reading.edits"), _edits(case, words), known=bool(case.record.box_edits)),
        Row(words("reading.impression"), _impression(impression, words), known=bool(impression)),
        Row(words("reading.agreement"), _agreement(case, impression, words), known=bool(impression)),
        *_own_work(reading, words),
        Row(words("provenance.signoff"), _signoff(case, words), known=bool(case.record.signoff)),
    )
    blocks: tuple[Any, ...] = (Rows(rows, columns=2, small=True, label=0.42),)
    if not case.record.signoff:
        labels = tuple(words(f"reading.line.{name}") for name in ("reader", "date", "signature"))
        blocks = (*blocks, SignatureLines(labels))
    return Section("reading", words("heading.reading"), blocks)


def _said(reading: Reading) -> dict[str, Any] | None:
    """The impression as the sign-off holds one."""
    if reading.impression is None:
        return None
    return reading.impression.model_dump(by_alias=True)


def _own_work(reading: Reading, words: Words) -> list[Row]:
    """Measurements, region and ratings of the reader; nothing where there are none."""
    rows = []
    if reading.measurements:
        said = [_measurement(one, words) for one in reading.measurements]
        rows.append(Row(words("reading.measurements"), "; ".join(said)))
    if reading.region is not None:
        rows.append(Row(words("reading.region"), words("reading.painted", volume=words.ml(reading.region.volume_ml))))
    rated = [(of, reading.rating(of)) for of in get_args(Rated)]
    if scores := [words(f"reading.rated.{of}", score=score) for of, score in rated if score is not None]:
        rows.append(Row(words("reading.ratings"), "; ".join(scores)))
    return rows


def _measurement(one: ReaderMeasurement, words: Words) -> str:
    lengths = " × ".join(words.mm(line.length_mm) for line in one.lines)
    name = "reading.length_mni" if one.space == "mni" else "reading.length"
    return words(name, length=f"{lengths}\u00a0mm", plane=words(f"pictures.{one.plane}").lower())


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
    if confidence := str(impression.get("confidence") or ""):
        said.append(words.known(f"reading.confidence.{confidence}", words.clipped(confidence)))
    if note := impression.get("note"):
        said.append(words.clipped(str(note)))
    if impression.get("before_result") is False:
        said.append(words("reading.after_result"))
    return "; ".join(said) or words("reading.not_recorded")


def _agreement(case: Case, impression: Any, words: Words) -> str:
    diagnosis = case.record.diagnosis
    if not isinstance(impression, dict) or impression.get("class") in (None, "", UNDECIDED):
        return words("not_assessed")
    if impression.get("before_result") is False:  # it is no independent one
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
