"""Echoes, time points, magnitude and phase, and directions of one series come apart, each with a lasting id."""

from __future__ import annotations

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from synthetic_scans import assert_in_place, refusal

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import.dicom_folder import read_series
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.scan_import.series_list import list_series

UID = "1.2.3.4.5"


def volumes(folder):
    return {one.id: (one.part, len(one.frames)) for one in read_series(folder)}


def write_volumes(write_series, changes, **options):
    """One series of several volumes; changes: elements of each."""
    for n, elements in enumerate(changes):
        options |= {"SeriesInstanceUID": UID, "StudyInstanceUID": "1.2.3"}
        folder = write_series(f"study/{n}", **(options | elements))
    return folder.parent


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ([{"EchoTime": 2.5}, {"EchoTime": 80}], ["echo 1 of 2 (TE 2.5 ms)", "echo 2 of 2 (TE 80 ms)"]),
        ([{"EchoNumbers": 1}, {"EchoNumbers": 2}], ["echo 1 of 2", "echo 2 of 2"]),
        ([{"TemporalPositionIdentifier": n} for n in (1, 2, 3)], [f"time point {n} of 3" for n in (1, 2, 3)]),
        ([{"TriggerTime": 0}, {"TriggerTime": 9000}], ["time point 1 of 2 (0 ms)", "time point 2 of 2 (9000 ms)"]),
        ([{"AcquisitionNumber": 1}, {"AcquisitionNumber": 2}], ["acquisition 1 of 2", "acquisition 2 of 2"]),
        ([{"FlipAngle": 5}, {"FlipAngle": 20}], ["flip angle 1 of 2 (5 degrees)", "flip angle 2 of 2 (20 degrees)"]),
        (
            [{"InversionTime": 400}, {"InversionTime": 900}],
            ["inversion 1 of 2 (TI 400 ms)", "inversion 2 of 2 (TI 900 ms)"],
        ),
        (
            [{"AcquisitionTime": "101500"}, {"AcquisitionTime": "101000"}],
            ["time point 1 of 2", "time point 2 of 2"],
        ),
        (
            [{"ImageType": ["ORIGINAL", "PRIMARY", kind]} for kind in ("P_FFE", "M_FFE", "R", "IMAGINARY")],
            ["magnitude images", "phase images", "real images", "imaginary images"],
        ),
        (
            [{"ImageType": ["DERIVED", "PRIMARY", "W"]}, {"ImageType": ["DERIVED", "PRIMARY", "F"]}],
            ["image type F", "image type W"],
        ),
    ],
)  # fmt: skip
def test_volumes_of_a_classic_series(write_series, changes, parts):
    found = volumes(write_volumes(write_series, changes))
    assert found == {f"{UID}#{n}": (part, 18) for n, part in enumerate(parts, start=1)}


def test_echoes_within_time_points(write_series):
    changes = [{"EchoTime": te, "TemporalPositionIdentifier": n} for n in (1, 2) for te in (3, 60)]
    found = volumes(write_volumes(write_series, changes))
    assert [part for part, _ in found.values()] == [
        "echo 1 of 2 (TE 3 ms), time point 1 of 2",
        "echo 1 of 2 (TE 3 ms), time point 2 of 2",
        "echo 2 of 2 (TE 60 ms), time point 1 of 2",
        "echo 2 of 2 (TE 60 ms), time point 2 of 2",
    ]


def test_a_number_that_changes_from_slice_to_slice_splits_nothing(write_series):
    def change(dataset, k):
        dataset.AcquisitionNumber = k + 1
        dataset.TriggerTime = 13.0 * k

    assert volumes(write_series(change=change, SeriesInstanceUID=UID)) == {UID: ("", 18)}
    changes = [{"EchoTime": 3, "change": change}, {"EchoTime": 60, "change": change}]
    assert len(volumes(write_volumes(write_series, changes))) == 2


def test_images_that_only_their_numbers_tell_apart(write_series):
    folder = write_volumes(write_series, [{}, {}])
    by_place = sorted(folder.rglob("IM*"), key=lambda path: (dcmread(path).ImagePositionPatient[2], str(path)))
    for n, path in enumerate(by_place):  # place by place, as a scanner writes a dynamic series without its tags
        dataset = dcmread(path)
        dataset.InstanceNumber = n + 1
        dataset.save_as(path)
    assert volumes(folder) == {f"{UID}#1": ("repeat 1 of 2", 18), f"{UID}#2": ("repeat 2 of 2", 18)}


def test_an_aborted_time_point_leaves_the_whole_ones(write_series):
    changes = [{"TemporalPositionIdentifier": n} for n in (1, 2, 3)]
    folder = write_volumes(write_series, changes)
    for path in sorted((folder / "2").iterdir())[:10]:
        path.unlink()
    assert [count for _, count in volumes(folder).values()] == [18, 18, 8]


