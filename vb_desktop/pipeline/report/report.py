"""What the report of a case says, in words and figures described as data; `pdf.py` draws it."""

from __future__ import annotations

from dataclasses import asdict

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.anatomy import Anatomy, anatomy
from vb_desktop.pipeline.report.content import Beside, Block, Line, Report, Section
from vb_desktop.pipeline.report.findings import measurements_section
from vb_desktop.pipeline.report.fonts import unprintable
from vb_desktop.pipeline.report.identity import header_line, identity_section
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
        _result(case, shown, words),
        None if record.status == "no_tumour_found" else measurements_section(record.measurements, words),
        attention_section(case, words, (words("unprintable"),) if unprintable(outside) else ()),
        pictures_section(case, shown, int(keys.get("report.key_slices", 6)), words),
        gates_section(case, words),
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
        header=header_line(case.identity, words),
        case_line=words("case", case_id=record.case_id),
        time_line=words("created", time=record.created.strftime("%Y-%m-%d %H:%M %Z").strip()),
        continued=words("continued"),
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


def _result(case: Case, shown: Anatomy | None, words: Words) -> Section | None:
    """Probabilities beside the key picture; the picture alone where there are none to show."""
    picture = leading_picture(shown, words)
    diagnosis = case.record.diagnosis
    if diagnosis is None or not case.shows_diagnosis:
        blocks: tuple[Block, ...] = (picture,) if picture is not None else ()
        return Section("result", words("heading.key_picture"), blocks) if blocks else None
    left = (bars(diagnosis, words), *(Line(text) for text in doubt(diagnosis, words)))
    left = (*left, Line(words("doubt.set_meaning"), "quiet"))
    body: tuple[Block, ...] = left if picture is None else (Beside(left, (picture,)),)
    return Section("result", words("heading.probabilities"), body)
