"""No string that tells whose scan it is may be left: planted wherever DICOM and a case can hide one."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from tests.phantom_case import make_case
from tests.pipeline.scan_import.synthetic_scans import make_series
from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.case_folder import Case, read_case, write_record, write_volume
from vb_desktop.pipeline.case_record import BoxEditRecord, CaseRecord
from vb_desktop.pipeline.deidentify.confidentiality_profile import ConfidentialityProfile
from vb_desktop.pipeline.deidentify.find_identity import find_identity
from vb_desktop.pipeline.deidentify.identity_strings import IdentityStrings, identity_strings
from vb_desktop.pipeline.errors import ExportFailed
from vb_desktop.pipeline.export.export_case import KINDS, Deidentified, export_case
from vb_desktop.pipeline.report.write_report import write_report
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.stage_files import write_scan

NAME = "Yamada^Tarou=山田^太郎"
PLANTED = {
    "group and family name": "Yamada", "given name": "Tarou", "ideographs": "太郎", "patient ID": "MRN-557799",
    "birth date": "19710305", "accession number": "ACC-778812", "private element": "Plantedprivate",
    "private in a sequence": "Plantednested", "private bytes": "Plantedbytes", "UTF-16 in private bytes": "Plantedwide",
    "nested sequence": "Plantedrequest", "name in a sequence": "Plantedphysician", "comment": "Plantedcomment",
    "overlay": "Plantedoverlay", "trailing padding": "Plantedpadding", "unknown element": "Plantedunknown",
    "preamble": "Plantedpreamble", "meta information": "Plantedmeta", "file name": "Plantedfile",
    "institution": "Saint Elsewhere",
}  # fmt: skip
"""Where it hides -> what is hidden."""


def hide(image: Dataset, k: int) -> None:
    """Put the strings into every corner of an image."""
    image.ImageComments = PLANTED["comment"]
    block = image.private_block(0x0029, "VENDOR", create=True)
    block.add_new(0x10, "LO", PLANTED["private element"])
    block.add_new(0x11, "OB", b"\1\2 " + PLANTED["private bytes"].encode() + b" ")
    block.add_new(0x12, "OB", PLANTED["UTF-16 in private bytes"].encode("utf-16-le"))
    request = Dataset()
    request.RequestedProcedureDescription = PLANTED["nested sequence"]
    deep = Dataset()
    deep.PhysiciansOfRecord = PLANTED["name in a sequence"]
    deep.private_block(0x0031, "VENDOR", create=True).add_new(1, "LO", PLANTED["private in a sequence"])
    request.ReferencedStudySequence = Sequence([deep])
    image.RequestAttributesSequence = Sequence([request])
    kept = Dataset()  # a sequence that the profile keeps
    kept.ReferencedSOPClassUID, kept.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    kept.PhysiciansOfRecord = PLANTED["name in a sequence"]
    image.SourceImageSequence = Sequence([kept])
    image.add_new((0x6000, 0x4000), "LT", PLANTED["overlay"])
    image.add_new((0x0018, 0xFFF0), "UN", PLANTED["unknown element"].encode())
    image.add_new((0xFFFC, 0xFFFC), "OB", PLANTED["trailing padding"].encode())


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path]:
    """A case and its series, full of planted strings."""
    folder = tmp_path_factory.mktemp("planted")
    series = make_series(
        folder / "series", slices=16, PatientName=NAME, PatientID=PLANTED["patient ID"],
        PatientBirthDate=PLANTED["birth date"], AccessionNumber=PLANTED["accession number"], StudyDate="20260102",
        InstitutionName=PLANTED["institution"], SpecificCharacterSet="ISO_IR 192", change=hide,
    )  # fmt: skip
    for path in list(series.iterdir()):
        image = pydicom.dcmread(path)
        image.preamble = PLANTED["preamble"].encode().ljust(128, b"\0")
        image.file_meta.PrivateInformationCreatorUID = UID("1.2.3")
        image.file_meta.PrivateInformation = PLANTED["meta information"].encode() + b"\0"
        image.save_as(path)
        path.rename(path.with_name(f"{PLANTED['file name']}_{path.name}"))
    scan = open_scan(series)
    case = make_case(folder / "case", synthetic=False, created=datetime(2026, 1, 2, 3, tzinfo=UTC))
    write_scan(case, scan)
    for name in ("refined_prior", "coarse_prior"):
        found = np.zeros(scan.volume.voxels.shape, np.float32)
        found[6:10, 5:9, 2:5] = 0.9
        write_volume(case / "native" / f"{name}.nii.gz", scan.volume.like(found))
    write_volume(case / "brain_mask.nii.gz", scan.volume.like(np.ones(scan.volume.voxels.shape, np.uint8)))
    for path in case.rglob("grad_cam*"):
        path.unlink()
    record = read_case(case).record
    box = record.boxes[0].model_copy(update={"text": "seen by Tarou", "author": "Yamada"})
    edit = BoxEditRecord(action="add", made=["x"], author="Yamada", time="2026-01-02")
    write_record(
        case,
        record.model_copy(
            update={
                "case_id": "Plantedfile_1", "boxes": [box, *record.boxes[1:]], "box_edits": [edit],
                "config": record.config | {"report": {"institution": PLANTED["institution"]}},
            }
        ),
    )  # fmt: skip
    made = read_case(case)
    write_report(made)
    return made, series


def strings_of(planted: tuple[Case, Path]) -> IdentityStrings:
    case, series = planted
    files = sorted(series.iterdir())
    return identity_strings(case, map(pydicom.dcmread, files), (path.name for path in files))


def test_with_identity_each_planted_string_is_found(planted: tuple[Case, Path], tmp_path: Path) -> None:
    case, series = planted
    export_case(case, tmp_path / "out", KINDS, images=series)
    sought = strings_of(planted).sought | set(PLANTED.values())
    left = find_identity(tmp_path / "out", IdentityStrings(sought, frozenset()))
    assert {where for where, text in PLANTED.items() if not any(text in one.text for one in left)} == set()
    places = {(one.file.suffix, one.place) for one in left}
    assert {
        (".dcm", "name"),
        (".dcm", "content"),
        (".dcm", "document"),
        (".pdf", "document"),
        (".json", "content"),
    } <= places


def test_without_identity_none_is_left(planted: tuple[Case, Path], tmp_path: Path) -> None:
    case, series = planted
    out, key = tmp_path / "out", tmp_path / "key.json"
    export_case(case, out, KINDS, images=series, deidentified=Deidentified(pseudonym="P-0001", key=key))
    strings = strings_of(planted)
    assert len(strings.sought) > 40
    assert find_identity(out, IdentityStrings(strings.sought | set(PLANTED.values()), frozenset())) == []
    # What the profile must leave still agrees: one patient, one study, references to the images that came along.
    objects = {path.stem: pydicom.dcmread(path) for path in sorted(out.glob("*.dcm"))}
    images = [one for name, one in objects.items() if "_image_" in name]
    segmentation = objects["P-0001_seg"]
    assert len(images) == 16
    assert {(str(one.PatientName), one.PatientID, one.PatientIdentityRemoved) for one in objects.values()} == {
        ("P-0001", "P-0001", "YES")
    }
    assert len({one.StudyInstanceUID for one in objects.values()}) == 1
    referred = segmentation.ReferencedSeriesSequence[0]
    assert referred.SeriesInstanceUID == images[0].SeriesInstanceUID
    named = {one.ReferencedSOPInstanceUID for one in referred.ReferencedInstanceSequence}
    assert named <= {one.SOPInstanceUID for one in images}
    assert segmentation.SOPInstanceUID in str(objects["P-0001_sr"])
    assert "12.43" in str(objects["P-0001_sr"]), "the measurements stay"
    originals = {image.SOPInstanceUID: image for image in map(pydicom.dcmread, series.iterdir())}
    told = json.loads(key.read_text())
    for image in images:
        assert image.PixelData == originals[told["uids"][image.SOPInstanceUID]].PixelData
        assert image.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert told["patient"]["patient_id"] == PLANTED["patient ID"] and key.stat().st_mode & 0o077 == 0


def test_what_is_left_is_told_and_nothing_is_written(
    planted: tuple[Case, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, series = planted
    monkeypatch.setattr(ConfidentialityProfile, "source", lambda self, image: None)
    with pytest.raises(ExportFailed) as error:
        export_case(case, tmp_path / "out", [], images=series, deidentified=Deidentified())
    assert error.value.message.id == "export.identity_left"
    assert not any(text in error.value.sentence() for text in PLANTED.values())
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (Deidentified(pseudonym="Doe, Jane"), "export.pseudonym"),
        (Deidentified(key=Path("out") / "key.json"), "export.key_inside"),
    ],
)
def test_a_pseudonym_or_key_that_gives_it_away_is_refused(
    planted: tuple[Case, Path], tmp_path: Path, how: Deidentified, said: str
) -> None:
    key = tmp_path / how.key if how.key else None
    with pytest.raises(ExportFailed) as error:
        export_case(planted[0], tmp_path / "out", ["csv"], deidentified=Deidentified(pseudonym=how.pseudonym, key=key))
    assert error.value.message.id == said


def test_images_of_another_series_are_refused(planted: tuple[Case, Path], tmp_path: Path) -> None:
    case, series = planted
    shutil.copyfile(next(series.iterdir()), tmp_path / "one.dcm")
    with pytest.raises(ExportFailed) as error:
        export_case(case, tmp_path / "out", [], images=tmp_path)
    assert error.value.message.id == "export.no_images"


def test_the_command_line_takes_identity_out(planted: tuple[Case, Path], tmp_path: Path) -> None:
    case, _ = planted
    export = ["export", str(case.folder), str(tmp_path / "out"), "--csv"]
    assert run_app([*export, "--key", str(tmp_path / "key.json")]) == 2
    assert run_app([*export, "--deidentify", "--key", str(tmp_path / "key.json")]) == 0
    (record,) = (tmp_path / "out").glob("VB-*_case.json")
    told = json.loads((tmp_path / "key.json").read_text())
    assert record.name == f"{told['pseudonym']}_case.json"
    assert find_identity(tmp_path / "out", strings_of(planted)) == []
    assert CaseRecord.model_validate_json(record.read_bytes()).deidentified
