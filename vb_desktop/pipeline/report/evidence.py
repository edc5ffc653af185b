"""How far the evidence carries: grades of boxes and priors, and where Grad-CAM of each class lies."""

from __future__ import annotations

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import MessageRecord
from vb_desktop.pipeline.messages import says
from vb_desktop.pipeline.report.content import Block, Line, Section, Table, Tone
from vb_desktop.pipeline.report.result import in_text
from vb_desktop.pipeline.report.words import Words

TONES: dict[str, Tone] = {"good": "green", "doubtful": "amber", "poor": "red"}


def evidence_section(case: Case, words: Words) -> Section | None:
    """Grades and Grad-CAM shares; None where there are neither."""
    blocks: list[Block] = []
    diagnosis = case.record.diagnosis if case.shows_diagnosis else None
    grades = [*case.record.evidence, *([] if diagnosis is None else diagnosis.grades)]
    if grades:
        head = tuple(words(f"grade.head.{name}") for name in ("state", "id", "sentence"))
        doubtful = [grade for grade in grades if grade.state != "good"]
        rows = [(words(f"grade.{g.state}"), _name(g.id, words), words.tell(g.message)) for g in doubtful]
        tones = [TONES[grade.state] for grade in doubtful]
        if good := [grade for grade in grades if grade.state == "good"]:
            said = words.together([words.tell(grade.message) for grade in good])
            rows.append((words("grade.good"), words("grades.good", count=len(good)), said))
            tones.append("green")
        blocks.append(Table(head, tuple(rows), (0.1, 0.15, 0.75), tuple(tones), small=True))
    if diagnosis is not None and diagnosis.cam_in_prior:
        shares = words("comma").join(
            words("evidence.cam_of", name=in_text(name, words), share=words.percent(share))
            for name, share in diagnosis.cam_in_prior.items()
        )
        blocks.append(Line(words("evidence.cam", shares=shares), "quiet"))
    return Section("evidence", words("heading.evidence"), tuple(blocks)) if blocks else None


def _name(id_: str, words: Words) -> str:
    known = f"evidence.{id_}.name"
    return words.tell(MessageRecord(id=known)) if says(known) else words.known(f"grade.name.{id_}", id_)
