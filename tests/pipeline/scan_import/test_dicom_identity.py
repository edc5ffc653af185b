"""Who the scan is of, in any script; how it was made; and that the two are kept apart."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from vb_desktop.pipeline.case import Identity
from vb_desktop.pipeline.scan_import.open_scan import open_scan

NAMES = [
    # character sets, bytes as written, name as read; the first Japanese and the Korean one are those of PS3.5 H and I
    ("ISO_IR 192", "Wang^XiaoDong=王^小东=".encode(), "Wang^XiaoDong=王^小东"),
    ("GB18030", "Wang^XiaoDong=王^小东".encode("gb18030"), "Wang^XiaoDong=王^小东"),
    ("GBK", "Wang^XiaoDong=王^小东".encode("gbk"), "Wang^XiaoDong=王^小东"),
    (
        ["", "ISO 2022 IR 58"],
        b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=",
        "Zhang^XiaoDong=张^小东",
    ),
    (
        ["", "ISO 2022 IR 87"],
        b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
    ),
    (
        ["ISO 2022 IR 13", "ISO 2022 IR 87"],
        b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
        "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
    ),
    (
        ["", "ISO 2022 IR 149"],
        b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
        "Hong^Gildong=洪^吉洞=홍^길동",
    ),
    ("ISO_IR 144", "Люксембург^Роза".encode("iso8859-5"), "Люксембург^Роза"),
    ("ISO_IR 100", "Buc^Jérôme".encode("latin-1"), "Buc^Jérôme"),
    ("ISO_IR 101", "Wałęsa^Łucja".encode("iso8859-2"), "Wałęsa^Łucja"),
    ("ISO_IR 126", "Διονυσιος".encode("iso8859-7"), "Διονυσιος"),
    ("ISO_IR 127", "قباني^لنزار".encode("iso8859-6"), "قباني^لنزار"),
    ("ISO_IR 138", "שרון^דבורה".encode("iso8859-8"), "שרון^דבורה"),
    ("ISO_IR 166", "นามสกุล^ชื่อ".encode("iso8859-11"), "นามสกุล^ชื่อ"),
    (None, b"Doe^Jane^^Dr", "Doe^Jane^^Dr"),
]


def with_name(folder: Path, name: bytes) -> Path:
    """Put these bytes in the place of the name that was written as x's of the same length."""
    length = len(name) + len(name) % 2
    for path in folder.iterdir():
        content = path.read_bytes()
        assert content.count(b"x" * length) == 1
        path.write_bytes(content.replace(b"x" * length, name.ljust(length)))
    return folder


def placeholder(name: bytes) -> str:
    return "x" * (len(name) + len(name) % 2)


@pytest.mark.parametrize("enhanced", [False, True], ids=["classic", "enhanced"])
@pytest.mark.parametrize(("character_set", "written", "read"), NAMES, ids=[str(name[0]) for name in NAMES])
def test_names_in_every_script(write_series, character_set, written, read, enhanced):
    folder = write_series(enhanced=enhanced, SpecificCharacterSet=character_set, PatientName=placeholder(written))
    scan = open_scan(with_name(folder, written))
    assert scan.identity.name == read
    assert scan.source_dicom["patient"]["PatientName"] == read
    assert "scan_import.name_undecoded" not in [remark.id for remark in scan.remarks]


@pytest.mark.parametrize(
    ("character_set", "written"),
    [
        (None, "王^小东".encode("gbk")),
        ("ISO_IR 999", "Jérôme".encode("latin-1")),
        ("ISO_IR 192", "王^小东".encode("gbk")),
    ],
)
def test_a_name_without_its_character_set_is_told(write_series, character_set, written):
    folder = write_series(SpecificCharacterSet=character_set, PatientName=placeholder(written))
    scan = open_scan(with_name(folder, written))
    assert "scan_import.name_undecoded" in [remark.id for remark in scan.remarks]


def test_identity_as_read(write_series):
    scan = open_scan(
        write_series(
            PatientID="4711/a", StudyDescription="Schädel MRT", SeriesDescription="t1 mprage KM", AccessionNumber="A9",
            InstitutionName="Klinikum", PatientAge="053Y",
        )
    )  # fmt: skip
    assert scan.identity == Identity(
        name="Doe^Jane", patient_id="4711/a", birth_date="1970-03-15", sex="F", age="53", study_date="2024-03-14",
        study_description="Schädel MRT", series_description="t1 mprage KM", accession_number="A9",
        institution="Klinikum",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("elements", "age"),
    [
        ({}, "53"),  # a day before the birthday
        ({"StudyDate": "20240315"}, "54"),
        ({"PatientAge": "018M"}, "1"),
        ({"PatientAge": "006W"}, "0"),
        ({"PatientAge": "", "PatientBirthDate": ""}, ""),
        ({"PatientBirthDate": "20300101"}, ""),
        ({"PatientBirthDate": "19701399"}, ""),
    ],
)
def test_age_at_the_study(write_series, elements, age):
    assert open_scan(write_series(**elements)).identity.age == age


