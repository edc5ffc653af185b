"""Likelihood of T1-CE from headers: signs for and against, order within the study, and when one is clearly best."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from vb_desktop.pipeline.scan_import.t1ce_likelihood import LEAST, MARGIN, clear_best, t1ce_likelihoods

MPRAGE = {
    "ScanningSequence": "GR",
    "SequenceVariant": "MP",
    "MRAcquisitionType": "3D",
    "RepetitionTime": 2300,
    "EchoTime": 2.9,
    "InversionTime": 900,
}


def header(description: str = "", modality: str = "MR", **elements: object) -> Dataset:
    dataset = Dataset()
    dataset.Modality, dataset.SeriesDescription, dataset.StudyInstanceUID = modality, description, "1.2.3"
    dataset.StudyDate = "20240314"
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def ids(likelihood) -> set[str]:
    return {reason.message.id.removeprefix("scan_import.reason_") for reason in likelihood.reasons}


def test_all_signs_together_are_1():
    before = header("t1 mprage", AcquisitionTime="100000", **MPRAGE)
    after = header("t1 mprage Gd", AcquisitionTime="103000.25", ContrastBolusAgent="Gadobutrol", **MPRAGE)
    first, second = t1ce_likelihoods([before, after])
    assert second.value == 1.0
    assert ids(second) == {"agent", "contrast_named", "t1_named", "t1_timing", "sequence", "after_twin"}
    assert "before_twin" in ids(first) and first.value < LEAST - MARGIN


def test_the_value_is_the_sum_of_its_reasons():
    for one in t1ce_likelihoods([header("T1 Gd"), header("T1", **MPRAGE), header("", ContrastBolusVolume=8)]):
        assert one.value == pytest.approx(sum(reason.weight for reason in one.reasons)) and one.value > 0


def test_no_t1_without_a_sign_of_contrast_is_called_t1ce():
    twins = [header("T1 mprage", AcquisitionTime=time, **MPRAGE) for time in ("100000", "103000")]
    assert max(one.value for one in t1ce_likelihoods(twins)) < LEAST


@pytest.mark.parametrize(
    ("description", "elements", "sign"),
    [
        ("T2 FLAIR Gd", {}, "other_named"),
        ("3D TOF", {}, "other_named"),
        ("T1 mprage ohne KM", MPRAGE, "no_contrast_named"),
        ("Gd", {"RepetitionTime": 9000, "EchoTime": 120, "InversionTime": 2500}, "other_timing"),
        ("Gd", {"RepetitionTime": 4000, "EchoTime": 12, "ScanningSequence": "SE"}, "other_timing"),
        ("Gd", {"RepetitionTime": 1500, "EchoTime": 30, "ScanningSequence": ["EP", "GR"]}, "epi"),
    ],
)
def test_an_agent_kept_in_the_header_does_not_make_a_t1ce(description, elements, sign):
    (one,) = t1ce_likelihoods([header(description, ContrastBolusAgent="Gadobutrol", **elements)])
    assert sign in ids(one) and one.value <= 0.10


@pytest.mark.parametrize(
    "times",
    [
        {"RepetitionTime": 2300, "EchoTime": 2.9, "InversionTime": 900, "ScanningSequence": "GR"},
        {"RepetitionTime": 6.5, "EchoTime": 2.9, "ScanningSequence": "GR"},
        {"RepetitionTime": 550, "EchoTime": 12, "ScanningSequence": "SE"},
        {"RepetitionTime": 2500, "EchoTime": 22, "InversionTime": 860, "ScanningSequence": ["SE", "IR"]},
    ],
)
def test_times_of_t1(times):
    (one,) = t1ce_likelihoods([header("", **times)])
    assert "t1_timing" in ids(one) and one.weighting == "T1"


@pytest.mark.parametrize("times", [{"EchoTime": 0}, {"RepetitionTime": 500}, {"EchoTime": 25, "RepetitionTime": 700}])
def test_times_that_tell_nothing(times):
    (one,) = t1ce_likelihoods([header("", ScanningSequence="GR", **times)])
    assert one.reasons == () and one.value == 0


def test_the_protocol_of_the_whole_examination_tells_no_contrast():
    (one,) = t1ce_likelihoods([header("T1", ProtocolName="BRAIN WITH CONTRAST")])
    assert ids(one) == {"t1_named"}


def test_order_counts_only_within_a_study_and_with_a_time_apart():
    def order(**second):
        pair = [header("T1", AcquisitionTime="100000", **MPRAGE), header("T1", **(MPRAGE | second))]
        return ids(t1ce_likelihoods(pair)[1])

    assert "after_twin" in order(AcquisitionTime="101000")
    assert "after_twin" not in order(AcquisitionTime="100030"), "a reformat carries the time of its source"
    assert "after_twin" not in order(AcquisitionTime="101000", StudyInstanceUID="1.2.4")
    assert "after_twin" not in order(AcquisitionTime="101000", EchoTime=5.0)
    assert "after_twin" not in order()
    assert "after_twin" not in order(AcquisitionTime="11")


def test_a_twin_of_the_same_geometry_says_more():
    place = {"Rows": 256, "Columns": 256, "ImageOrientationPatient": [0, 1, 0, 0, 0, -1]}

    def second(**changed):
        pair = [header("T1", AcquisitionTime="100000", **MPRAGE, **place)]
        pair.append(header("T1", AcquisitionTime="103000", **MPRAGE, **(place | changed)))
        return t1ce_likelihoods(pair)[1]

    assert "after_geometry_twin" in ids(second())
    assert "after_twin" in ids(second(Rows=512)) and second(Rows=512).value < second().value
    assert "after_twin" in ids(second(ImageOrientationPatient=[1, 0, 0, 0, 1, 0]))


def test_a_twin_that_had_contrast_itself_says_nothing():
    pair = [header("T1 Gd", AcquisitionTime="100000", **MPRAGE), header("T1", AcquisitionTime="103000", **MPRAGE)]
    first, second = t1ce_likelihoods(pair)
    assert not ids(second) & {"after_twin", "after_geometry_twin"} and first.value > second.value


@pytest.mark.parametrize(("name", "counts"), [("ep2d_perf DSC", True), ("DCE perfusion", True), ("perf pCASL", False)])
def test_a_t1_after_perfusion_has_contrast_unless_the_blood_was_labelled(name, counts):
    study = [header(name, AcquisitionTime="100000"), header("T1", AcquisitionTime="101000", **MPRAGE)]
    assert ("after_perfusion" in ids(t1ce_likelihoods(study)[1])) == counts
    study[1].AcquisitionTime = "095000"
    assert "after_perfusion" not in ids(t1ce_likelihoods(study)[1])


@pytest.mark.parametrize(
    ("injected", "sign"),
    [("100500", "after_injection"), ("103000", "before_injection"), ("180000", None), ("101030", None), ("x", None)],
)
def test_the_time_of_injection(injected, sign):
    (one,) = t1ce_likelihoods([header("T1", ContrastBolusStartTime=injected, AcquisitionTime="101000")])
    assert ids(one) & {"after_injection", "before_injection"} == ({sign} if sign else set())
    assert (one.value == 0) == (sign == "before_injection")


@pytest.mark.parametrize(
    ("image_type", "value"),
    [
        (["ORIGINAL", "PRIMARY", "M"], 0.5),
        (["DERIVED", "SECONDARY", "MPR"], 0.25),
        (["DERIVED", "SECONDARY", "MIP"], 0),
    ],
)
def test_what_was_computed_from_a_t1ce_is_less(image_type, value):
    (one,) = t1ce_likelihoods([header("T1 Gd", ImageType=image_type)])
    assert one.value == pytest.approx(value)
    assert ("derived" in ids(one)) == (image_type[0] == "DERIVED")


@pytest.mark.parametrize(
    ("times", "kind"),
    [
        ({"RepetitionTime": 9000, "EchoTime": 120, "InversionTime": 2500}, "FLAIR"),
        ({"RepetitionTime": 4800, "EchoTime": 387, "InversionTime": 1400}, "FLAIR"),
        ({"RepetitionTime": 4000, "EchoTime": 95, "ScanningSequence": "SE"}, "T2"),
        ({"RepetitionTime": 600, "EchoTime": 45, "ScanningSequence": "GR"}, "T2*"),
        ({"RepetitionTime": 3000, "EchoTime": 12, "ScanningSequence": "SE"}, "proton density"),
    ],
)
def test_times_tell_what_else_it_is(times, kind):
    (one,) = t1ce_likelihoods([header("", **times)])
    assert one.weighting == kind and one.value == 0


@pytest.mark.parametrize(("recorded", "weighting"), [("T1", "T1"), ("FLUID_ATTENUATED", "FLAIR"), ("UNKNOWN", "")])
def test_the_contrast_that_an_enhanced_file_records(recorded, weighting):
    frame_type, group = Dataset(), Dataset()
    frame_type.AcquisitionContrast, group.MRImageFrameTypeSequence = recorded, [frame_type]
    (one,) = t1ce_likelihoods([header("head", SharedFunctionalGroupsSequence=[group])])
    assert one.weighting == weighting


def test_a_ct_is_none_whatever_it_says():
    (one,) = t1ce_likelihoods([header("T1 Gd", "CT", ContrastBolusAgent="Iohexol")])
    assert one.value == 0 and ids(one) == {"not_mr"}


@pytest.mark.parametrize(
    ("values", "best"),
    [
        ([], None),
        ([LEAST], 0),
        ([LEAST - 0.01], None),
        ([0.1, 0.9, 0.7], 1),
        ([0.9, 0.71], None),
        ([0.9, 0.9], None),
        ([0.3, 0.0], None),
    ],
)
def test_clear_best(values, best):
    assert clear_best(values) == best
