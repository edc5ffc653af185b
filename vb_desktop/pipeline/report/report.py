"""What the report of a case says, in words and figures described as data; `pdf.py` draws it."""

from __future__ import annotations

from dataclasses import asdict

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.anatomy import Anatomy, anatomy
from vb_desktop.pipeline.report.content import Beside, Block, Line, Pictures, Report, Section
from vb_desktop.pipeline.report.findings import findings, methods_section
from vb_desktop.pipeline.report.fonts import unprintable
from vb_desktop.pipeline.report.identity import header, identity_section
from vb_desktop.pipeline.report.pictures import leading_picture, pictures_section
from vb_desktop.pipeline.report.provenance import (
    provenance_section,
    settings,
    settings_section,
    stages_section,
    technique_section,
)
from vb_desktop.pipeline.report.quality import attention_section, gates_section, intended_use_section
from vb_desktop.pipeline.report.result import bars, doubt, summary
from vb_desktop.pipeline.report.words import Words


def compose(case: Case, language: str = "en") -> Report:
    """Put the report of a case into words.

    Args:
        case: as read from its folder.
        language: of the words; English where a translation is missing.

    Returns:
        The same report for the same case. It holds class probabilities and Grad-CAM only where the case may show them.
    """
    words = Words(language)
    record = case.record
    shown = anatomy(case)
    keys = settings(case)
    outside = " ".join([*asdict(case.identity).values(), *(str(value) for value in record.technique.values())])
    sections = [
        *_result(case, shown, words),
        attention_section(case, words, (words("unprintable"),) if unprintable(outside) else ()),
        pictures_section(case, shown, int(keys.get("report.key_slices", 6)), words),
        gates_section(case, words),
        methods_section(record.measurements, words),
        intended_use_section(case, words),
        technique_section(case, shown, words),
        stages_section(case, words),
        provenance_section(case, words),
        settings_section(case, words),
    ]
    return Report(
        language=language,
        page=str(keys.get("report.page", "A4")),
        title=words("title"),
        subtitle=words("subtitle"),
        product=words("product"),
        header=header(case.identity, words),
        case_line=words("case", case_id=record.case_id),
        time_line=words("created", time=record.created.strftime("%Y-%m-%d %H:%M %Z").strip()),
        page_line=words("page", page="{page}", pages="{pages}"),
        footer=_footer(case, words),
        summary=summary(case, words),
        identity=identity_section(case.identity, words),
        sections=tuple(section for section in sections if section is not None),
    )


def _footer(case: Case, words: Words) -> tuple[str, ...]:
    lines = [words.case("research_use")]
    if case.record.provenance.demo_model:
        lines.append(words.case("demo_model"))
    if case.record.synthetic:
        lines.append(words.case("synthetic"))
    return tuple(lines)


def _result(case: Case, shown: Anatomy | None, words: Words) -> tuple[Section, ...]:
    """Probabilities beside the key picture, then what was measured; beside each other where there are none to show."""
    record = case.record
    if record.status == "no_tumour_found":
        return ()
    picture = leading_picture(shown, words)
    diagnosis = record.diagnosis
    heading = words("heading.measurements")
    if diagnosis is None or not case.shows_diagnosis:
        measured = findings(record.measurements, words, columns=1)
        return (Section("region", heading, _beside(measured, picture)),)
    left: tuple[Block, ...] = (bars(diagnosis, words), *(Line(text) for text in doubt(diagnosis, words)))
    if all(remark.id != "diagnosis.not_calibrated" for remark in diagnosis.remarks):
        left = (*left, Line(words("doubt.set_meaning"), "quiet"))
    return (
        Section("result", words("heading.probabilities"), _beside(left, picture)),
        Section("region", heading, findings(record.measurements, words, columns=2)),
    )


def _beside(left: tuple[Block, ...], picture: Pictures | None) -> tuple[Block, ...]:
    return left if picture is None else (Beside(left, (picture,)),)
