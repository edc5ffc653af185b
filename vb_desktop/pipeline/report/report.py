"""What the report of a case says, in words and figures described as data; `pdf.py` draws it."""

from __future__ import annotations

from dataclasses import asdict, replace

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.anatomy import Anatomy, anatomy
from vb_desktop.pipeline.report.content import Beside, Block, Line, Pictures, Report, Section
from vb_desktop.pipeline.report.evidence import evidence_section
from vb_desktop.pipeline.report.findings import findings_section, in_short
from vb_desktop.pipeline.report.fonts import unprintable
from vb_desktop.pipeline.report.identity import header, identity_section
from vb_desktop.pipeline.report.pictures import leading_pictures, pictures_section, planes_section
from vb_desktop.pipeline.report.provenance import (
    provenance_section,
    settings,
    technique_section,
)
from vb_desktop.pipeline.report.quality import attention_section, gates_section, intended_use_section
from vb_desktop.pipeline.report.reading import reading_section
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
        *_region(case, shown, words),
        pictures_section(case, shown, words),
        reading_section(case, words),
        evidence_section(case, words),
        gates_section(case, words),
        intended_use_section(case, words),
        technique_section(case, shown, words),
        provenance_section(case, words),
    ]
    return Report(
        language=language,
        page=str(keys.get("report.page", "A4")),
        title=words("title"),
        subtitle=words("subtitle"),
        product=words("product"),
        institution=words.clipped(str(keys.get("report.institution") or case.identity.institution).strip()),
        logo=str(keys.get("report.logo") or ""),
        header=header(case.identity, words),
        case_line=words("case", case_id=record.case_id),
        time_line=words("created", time=_time(case, words)),
        page_line=words("page", page="{page}", pages="{pages}"),
        footer=_footer(case, words),
        summary=summary(case, words),
        identity=identity_section(case.identity, words),
        sections=tuple(section for section in sections if section is not None),
    )


def _time(case: Case, words: Words) -> str:
    if case.record.deidentified:
        return words("not_given")
    return case.record.created.strftime("%Y-%m-%d %H:%M %Z").strip()


def _footer(case: Case, words: Words) -> tuple[str, ...]:
    lines = [words.case("research_use")]
    if case.record.provenance.demo_model:
        lines.append(words.case("demo_model"))
    if case.record.synthetic:
        lines.append(words.case("synthetic"))
    return tuple(lines)


def _result(case: Case, shown: Anatomy | None, words: Words) -> tuple[Section, ...]:
    """Probabilities beside the key pictures; the pictures alone where there are no probabilities to show."""
    record = case.record
    if record.status == "no_tumour_found":
        return ()
    pictures = leading_pictures(case, shown, words)
    diagnosis = record.diagnosis
    short = tuple(Line(text) for text in in_short(case, words))
    if diagnosis is None or not case.shows_diagnosis:
        found = _beside(short or (Line(words("measurements.none")),), pictures)
        return (Section("result", words("heading.short"), found),)
    left: list[Block] = [bars(diagnosis, words), *(Line(text) for text in doubt(diagnosis, words))]
    if all(remark.id != "diagnosis.not_calibrated" for remark in diagnosis.remarks):
        left.append(Line(words("doubt.set_meaning"), "quiet"))
    sections = [Section("result", words("heading.probabilities"), _beside(tuple(left), pictures))]
    if short:
        sections.append(Section("short", words("heading.short"), short))
    return tuple(sections)


def _region(case: Case, shown: Anatomy | None, words: Words) -> tuple[Section | None, ...]:
    if case.record.status == "no_tumour_found":
        return ()
    return replace(findings_section(case, words), new_page=True), planes_section(case, shown, words)


def _beside(left: tuple[Block, ...], pictures: Pictures | None) -> tuple[Block, ...]:
    return left if pictures is None else (Beside(left, (pictures,), share=0.44),)
