"""What the report says, and what it must not say."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from report_cases import boxes, gate, record_of
from said import MEASURED, blocks_of, said

from vb_desktop.pipeline.case import Identity
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import BoxEditRecord, GateRecord, GradeRecord, MessageRecord
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.measurement.item import item
from vb_desktop.pipeline.model_card import Metric
from vb_desktop.pipeline.report import known_error
from vb_desktop.pipeline.report.content import Bars, Figure, Report, Ribbon, SignatureLines, Table
from vb_desktop.pipeline.report.findings import ITEMS
from vb_desktop.pipeline.report.known_error import KnownError
from vb_desktop.pipeline.report.report import compose
from vb_desktop.pipeline.report.words import Words

NOTHING_FOUND = {"status": "no_tumour_found", "boxes": [], "layers": False}


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
    assert len(rows) == 12
    assert {row.value for row in rows} == {"not given"}
    assert report.header == ("Name: not given", "ID not given", "born not given")


def test_the_region_is_named_for_what_it_is(make_case: Callable[..., Case]) -> None:
    text = said(compose(make_case()))
    assert "the localised region (refined prior > 0.5), not a segmentation" in text
    assert "The error of these measurements was not evaluated." in text
    assert "32 × 26 mm" in text
    assert "right (100 % of the region)" in text


def test_every_setting_is_printed(make_case: Callable[..., Case]) -> None:
    text = said(compose(make_case()))
    for key in Config().flat():
        assert f"{key} = " in text


@pytest.mark.parametrize(("age", "sentence"), [("3", "outside the intended use"), ("4", "4 years"), ("86", "86 years")])
def test_the_age_is_checked_against_the_papers_patients(
    make_case: Callable[..., Case], age: str, sentence: str
) -> None:
    assert sentence in said(compose(make_case(identity=Identity(age=age))))


def test_a_message_of_another_version_is_printed_by_its_id(make_case: Callable[..., Case]) -> None:
    strange = MessageRecord(id="future.remark", params={"x": 3})
    assert "future.remark (x = 3)" in said(compose(make_case(remarks=[strange])))


def test_a_name_that_cannot_be_printed_is_remarked_on(make_case: Callable[..., Case]) -> None:
    assert "Unicode number" in said(compose(make_case(identity=Identity(name="สมชาย"))))
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


def findings_of(report: Report) -> dict[str, tuple[str, ...]]:
    section = next(section for section in report.sections if section.id == "region")
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    return {row[0]: tuple(cell.replace("\xa0", " ") for cell in row[1:]) for row in table.rows}


def test_every_item_is_there_or_said_to_be_not_assessed(make_case: Callable[..., Case]) -> None:
    rows = findings_of(compose(make_case()))
    assert len(rows) == len(ITEMS)
    for label in ("Location", "Ventricles", "Eloquent structures", "Enhancement", "Midline shift"):
        assert rows[label] == ("not assessed", "")
    for label in ("Volume", "Longest diameter, axial", "Perpendicular diameter"):
        assert rows[label][1]  # how it was measured


def test_what_was_measured_is_said_with_side_unit_and_method(make_case: Callable[..., Case]) -> None:
    plain = make_case().record.measurements
    report = compose(make_case(name="more", measurements=[*plain, *MEASURED]))
    rows = findings_of(report)
    assert rows["Location"][0] == "right thalamus 62 %, brainstem 21 %"
    assert "Desikan-Killiany" in rows["Location"][1]
    assert rows["Ventricles"][0] == "third ventricle: contact"
    assert rows["Eloquent structures"][0] == (
        "optic chiasm: 4.0 mm away; right thalamus: 62 % of the region lies in it. "
        "Farther: right motor cortex (precentral gyrus, paracentral lobule) 31 mm. Not assessed: corticospinal tract."
    )
    assert rows["Enhancement"][0].startswith("ring-like: 7.4 mL enhancing around a core of 2.5 mL")
    assert rows["Midline shift"][0] == "4.4 mm to the left (septum pellucidum)"
    assert "Location: right thalamus 62 %, brainstem 21 %." in said(report)


def test_a_small_shift_is_not_called_one(make_case: Callable[..., Case]) -> None:
    small = item("midline_shift", {"shift_mm": 1.2, "towards": "left", "at": "septum"}, "mm")
    plain = make_case().record.measurements
    rows = findings_of(compose(make_case(name="small", measurements=[*plain, small])))
    assert rows["Midline shift"][0] == "none above 2 mm (1.2 mm)"


def test_the_error_of_the_localizer_stands_beside_what_it_measured(
    make_case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = {"volume": KnownError(0.18, 17, True), "diameter_long": KnownError(3.4, 17, False)}
    monkeypatch.setattr("vb_desktop.pipeline.report.findings.known_errors", lambda case: figures)
    rows = findings_of(compose(make_case()))
    assert "; typical error ±18 % (median, n = 17)" in rows["Volume"][0]
    assert "; typical error ±3.4 mm (mean, n = 17)" in rows["Longest diameter, axial"][0]
    assert "; error not evaluated" in rows["Perpendicular diameter"][0]


def test_a_readers_boxes_have_no_known_error(make_case: Callable[..., Case]) -> None:
    case = make_case(boxes=boxes("reader"))
    assert known_error.known_errors(case) == {}


def test_what_the_reader_did_and_said_is_printed(make_case: Callable[..., Case]) -> None:
    edits = [
        BoxEditRecord(action="add", made=["r1"], author="reader-2", time="2026-11-24T10:00:00+00:00"),
        BoxEditRecord(action="delete", replaced=["b1"], author="reader-2", time="2026-11-24T10:01:00+00:00"),
        BoxEditRecord(action="move", author="reader-2", time="2026-11-24T10:02:00+00:00", undone=True),
    ]
    signed = {"by": "reader-2", "impression": {"class": "glioma", "confidence": "moderate", "note": "butterfly?"}}
    text = said(compose(make_case(box_edits=edits, signoff=signed)))
    assert "1 drawn, 1 deleted; by reader-2, last 2026-11-24T10:01:00+00:00" in text
    assert "glioma; moderate confidence; butterfly?" in text
    assert "the reader's class is not the most probable one, but in the 90 % prediction set" in text
    assert "by: reader-2" in text


def test_an_unsigned_report_has_lines_to_sign(make_case: Callable[..., Case]) -> None:
    assert len(blocks_of(compose(make_case()), SignatureLines)) == 1
    assert not blocks_of(compose(make_case(name="signed", signoff={"by": "reader-2"})), SignatureLines)


def test_grades_of_the_evidence_are_printed(make_case: Callable[..., Case]) -> None:
    poor = GradeRecord(
        id="area_jumps", state="doubtful", value=3, threshold=0,
        message=MessageRecord(id="tumor_localizer.area_jumps", params={"count": 3, "factor": 3.0}),
    )  # fmt: skip
    text = said(compose(make_case(evidence=[poor])))
    assert "\ndoubtful\nAreas change smoothly\n" in text
    assert "Share of Grad-CAM inside the localised region: PCNSL 64 %." in text


def test_the_ribbon_shows_where_the_lesion_is(make_case: Callable[..., Case]) -> None:
    (ribbon,) = blocks_of(compose(make_case()), Ribbon)
    areas = [one.area_cm2 for one in ribbon.slices]
    height = ribbon.slices[areas.index(max(areas))].height_mm
    assert abs(height - 14.0) <= 4.0
    with_box = [one.height_mm for one in ribbon.slices if one.boxes]
    assert 4.0 - 4.0 <= min(with_box) and max(with_box) <= 24.0 + 4.0
    assert sum(one.shown for one in ribbon.slices) >= 4
    assert max(one.grad_cam for one in ribbon.slices) > 0


def test_a_chinese_report_says_everything_in_chinese(make_case: Callable[..., Case]) -> None:
    report = compose(make_case(), "zh")
    assert report.language == "zh"
    assert report.summary[0].text == "对于本病例，模型无法在原发性中枢神经系统淋巴瘤与胶质瘤之间作出判断。"
    assert report.footer[0] == "仅供研究使用，不能替代活检。"
    rows = findings_of(report)
    assert rows["侧别"][0] == "右侧（区域的 100 %）"
    assert "未评估" in rows["部位"][0]
    heads = [section.heading for section in report.sections]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in head) for head in heads)


def test_the_error_is_that_of_the_model_itself_on_patients_it_has_not_seen(
    make_case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card holds figures of the same name for other detectors on the same cases."""
    own, rules = "out of fold: boxes of a network that has not seen the patient", "the rule-based detector"
    metrics = [
        Metric(name=f"all tumours: {name}", value=value, n=16, data=data)
        for data, factor in ((own, 1.0), (rules, 0.4))
        for name, value in (("volume error, share", 1.26 * factor), ("long diameter error, mm", 16.3 * factor))
    ]
    metrics.append(Metric(name="hardly enhancing: perpendicular diameter error, mm", value=1.0, n=6, data=own))
    card = SimpleNamespace(metrics=metrics)
    monkeypatch.setattr(known_error, "card_of_run", lambda case, name: card)
    found = known_error.known_errors(make_case())
    assert found == {"volume": KnownError(1.26, 16, False), "diameter_long": KnownError(16.3, 16, False)}


def test_a_card_of_other_weights_says_nothing_of_the_case(make_case: Callable[..., Case]) -> None:
    provenance = record_of([]).provenance
    other = provenance.model_copy(update={"models": provenance.models | {"localizer": "0" * 64}})
    assert known_error.known_errors(make_case(provenance=other)) == {}