def test_dates_that_are_none_stay_as_read(write_series):
    assert open_scan(write_series(PatientBirthDate="1970")).identity.birth_date == "1970"
    assert open_scan(write_series("old", PatientBirthDate="1970.03.15")).identity.birth_date == "1970-03-15"


def test_nothing_known_is_empty(write_series):
    names = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "SeriesDescription")

    def change(dataset: Dataset, _: int) -> None:
        for name in names:
            del dataset[name]

    assert set(asdict(open_scan(write_series(change=change)).identity).values()) == {""}


def test_technique_of_a_classic_series(write_series):
    scan = open_scan(
        write_series(
            MagneticFieldStrength="3", RepetitionTime="1900", EchoTime="2.52", InversionTime="900", FlipAngle="9",
            ScanningSequence=["GR", "IR"], SequenceName="*tfl3d1", MRAcquisitionType="3D",
            ManufacturerModelName="Skyra",
        )
    )  # fmt: skip
    assert scan.technique == {
        "modality": "MR", "manufacturer": "Maker", "model": "Skyra", "field_strength_t": 3.0, "sequence": "*tfl3d1",
        "scanning_sequence": "GR IR", "acquisition": "3D", "repetition_time_ms": 1900.0, "echo_time_ms": 2.52,
        "inversion_time_ms": 900.0, "flip_angle_deg": 9.0, "slice_thickness_mm": 6.0, "contrast_agent": "Gadobutrol",
    }  # fmt: skip


def test_technique_of_an_enhanced_series(write_series):
    def change(dataset: Dataset, _: int) -> None:
        timing, echo = Dataset(), Dataset()
        timing.RepetitionTime, timing.FlipAngle, echo.EffectiveEchoTime = 1900, 9, 2.5
        shared = dataset.SharedFunctionalGroupsSequence[0]
        shared.MRTimingAndRelatedParametersSequence, shared.MREchoSequence = [timing], [echo]
        del dataset.ContrastBolusAgent
        agent = Dataset()
        agent.CodeMeaning = "Gadolinium DTPA"
        dataset.ContrastBolusAgentSequence = [agent]

    technique = open_scan(write_series(enhanced=True, change=change)).technique
    assert technique["repetition_time_ms"] == 1900 and technique["echo_time_ms"] == 2.5
    assert technique["flip_angle_deg"] == 9 and technique["slice_thickness_mm"] == 6
    assert technique["contrast_agent"] == "Gadolinium DTPA"


@pytest.mark.parametrize("agent", ["", "NONE", "no"])
def test_no_contrast_agent_is_told(write_series, agent):
    scan = open_scan(write_series(ContrastBolusAgent=agent))
    assert "contrast_agent" not in scan.technique
    assert "scan_import.no_contrast_recorded" in [remark.id for remark in scan.remarks]


def test_a_contrast_agent_needs_no_remark(write_series):
    assert "scan_import.no_contrast_recorded" not in [r.id for r in open_scan(write_series()).remarks]


def test_technique_and_remarks_hold_no_identity(write_series):
    scan = open_scan(
        write_series(
            PatientName="SECRET^SECRET", PatientID="SECRET", StudyDescription="SECRET", SeriesDescription="SECRET",
            AccessionNumber="SECRET", InstitutionName="SECRET", ProtocolName="SECRET", StationName="SECRET",
            ReferringPhysicianName="SECRET", PatientComments="SECRET", StudyID="SECRET",
        )
    )  # fmt: skip
    told = json.dumps([scan.technique, [[remark.id, remark.params] for remark in scan.remarks]])
    assert "SECRET" not in told


def test_source_is_plain_json_with_what_an_export_needs(write_series):
    scan = open_scan(write_series(StudyID="7", PatientWeight="61.5"))
    source = json.loads(json.dumps(scan.source_dicom))
    assert (
        source["patient"] | {"PatientName": "Doe^Jane", "PatientID": "ID-1", "PatientWeight": "61.5"}
        == source["patient"]
    )
    assert source["study"]["StudyInstanceUID"].startswith("1.2.826") and source["study"]["StudyID"] == "7"
    assert source["series"]["SeriesInstanceUID"] and source["frame_of_reference_uid"]
    assert source["sop_class_uid"] == "1.2.840.10008.5.1.4.1.1.4"
    assert len({one["sop_instance_uid"] for one in source["slices"]}) == 18


def test_control_characters_do_not_get_through(write_series):
    scan = open_scan(write_series(StudyDescription="Head\x1b[31m\x00\nMRI"))
    assert scan.identity.study_description.isprintable()
