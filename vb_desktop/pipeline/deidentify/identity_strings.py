"""The strings that tell whose scan it is: from the case, from the source images, from names of files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import CaseRecord
from vb_desktop.pipeline.deidentify.confidentiality_profile import concerns_identity
from vb_desktop.pipeline.messages import ENGLISH
from vb_desktop.pipeline.reading import read_reading

_NO_IDENTITY = frozenset({"sex", "age"})
"""Too short to be looked for; they are taken out all the same."""
_DESCRIBED = (
    "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "OtherPatientIDs", "PatientComments",
    "StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "StudyDescription", "AccessionNumber",
    "ReferringPhysicianName", "SeriesInstanceUID", "SeriesDescription", "SeriesDate", "SeriesTime", "ProtocolName",
    "FrameOfReferenceUID", "InstitutionName", "StationName", "DeviceSerialNumber",
)  # fmt: skip
_TEXT = frozenset({"AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT", "UN"})
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class IdentityStrings:
    """What must not be found.

    Attributes:
        sought: to be looked for.
        common: left out of the search: words which the program itself writes, so that finding them says nothing.
    """

    sought: frozenset[str]
    common: frozenset[str]


def identity_strings(case: Case, images: Iterable[Dataset] = (), names: Iterable[str] = ()) -> IdentityStrings:
    """Gather the strings.

    Args:
        case: with its identity.
        images: of the scanner, as they came.
        names: of files and folders that they came in.
    """
    found: set[str] = set()
    for text in (*_of_case(case), *(text for image in images for text in _of_dataset(image)), *names):
        found.update(one for one in _forms(text.strip(" \0")) if _telling(one))
    common = {text for text in found if text.casefold() in _vocabulary()}
    return IdentityStrings(frozenset(found - common), frozenset(common))


def _of_case(case: Case) -> Iterator[str]:
    record = case.record
    identity = {key: value for key, value in asdict(case.identity).items() if key not in _NO_IDENTITY}
    yield from identity.values()
    yield from _names(identity["name"])
    yield from _names(identity["reader"])
    yield record.case_id
    yield from (box.author for box in record.boxes)
    yield from (edit.author for edit in record.box_edits)
    for gate in record.gates:
        yield gate.accepted_by or ""
    for key, value in (record.signoff or {}).items():
        if key != "impression" and isinstance(value, str):
            yield value
    reading = read_reading(case.folder)
    for entry in (reading.impression, reading.region, *reading.measurements, *reading.ratings):
        yield entry.author if entry is not None else ""
    path = case.folder / "source_dicom.json"
    if path.is_file():
        described = json.loads(path.read_text(encoding="utf-8"))
        for part in ("patient", "study", "series", "equipment"):
            elements = {key: str(value) for key, value in described.get(part, {}).items() if key in _DESCRIBED}
            yield from elements.values()
            yield from _names(elements.get("PatientName", ""))
            yield from _names(elements.get("ReferringPhysicianName", ""))
        yield from (place["sop_instance_uid"] for place in described.get("slices", []))


def _of_dataset(dataset: Dataset) -> Iterator[str]:
    """Every text that the profile takes out, at every depth; private bytes as far as they are text."""
    for element in dataset.iterall():
        if element.VR not in _TEXT or not concerns_identity(element.tag):
            continue
        for value in element.value if element.VM > 1 else [element.value]:
            text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value or "")
            yield text
            if element.VR == "PN":
                yield from _names(text)


def _names(text: str) -> list[str]:
    return [part for part in re.split(r"[\^=\s,;]+", text) if part]


def _forms(text: str) -> Iterator[str]:
    """A date as ISO and as DICOM writes it; everything else as it is."""
    yield text
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        yield text.replace("-", "")
    if re.fullmatch(r"\d{8}", text):
        yield f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _telling(text: str) -> bool:
    """Whether finding it means something: three letters, six digits, or two characters of another script."""
    if text in ("ANONYMIZED", "19000101", "1900-01-01"):
        return False
    if not text.isascii():
        return len(text) >= 2
    letters, digits = sum(c.isalpha() for c in text), sum(c.isdigit() for c in text)
    return letters >= 3 or digits >= 6 or (letters >= 1 and letters + digits >= 4)


@cache
def _vocabulary() -> frozenset[str]:
    """Words of the program's own sentences and of the keys of its files."""
    written: list[Any] = [*ENGLISH.values(), json.dumps(CaseRecord.model_json_schema()), _OWN_WORDS]
    written += [path.stem for path in Path(__file__).parent.parent.rglob("*.py")]
    return frozenset(word.casefold() for text in written for word in _WORD.findall(text.replace("_", " ")))


_OWN_WORDS = """Virtual Biopsy Desktop RESEARCH head brain mass image measurement report observer device author
algorithm source series library volumetric tracking identifier finding site ORIGINAL PRIMARY DERIVED SECONDARY MR DOC
SEG SR AXIAL OTHER YES NO BINARY AUTOMATIC UNVERIFIED VERIFIED PARTIAL COMPLETE anonymized DICOM Annex Basic Profile
t1 t2 flair ce mprage scan lesion synthetic demo model HFS HFP"""
