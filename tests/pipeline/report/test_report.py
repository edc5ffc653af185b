"""What the report says, and what it must not say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from report_cases import gate, record_of

from vb_desktop.pipeline.case import Identity
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import GateRecord, MessageRecord
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.report.content import Bars, Figure, Report
from vb_desktop.pipeline.report.report import compose
from vb_desktop.pipeline.report.words import Words

NOTHING_FOUND = {"status": "no_tumour_found", "boxes": [], "layers": False}


def blocks_of(report: Report, kind: type) -> list[Any]:
    def walk(value: Any) -> Iterator[Any]:
        if isinstance(value, kind):
            yield value
        if isinstance(value, tuple):
            for part in value:
                yield from walk(part)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                yield from walk(getattr(value, name))

    return list(walk(report.sections))


def said(report: Report) -> str:
    """Every word of the summary and the sections."""
    lines = [line.text for line in report.summary] + blocks_of(report, str)
    return "\n".join(lines).replace("\xa0", " ")


def test_probabilities_stand_with_their_doubt(make_case: Callable[..., Case]) -> None:
    report = compose(make_case())
    (bars,) = blocks_of(report, Bars)
    assert (bars.bars[0].label, bars.bars[0].text) == ("PCNSL", "68\xa0%")
    assert [bool(bar.note) for bar in bars.bars] == [True, True, False, False]
    assert report.summary[0].text == "The model can't decide between PCNSL and glioma on this case."
    assert "90 % prediction set: PCNSL, glioma." in said(report)
    assert "within the usual (1.31, limit 2.4)" in said(report)
    assert "64 % of it lies inside the localised region" in said(report)


def test_out_of_distribution_is_said_with_the_result(make_case: Callable[..., Case]) -> None:
    diagnosis = record_of([]).diagnosis
    assert diagnosis is not None
    far = diagnosis.model_copy(
        update={"ood": {"score": 9.1, "threshold": 2.4, "state": "out"}, "set90": ["pcnsl"], "abstain": True}
    )
    report = compose(make_case(diagnosis=far))
    assert report.summary[0].text == "The model abstains: this scan lies outside its training data."
    assert any("out of distribution" in line.text for line in report.summary)


@pytest.mark.parametrize(
    "how",
    [
        NOTHING_FOUND,
        {"status": "withheld", "gates": [gate("registration", "red")]},
        {"status": "partial"},
    ],
    ids=["no tumour found", "withheld", "partial"],
)
def test_no_probability_and_no_grad_cam_where_there_is_no_diagnosis_to_show(
    make_case: Callable[..., Case], how: dict[str, Any]
) -> None:
    """The record holds a diagnosis and the folder a Grad-CAM: neither may reach the page."""
    report = compose(make_case(**how))
    assert not blocks_of(report, Bars)
    assert all(figure.grad_cam == "" and "grad_cam" not in figure.layers for figure in blocks_of(report, Figure))
    text = said(report)
    for word in ("68 %", "0.68", "PCNSL", "Glioma", "Germinoma", "prediction set", "Masked Channel"):
        assert word not in text


def test_no_tumour_found_says_what_was_looked_at_and_does_not_reassure(make_case: Callable[..., Case]) -> None:
    report = compose(make_case(**NOTHING_FOUND))
    assert "This does not exclude a tumour." in report.summary[0].text
    assert "141 axial slices" in report.summary[1].text
    assert "built-in detector, not a VLM" in report.summary[1].text
    figures = blocks_of(report, Figure)
    assert len(figures) == 6
    heights = [figure.k for figure in figures]
    assert heights == sorted(set(heights))


def test_stale_priors_of_a_case_without_finding_are_not_drawn(make_case: Callable[..., Case]) -> None:
    report = compose(make_case(status="no_tumour_found", boxes=[]))
    assert all(not figure.layers for figure in blocks_of(report, Figure))


def test_withheld_names_the_gate_and_how_to_accept_it(make_case: Callable[..., Case]) -> None:
    red = GateRecord(
        id="registration", state="red", value=0.4, threshold=0.8, message=MessageRecord(id="case.unexpected")
    )
    report = compose(make_case(status="withheld", gates=[red]))
    text = said(report)
    assert report.summary[0].text == "The diagnosis is withheld: a quality gate is red."
    assert "The analysis failed unexpectedly." in text
    assert "--resume --accept-gate registration" in text
    assert "\nred\n" in text


def test_an_accepted_gate_is_named_with_who_accepted_it(make_case: Callable[..., Case]) -> None:
    accepted = gate("registration", "red").model_copy(update={"accepted_by": "reader-2"})
    assert "Accepted by reader-2." in said(compose(make_case(gates=[accepted])))


def test_partial_names_the_missing_stages(make_case: Callable[..., Case]) -> None:
    stages = record_of([]).stages
    report = compose(make_case(status="partial", diagnosis=None, stages={"open": stages["open"]}))
    assert report.summary[0].text.endswith("Missing: MRI-Processor, Tumor-Localizer, Adaptive-Diagnoser.")


def test_a_missing_identity_is_not_given(make_case: Callable[..., Case]) -> None:
    report = compose(make_case(identity=Identity()))
    rows = report.identity.blocks[0].rows  # type: ignore[union-attr]
    assert len(rows) == 11
    assert {row.value for row in rows} == {"not given"}
    assert report.header == ("Name: not given", "ID not given", "born not given")


def test_the_region_is_named_for_what_it_is(make_case: Callable[..., Case]) -> None:
    text = said(compose(make_case()))
    assert "the localised region (refined prior > 0.5), not a segmentation" in text
    assert "Error known from evaluation: not yet evaluated." in text
    assert "32 × 26 mm" in text
    assert "right (100 % of the region)" in text


def test_every_setting_is_printed(make_case: Callable[..., Case]) -> None:
    text = said(compose(make_case()))
    for key in Config().flat():
        assert f"\n{key}\n" in text


@pytest.mark.parametrize(("age", "sentence"), [("3", "outside the intended use"), ("4", "4 years"), ("86", "86 years")])
def test_the_age_is_checked_against_the_papers_patients(
    make_case: Callable[..., Case], age: str, sentence: str
) -> None:
    assert sentence in said(compose(make_case(identity=Identity(age=age))))


def test_a_message_of_another_version_is_printed_by_its_id(make_case: Callable[..., Case]) -> None:
    strange = MessageRecord(id="future.remark", params={"x": 3})
    assert "future.remark (x = 3)" in said(compose(make_case(remarks=[strange])))


def test_a_name_that_cannot_be_printed_is_remarked_on(make_case: Callable[..., Case]) -> None:
    assert "Unicode number" in said(compose(make_case(identity=Identity(name="김철수"))))
    assert "Unicode number" not in said(compose(make_case(name="b", identity=Identity(name="张三"))))


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.001, "< 1 %"), (0.5, "50 %"), (0.9999, "> 99 %"), (1.0, "100 %")]
)
def test_percents_never_round_to_certainty(share: float, text: str) -> None:
    assert Words().percent(share).replace("\xa0", " ") == text


def test_an_uncalibrated_model_promises_no_coverage(make_case: Callable[..., Case]) -> None:
    diagnosis = record_of([]).diagnosis
    assert diagnosis is not None
    remark = MessageRecord(id="diagnosis.not_calibrated")
    text = said(compose(make_case(diagnosis=diagnosis.model_copy(update={"remarks": [remark]}))))
    assert "9 times in 10" not in text
    assert "no known coverage" in text
    assert "9 times in 10" in said(compose(make_case(name="calibrated")))


def test_a_lesion_at_the_convexity_is_outside_the_intended_use(make_case: Callable[..., Case]) -> None:
    diagnosis = record_of([]).diagnosis
    assert diagnosis is not None
    remarks = [
        MessageRecord(id="diagnosis.intended_use"),
        MessageRecord(id="diagnosis.superficial", params={"depth_mm": 8.0}),
    ]
    text = said(compose(make_case(diagnosis=diagnosis.model_copy(update={"remarks": remarks}))))
    assert "8 mm below the convexity" in text
    assert "centre near the convexity: outside the intended use" in text


def test_a_whole_brain_diagnosis_shows_its_grad_cam_without_a_region(make_case: Callable[..., Case]) -> None:
    """By explicit option the whole brain is diagnosed where nothing was localised."""
    case = make_case(boxes=[], measurements=[])
    for name in ("refined_prior", "coarse_prior"):
        case.path(name, "native").unlink()
    report = compose(case)
    figures = blocks_of(report, Figure)
    assert {figure.grad_cam for figure in figures} == {"", "pcnsl"}
    assert all("boxes" not in figure.layers for figure in figures)
    assert "There is no localised region to measure." in said(report)
