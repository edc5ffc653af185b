"""Who and what: the patient and study at the head of the report. What was not read is "not given", never made up."""

from __future__ import annotations

from vb_desktop.pipeline.case import Identity
from vb_desktop.pipeline.report.content import Row, Rows, Section
from vb_desktop.pipeline.report.words import Words

FIELDS = (
    "name",
    "patient_id",
    "birth_date",
    "sex",
    "age",
    "study_date",
    "study_description",
    "series_description",
    "accession_number",
    "institution",
    "reader",
    "indication",
)


def identity_section(identity: Identity, words: Words) -> Section:
    """Every field, those not given included."""
    rows = []
    for name in FIELDS:
        value = words.clipped(str(getattr(identity, name)).strip())
        shown = words("identity.years", age=value) if name == "age" and value.isdigit() else value
        rows.append(Row(words(f"identity.{name}"), shown or words("not_given"), known=bool(value)))
    return Section("identity", words("heading.identity"), (Rows(tuple(rows), columns=3, label=0.36),))


def header(identity: Identity, words: Words) -> tuple[str, str, str]:
    """Name, ID and birth date for the head of every page."""
    missing = words("not_given")
    return (
        identity.name.strip() or f"{words('identity.name')}: {missing}",
        words("header.id", id=identity.patient_id.strip() or missing),
        words("header.born", date=identity.birth_date.strip() or missing),
    )
