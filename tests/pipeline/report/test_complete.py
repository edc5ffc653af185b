"""Everything that a report has to say stands in it, or it says that it was not assessed; the reader's part too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from said import MEASURED, blocks_of, said

from vb_desktop.pipeline.case import Identity
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.reading import (
    Impression,
    Line,
    Rating,
    ReaderMeasurement,
    Reading,
    RegionRecord,
    write_reading,
)
from vb_desktop.pipeline.report.content import Figure, Report, Row, Rows, Table
from vb_desktop.pipeline.report.report import compose


@pytest.mark.parametrize("before", [True, False])
def test_what_the_reader_thought_measured_and_rated_is_printed(make_case: Callable[..., Case], before: bool) -> None:
    case = make_case()
    line = Line(begin_mm=(0, 0, 0), end_mm=(30, 0, 0))
    write_reading(
        case.folder,
        Reading(
            measurements=[
                ReaderMeasurement(lines=[line, line.model_copy(update={"end_mm": (0, 21, 0)})], plane="axial")
            ],
            impression=Impression(
                class_="glioma", confidence="high", note="butterfly?", author="a", time="", before_result=before
            ),
            ratings=[
                Rating(of="boxes", score=4, author="a", time=""),
                Rating(of="boxes", score=5, author="a", time=""),
            ],
            region=RegionRecord(volume_ml=9.3, author="a", time=""),
        ),
    )
    text = said(compose(case))
    for part in (
        "30 × 21 mm (axial)",
        "9.3 mL, painted by hand",
        "boxes 5 of 5",
        "glioma; high confidence; butterfly?",
    ):
        assert part in text
    assert ("recorded after the result was seen" in text) is not before
    assert ("but in the 90 % prediction set" in text) is before, "an impression of later agrees with nothing"


ASKED = {
    "patient and study": ("Name", "Patient ID", "Born", "Sex", "Age at study", "Study date", "Study", "Series",
                          "Accession", "Institution"),
    "indication and reader": ("Indication", "Reader"),
    "technique": ("Scan", "Processing", "Localisation", "Boxes", "Diagnosis", "Times"),
    "provenance": ("Case", "Models (sha256)", "Packages"),
    "findings": ("Location", "Side", "Centroid to midline, MNI", "Ventricles", "Eloquent structures", "Midline shift",
                 "Number of regions", "Volume", "Longest diameter, axial", "Perpendicular diameter",
                 "Extent R-L, A-P, S-I", "Enhancement", "Centroid"),
    "intended use": ("Single lesion", "Deep lesion, not at the convexity or outside the brain",
                     "Untreated, no cavity", "T1-weighted with contrast agent"),
    "reader's part": ("Corrections of boxes", "Reader's impression", "Agreement with the model", "Sign-off"),
}  # fmt: skip
"""What a report has to say, by the labels of its rows."""


def labelled(report: Report) -> dict[str, str]:
    """Every row of the report: label -> value."""
    found = {row.label: row.value for row in (*blocks_of(report, Row), *rows_of_identity(report))}
    return found | {row[0]: row[1] for table in blocks_of(report, Table) for row in table.rows}


def rows_of_identity(report: Report) -> list[Row]:
    return [row for block in report.identity.blocks if isinstance(block, Rows) for row in block.rows]


def test_every_item_that_was_asked_for_has_a_value_or_says_that_it_has_none(make_case: Callable[..., Case]) -> None:
    nothing = make_case(name="bare", identity=Identity(), technique={}, gates=[], evidence=[])
    everything = make_case(measurements=[*make_case(name="plain").record.measurements, *MEASURED])
    for case in (nothing, everything):
        rows = labelled(compose(case))
        for what, labels in ASKED.items():
            assert {label for label in labels if not rows.get(label, "").strip()} == set(), what
    rows = labelled(compose(nothing))
    assert {rows[label] for label in ASKED["patient and study"]} == {"not given"}
    assert rows["Enhancement"] == rows["Midline shift"] == rows["Agreement with the model"] == "not assessed"
    text, pictures = said(compose(everything)), blocks_of(compose(everything), Figure)
    for part in (  # diagnosis with its doubt, evidence, limits
        "90 % prediction set", "Distance from the training data", "On cases like the calibration cases",
        "Grad-CAM of PCNSL: 64 % of it lies inside the localised region", "Limits: measured is the localised region",
        "not a segmentation", "The error of these measurements was not evaluated",
    ):  # fmt: skip
        assert part in text, part
    for figure in pictures:
        assert "mm" in figure.caption and " W " in figure.caption, "position and window"
