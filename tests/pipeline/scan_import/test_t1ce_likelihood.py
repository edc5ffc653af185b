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
