"""What leaves a case: the same place in the patient, the same numbers, the warnings, and nothing half written."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
import pytest
from nibabel.affines import apply_affine

from tests.phantom_case import make_case
from tests.pipeline.scan_import.synthetic_scans import make_series
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.case_folder import Case, read_case, write_volume
from vb_desktop.pipeline.errors import ExportFailed
from vb_desktop.pipeline.export.export_case import KINDS, export_case
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.stage_files import write_scan

NAME = "Yamada^Tarou=山田^太郎"


@pytest.fixture
def case_of(tmp_path: Path) -> Callable[..., Case]:
    """A case whose scan came from a DICOM series that was written here, with a region off its middle."""

    def make(**series: object) -> Case:
        source = make_series(tmp_path / "series", PatientName=NAME, **series)  # type: ignore[arg-type]
        scan = open_scan(source)
        folder = make_case(tmp_path / "case", synthetic=False)
        write_scan(folder, scan)
        write_volume(folder / "native" / "refined_prior.nii.gz", scan.volume.like(region(scan.volume)))
        return read_case(folder)

    return make


def region(scan: Volume) -> Array:
    """A box that is no mirror image of itself along any axis."""
    found = np.zeros(scan.voxels.shape, np.float32)
    low = [n // 5 for n in scan.voxels.shape]
    high = [a + n // 4 for a, n in zip(low, scan.voxels.shape, strict=True)]
    found[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = 0.9
    return found


def places(mask: Array, affine: Array) -> Array:
    """Where the voxels of a mask lie, RAS+ mm, in a fixed order."""
    found = np.round(apply_affine(affine, np.argwhere(mask)), 2).reshape(-1, 3)
    order: Array = found[np.lexsort(found.T)]
    return order


def places_of(segmentation: pydicom.Dataset) -> Array:
    """The same of a DICOM segmentation, from each frame's own position."""
    import highdicom as hd

    image = hd.seg.segread(segmentation.filename)
    volume = image.get_volume(segment_numbers=[1], combine_segments=True)
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ volume.affine
    return places(volume.array > 0, affine)


@pytest.mark.parametrize("plane", ["axial", "sagittal", "coronal", "oblique"])
@pytest.mark.parametrize("enhanced", [False, True])
def test_a_segmentation_lies_where_the_region_lies(
    case_of: Callable[..., Case], tmp_path: Path, plane: str, enhanced: bool
) -> None:
    case = case_of(plane=plane, enhanced=enhanced)
    export_case(case, tmp_path / "out", ["dicom-seg"])
    written = pydicom.dcmread(tmp_path / "out" / "phantom_seg.dcm")
    prior = case.volume("refined_prior", "native")
    assert prior is not None
    assert np.abs(places_of(written) - places(prior.voxels > 0.5, prior.affine)).max() < 0.02


def test_dicom_objects_belong_to_patient_and_study_and_say_what_they_are(
    case_of: Callable[..., Case], tmp_path: Path
) -> None:
    case = case_of()
    source = json.loads((case.folder / "source_dicom.json").read_text())
    export_case(case, tmp_path / "out", ["dicom-seg", "dicom-sr"])
    objects = [pydicom.dcmread(path) for path in sorted((tmp_path / "out").glob("*.dcm"))]
    assert len({one.SeriesInstanceUID for one in objects} | {source["series"]["SeriesInstanceUID"]}) == 3
    for one in objects:
        assert str(one.PatientName) == NAME and one.PatientID == "ID-1"
        assert one.StudyInstanceUID == source["study"]["StudyInstanceUID"]
        assert one.SeriesDescription.startswith("RESEARCH: ") and "demo model" in one.SeriesDescription
    segmentation, report = objects
    assert segmentation.FrameOfReferenceUID == source["frame_of_reference_uid"]
    referred = {
        one.ReferencedSOPInstanceUID for one in segmentation.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    }
    assert referred <= {one["sop_instance_uid"] for one in source["slices"]}
    assert segmentation.SegmentSequence[0].SegmentAlgorithmType == "AUTOMATIC"
    assert report.CompletionFlag == "PARTIAL" and report.VerificationFlag == "UNVERIFIED"
    text = str(report)
    assert "12.43" in text and "Probability of pcnsl" in text and segmentation.SOPInstanceUID in text
    assert "Research use only" in text and "Demonstration model" in text


def test_the_pdf_comes_back_byte_for_byte(case_of: Callable[..., Case], tmp_path: Path) -> None:
    case = case_of()
    content = b"%PDF-1.7 odd" + b"\n"
    (case.folder / "report.pdf").write_bytes(content)
    export_case(case, tmp_path / "out", ["dicom-pdf"])
    written = pydicom.dcmread(tmp_path / "out" / "phantom_report.dcm")
    assert written.EncapsulatedDocument[: written.EncapsulatedDocumentLength] == content
    assert str(written.PatientName) == NAME and written.BurnedInAnnotation == "YES"


