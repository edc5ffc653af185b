"""The Basic Application Level Confidentiality Profile of DICOM PS3.15 Annex E on data sets.

Which element gets which action (table E.1-1) comes from dicom-anonymizer. That library looks at the outermost level
only and keeps its dictionary of UIDs for good; here its actions reach into every sequence, and the UIDs belong to one
export.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, generate_uid

TABLE = "dicomfields_2026c"
"""Edition of table E.1-1."""
METHOD = "DICOM PS3.15 Annex E Basic Profile (2026c)"
_DUMMIES = {"DA": "19000101", "DT": "19000101000000", "TM": "000000"}
"""Where a value is required; the library's year 1 is refused by validators."""
OF_THE_PROGRAM = frozenset({"SeriesDescription", "ContentSequence", "EncapsulatedDocument", "DeviceSerialNumber"})
"""Kept in objects that the program made from a case without identity: it wrote them itself."""
BASIC, CLEAN_STRUCTURED, CLEAN_DESCRIPTORS = "113100", "113104", "113105"
_MEANINGS = {
    BASIC: "Basic Application Confidentiality Profile",
    CLEAN_STRUCTURED: "Clean Structured Content Option",
    CLEAN_DESCRIPTORS: "Clean Descriptors Option",
}
_WHO = ("PatientName", "PatientID")


class ConfidentialityProfile:
    """The profile for the objects of one patient and one export.

    Attributes:
        pseudonym: what name and patient ID become.
        uids: UID that was given -> UID that it stands for.
    """

    def __init__(self, pseudonym: str, secret: str) -> None:
        """`secret`: what the new UIDs are hashed with, so that nobody without it can tell which they stand for."""
        self.pseudonym = pseudonym
        self.uids: dict[str, str] = {}
        self._secret = secret

    def uid(self, old: str) -> str:
        """The UID that stands for another: the same each time within one export."""
        if not old:
            return ""
        new = str(generate_uid(prefix="2.25.", entropy_srcs=[self._secret, old]))
        self.uids[new] = old
        return new

    def source(self, dataset: Dataset) -> None:
        """De-identify an image of the scanner in place; pixels are left as they are."""
        self._clean(dataset)
        if "PixelData" in dataset:
            dataset.RecognizableVisualFeatures = "YES"  # nothing was done to the face
        self._finish(dataset, (BASIC,))

    def product(self, dataset: Dataset) -> None:
        """De-identify in place an object that the program made from a case which held no identity any more."""
        rules = _rules()
        for element in list(dataset):
            action = rules.get(_key(element.tag))
            if element.keyword not in OF_THE_PROGRAM and element.VR != "UI" and action is not None:
                self._act(action, dataset, element.tag)
        self._finish(dataset, (BASIC, CLEAN_STRUCTURED, CLEAN_DESCRIPTORS))

    def _clean(self, dataset: Dataset) -> None:
        rules = _rules()
        for tag in list(dataset.keys()):
            if tag.is_private or tag.group in (0x0000, 0x0002) or 0x5000 <= tag.group <= 0x50FF or _overlay(tag):
                del dataset[tag]
                continue
            element = dataset[tag]
            if element.VR == "UN" or tag == 0xFFFCFFFC:  # nobody can say what is in it
                del dataset[tag]
                continue
            if (action := rules.get(_key(tag))) is not None:
                self._act(action, dataset, tag)
            if tag in dataset and dataset[tag].VR == "SQ":
                for item in dataset[tag].value:
                    self._clean(item)

    def _act(self, action: Callable[..., None], dataset: Dataset, tag: BaseTag) -> None:
        element = dataset[tag]
        if element.VR == "UI":
            many = element.VM > 1
            element.value = [self.uid(str(one)) for one in element.value] if many else self.uid(str(element.value))
            return
        if element.VR in _DUMMIES and action.__name__ == "delete":
            del dataset[tag]
            return
        if element.VR in _DUMMIES:
            element.value = "" if action.__name__ == "empty" else _DUMMIES[element.VR]
            return
        if element.VR == "SQ" and action.__name__ == "delete_or_empty_or_replace_UID":
            return  # X/Z/U*: what is inside is cleaned one by one
        try:
            action(dataset, _key(tag))
        except NotImplementedError:  # no dummy is known for this kind of value
            del dataset[tag]

    def _finish(self, dataset: Dataset, codes: tuple[str, ...]) -> None:
        dataset.SpecificCharacterSet = "ISO_IR 192"
        for keyword in _WHO:
            setattr(dataset, keyword, self.pseudonym)
        dataset.PatientIdentityRemoved = "YES"
        dataset.DeidentificationMethod = METHOD
        dataset.LongitudinalTemporalInformationModified = "REMOVED"
        dataset.DeidentificationMethodCodeSequence = [_code(code) for code in codes]
        syntax = dataset.file_meta.TransferSyntaxUID
        dataset.preamble = b"\0" * 128  # it may hold anything
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.file_meta.TransferSyntaxUID = (
            ExplicitVRLittleEndian if syntax == DeflatedExplicitVRLittleEndian else UID(syntax)
        )


def concerns_identity(tag: BaseTag) -> bool:
    """Whether the profile does anything to an element."""
    return tag.is_private or _overlay(tag) or _key(tag) in _rules()


@cache
def _rules() -> dict[tuple[int, int], Callable[..., Any]]:
    from dicomanonymizer.simpledicomanonymizer import initialize_actions

    found: dict[tuple[int, int], Callable[..., Any]] = initialize_actions(TABLE)
    return found


def _key(tag: BaseTag) -> tuple[int, int]:
    return tag.group, tag.element


def _overlay(tag: BaseTag) -> bool:
    """Overlays are pictures and remarks laid over the image; retired ones come in sixteen groups."""
    return 0x6000 <= tag.group <= 0x60FF


def _code(value: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", _MEANINGS[value]
    return item