def test_the_directions_of_a_localiser_come_apart(write_series):
    changes = [{"plane": plane, "slices": 5} for plane in ("axial", "coronal", "sagittal")]
    folder = write_volumes(write_series, changes)
    assert list(volumes(folder).values()) == [("axial", 5), ("coronal", 5), ("sagittal", 5)]
    assert refusal(folder) == "orientations"


def test_a_stack_beside_a_stray_picture_is_taken_and_told(write_series):
    folder = write_volumes(write_series, [{}, {"plane": "sagittal", "slices": 1}])
    scan = open_scan(folder)
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    assert "scan_import.series_taken" in [remark.id for remark in scan.remarks]


def test_one_volume_is_opened_by_its_id(write_series):
    folder = write_volumes(write_series, [{"EchoTime": 3}, {"EchoTime": 90}], RepetitionTime=600)
    scan = open_scan(folder, f"{UID}#2")
    assert scan.technique["echo_time_ms"] == 90
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    assert refusal(folder, f"{UID}#3") == "unknown_series"


def test_the_plain_uid_takes_the_clear_best_or_lists_them(write_series):
    times = {"RepetitionTime": 600, "ScanningSequence": "SE"}
    folder = write_volumes(write_series, [{"EchoTime": 12}, {"EchoTime": 90}], **times)
    assert open_scan(folder, UID).technique["echo_time_ms"] == 12
    alike = write_volumes(write_series, [{"TemporalPositionIdentifier": n} for n in (1, 2)])
    for path in alike.rglob("IM*"):
        dataset = dcmread(path)
        dataset.EchoTime = 12
        dataset.save_as(path)
    with pytest.raises(UnreadableScan) as caught:
        open_scan(alike, UID)
    assert caught.value.message.id == "scan_import.several_volumes" and f"{UID}#2" in caught.value.sentence()


def test_phase_images_beside_magnitude_are_not_usable(write_series):
    kinds = [{"ImageType": ["ORIGINAL", "PRIMARY", kind]} for kind in ("M", "P")]
    folder = write_volumes(write_series, kinds)
    magnitude, phase = list_series(folder).volumes
    assert magnitude.why_unusable is None and phase.why_unusable.id == "scan_import.phase"
    assert open_scan(folder).volume.voxels.shape == (24, 20, 18)


def one_item(**elements):
    own = Dataset()
    for keyword, value in elements.items():
        setattr(own, keyword, value)
    return [own]


def test_volumes_of_an_enhanced_file_have_their_own_times(write_series):
    def change(dataset, _):
        own = list(dataset.PerFrameFunctionalGroupsSequence)
        for n, frame in enumerate(own):
            frame.MREchoSequence = one_item(EffectiveEchoTime=4.0 if n < 18 else 70.0)
            frame.FrameContentSequence = one_item(TemporalPositionIndex=1)

    folder = write_series(
        enhanced=True, slices=36, positions=lambda k: k % 18, change=change, seed=None, SeriesInstanceUID=UID
    )
    first, second = list_series(folder).volumes
    assert (first.part, second.part) == ("echo 1 of 2 (TE 4 ms)", "echo 2 of 2 (TE 70 ms)")
    assert [one.technique["echo_time_ms"] for one in (first, second)] == [4, 70]
    scan = open_scan(folder, second.id)
    assert scan.technique["echo_time_ms"] == 70 and scan.volume.voxels.shape == (24, 20, 18)
    assert [one["frame_number"] > 18 for one in scan.source_dicom["slices"]] == [True] * 18
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_the_contrast_phase_of_an_enhanced_file_counts(write_series):
    def change(dataset, _):
        for n, frame in enumerate(dataset.PerFrameFunctionalGroupsSequence):
            given = "NO" if n < 18 else "YES"
            frame.ContrastBolusUsageSequence = one_item(ContrastBolusAgentAdministered=given)

    folder = write_series(
        enhanced=True, slices=36, positions=lambda k: k % 18, change=change, seed=None, SeriesDescription="T1"
    )
    before, after = list_series(folder).volumes
    assert "contrast agent given: NO" in before.part and "contrast agent given: YES" in after.part
    assert before.t1ce.value < 0.2 and after.t1ce.value >= 0.6
    assert list_series(folder).proposed_id == after.id


@pytest.mark.data
def test_magnitude_and_phase_of_a_real_series(data_folder):
    found = list_series(data_folder / "dicom/dicom2nifti_tests/philips/anatomical/002").volumes
    assert [one.part for one in found] == ["magnitude images", "phase images"]
    assert [one.geometry.slices for one in found] == [4, 4]
    assert found[1].why_unusable.id == "scan_import.phase"