@pytest.mark.parametrize("enhanced", [False, True])
def test_key_images_name_the_slice_that_they_show(case_of: Callable[..., Case], tmp_path: Path, enhanced: bool) -> None:
    case = case_of(enhanced=enhanced)
    source = json.loads((case.folder / "source_dicom.json").read_text())
    export_case(case, tmp_path / "out", ["dicom-key", "png"])
    captures = [pydicom.dcmread(path) for path in sorted((tmp_path / "out").glob("*.dcm"))]
    assert len(captures) == len(list((tmp_path / "out").glob("*.png"))) > 5
    assert {one.StudyInstanceUID for one in captures} == {source["study"]["StudyInstanceUID"]}
    assert len({one.SeriesInstanceUID for one in captures}) == 1
    tops = {place["sop_instance_uid"]: place["image_position_patient"][2] for place in source["slices"]}
    for one in captures:
        assert one.pixel_array.shape[2] == 3 and len(np.unique(one.pixel_array)) > 50
        assert one.BurnedInAnnotation == "YES" and one.SeriesDescription.startswith("RESEARCH: ")
        said = re.search(r"([SI]) ([0-9.]+)\xa0mm .* W \d+", one.DerivationDescription)
        if said and len(one.SourceImageSequence) == 1:  # an axial picture of axial slices
            height = float(said[2]) * (1 if said[1] == "S" else -1)
            (image,) = one.SourceImageSequence
            if enhanced:
                place = next(p for p in source["slices"] if p["frame_number"] == image.ReferencedFrameNumber)
                assert place["image_position_patient"][2] == pytest.approx(height, abs=0.06)
            else:
                assert tops[image.ReferencedSOPInstanceUID] == pytest.approx(height, abs=0.06)
    axial = [one for one in captures if len(one.SourceImageSequence) == 1 and "mm" in one.DerivationDescription]
    assert len(axial) >= 4


def test_probabilities_stay_away_where_they_are_withheld(tmp_path: Path) -> None:
    case = read_case(make_case(tmp_path / "case", status="withheld"))
    export_case(case, tmp_path / "out", ["csv"])
    assert "probability" not in (tmp_path / "out" / "phantom_measurements.csv").read_text()


def test_tables_hold_the_numbers_with_units_and_the_warning(tmp_path: Path) -> None:
    case = read_case(make_case(tmp_path / "case"))
    export_case(case, tmp_path / "out", ["csv", "nifti"])
    with (tmp_path / "out" / "phantom_measurements.csv").open() as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert (rows["volume"]["value"], rows["volume"]["unit"]) == ("12.43", "mL")
    assert rows["probability_pcnsl"]["value"] == "0.7100"
    assert all("Research use only" in row["warning"] and "Synthetic" in row["warning"] for row in rows.values())
    with (tmp_path / "out" / "phantom_boxes.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(case.record.boxes)
    exported = nib.load(tmp_path / "out" / "phantom_refined_prior.nii.gz")
    prior = case.volume("refined_prior", "native")
    assert prior is not None and np.allclose(exported.affine, prior.affine)
    assert np.array_equal(np.asarray(exported.dataobj), prior.voxels)
    assert "Doe" not in "".join(path.read_text() for path in (tmp_path / "out").glob("*.[ctj][sx]*"))


def test_words_of_a_server_are_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    case = read_case(make_case(tmp_path / "case"))
    boxes = [box.model_copy(update={"text": '=HYPERLINK("http://x")'}) for box in case.record.boxes]
    case = Case(case.folder, case.record.model_copy(update={"boxes": boxes}), case.identity)
    export_case(case, tmp_path / "out", ["csv"])
    with (tmp_path / "out" / "phantom_boxes.csv").open() as file:
        assert all(row["text"].startswith("'=") for row in csv.DictReader(file))


@pytest.mark.parametrize(
    ("status", "kinds", "said"),
    [
        ("done", ["dicom-seg"], "export.no_dicom_source"),
        ("done", [], "export.nothing_chosen"),
    ],
)
def test_what_can_not_be_exported_is_said_and_nothing_is_written(
    tmp_path: Path, status: str, kinds: list[str], said: str
) -> None:
    case = read_case(make_case(tmp_path / "case", status=status))
    with pytest.raises(ExportFailed) as error:
        export_case(case, tmp_path / "out", kinds)  # type: ignore[arg-type]
    assert error.value.message.id == said
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_without_a_region_there_is_no_segmentation(case_of: Callable[..., Case], tmp_path: Path) -> None:
    case = case_of()
    (case.folder / "native" / "refined_prior.nii.gz").unlink()
    with pytest.raises(ExportFailed) as error:
        export_case(read_case(case.folder), tmp_path / "out", KINDS)
    assert error.value.message.id == "export.no_region"
    assert not list((tmp_path / "out").iterdir())


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    case = read_case(make_case(tmp_path / "case"))
    export_case(case, tmp_path / "out", ["csv"])
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(ExportFailed, match="there already"):
        export_case(case, tmp_path / "out", ["csv"])
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
