"""Who the scan is of, how it was made, and what an export needs of the source: three things that are kept apart."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pydicom.charset import python_encoding
from pydicom.dataset import Dataset
from pydicom.uid import JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless

from vb_desktop.pipeline.case import Array, Identity
from vb_desktop.pipeline.scan_import.dicom_frame import Frame
from vb_desktop.pipeline.scan_import.dicom_geometry import Stack
from vb_desktop.pipeline.scan_import.dicom_values import item, number, text, words
from vb_desktop.pipeline.scan_import.header_tags import EQUIPMENT_TAGS, PATIENT_TAGS, SERIES_TAGS, STUDY_TAGS

_REPLACEMENT = "\ufffd"
_LOSSY = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless})
_LATIN = frozenset("ISO_IR 100, ISO_IR 101, ISO_IR 109, ISO_IR 110, ISO_IR 148, ISO_IR 203".split(", "))
_FOREIGN = re.compile(r"[^\x00-\x7f]{3}|(?:^|[\^= ])[^\x00-\x7f]{2}(?:$|[\^= ])")  # no Latin name has that


def identity_of(header: Dataset) -> Identity:
    """Who the scan is of, as the file has it: name groups separated by "=", name parts by "^"."""
    return Identity(
        name=text(header, "PatientName"),
        patient_id=text(header, "PatientID"),
        birth_date=_iso(text(header, "PatientBirthDate")),
        sex=text(header, "PatientSex"),
        age=_age(header),
        study_date=_iso(text(header, "StudyDate")),
        study_description=text(header, "StudyDescription"),
        series_description=text(header, "SeriesDescription"),
        accession_number=text(header, "AccessionNumber"),
        institution=text(header, "InstitutionName"),
        indication=text(header, "ReasonForTheRequestedProcedure"),
    )


def is_undecoded(header: Dataset) -> bool:
    """Whether letters may be wrong: their character set is not named, unknown, or does not fit."""
    written = "".join(text(header, keyword) for keyword in ("PatientName", "StudyDescription", "InstitutionName"))
    sets = text(header, "SpecificCharacterSet").split("\\")
    declared = any(sets) and all(one.strip() in python_encoding for one in sets)
    if _REPLACEMENT in written or (not declared and not written.isascii()):
        return True
    return len(sets) == 1 and sets[0].strip() in _LATIN and _is_no_latin(written, python_encoding[sets[0].strip()])


def _is_no_latin(written: str, encoding: str) -> bool:
    """Whether bytes of another script were read as a Latin one, as scanners that can't change the declaration write."""
    if _FOREIGN.search(written):
        return True
    try:
        return not written.isascii() and not written.encode(encoding).decode("utf-8").isascii()
    except UnicodeError:
        return False


def is_lossy(header: Dataset) -> bool:
    """Whether the pictures were compressed with loss, once at least."""
    syntax = text(getattr(header, "file_meta", None), "TransferSyntaxUID")
    return text(header, "LossyImageCompression") == "01" or syntax in _LOSSY


def technique_of(header: Dataset) -> dict[str, Any]:
    """How the scan was made, without identity; only what was read. Keys carry their unit."""
    shared = item(header, "SharedFunctionalGroupsSequence")
    frames = header.get("PerFrameFunctionalGroupsSequence")
    first = frames[0] if frames else None

    def group(keyword: str) -> Dataset | None:
        return item(shared, keyword) or item(first, keyword)

    timing, echo = group("MRTimingAndRelatedParametersSequence"), group("MREchoSequence")
    modifier, measures = group("MRModifierSequence"), group("PixelMeasuresSequence")
    found: dict[str, Any] = {
        "modality": text(header, "Modality"),
        "manufacturer": text(header, "Manufacturer"),
        "model": text(header, "ManufacturerModelName"),
        "field_strength_t": number(header, "MagneticFieldStrength"),
        "sequence": text(header, "SequenceName") or text(header, "PulseSequenceName"),
        "scanning_sequence": " ".join(words(header, "ScanningSequence") or words(header, "EchoPulseSequence")),
        "sequence_variant": " ".join(words(header, "SequenceVariant")),
        "acquisition": text(header, "MRAcquisitionType"),
        "repetition_time_ms": _either(header, "RepetitionTime", timing, "RepetitionTime"),
        "echo_time_ms": _either(header, "EchoTime", echo, "EffectiveEchoTime"),
        "inversion_time_ms": _either(header, "InversionTime", modifier, "InversionTimes"),
        "flip_angle_deg": _either(header, "FlipAngle", timing, "FlipAngle"),
        "slice_thickness_mm": _either(header, "SliceThickness", measures, "SliceThickness"),
        "contrast_agent": contrast_agent(header),
    }
    return {key: value for key, value in found.items() if value not in (None, "")}


def contrast_agent(header: Dataset) -> str:
    """Name of the contrast agent that the header records; empty where it records none."""
    name = text(header, "ContrastBolusAgent")
    if not name:
        agent = item(header, "ContrastBolusAgentSequence")
        name = text(agent, "CodeMeaning") or text(agent, "CodeValue")
    return "" if name.upper() in ("NO", "NONE", "N", "0", "NO CONTRAST", "WITHOUT") else name


def source_of(header: Dataset, stack: Stack, canonical: Array | None) -> dict[str, Any]:
    """Enough to export results without the source files (identity-bearing), as plain JSON.

    Args:
        header: of the first file.
        stack: order of the slices and their grid.
        canonical: (3, 2) from the source grid to the canonical one, as `closest_canonical` gives it; None where the
            scan was resampled, so that only the affines lead from one to the other.

    Returns:
        Elements by keyword; `grid`: size and affine of the source grid (i = column, j = row, k = slice, which grows
        along the normal of the slices); `slices`: for each k the SOP instance and the frame in it.
    """
    return {
        "schema": 1,
        "sop_class_uid": text(header, "SOPClassUID"),
        "frame_of_reference_uid": text(header, "FrameOfReferenceUID"),
        "patient": _elements(header, PATIENT_TAGS),
        "study": _elements(header, STUDY_TAGS),
        "series": _elements(header, SERIES_TAGS),
        "equipment": _elements(header, EQUIPMENT_TAGS),
        "grid": {
            "columns": stack.shape[0],
            "rows": stack.shape[1],
            "slices": stack.shape[2],
            "affine_ras_mm": stack.affine.tolist(),
            "canonical_axis_and_flip": None if canonical is None else canonical.tolist(),
            "resampled": canonical is None,
        },
        "slices": [_slice(k, frame) for k, frame in enumerate(stack.frames)],
    }


def _slice(k: int, frame: Frame) -> dict[str, Any]:
    return {
        "k": k,
        "sop_instance_uid": frame.sop_instance_uid,
        "frame_number": frame.number,
        "image_position_patient": list(frame.position or ()),
    }


def _elements(header: Dataset, keywords: tuple[str, ...]) -> dict[str, str]:
    return {keyword: value for keyword in keywords if (value := text(header, keyword))}


def _either(header: Dataset, keyword: str, group: Dataset | None, grouped: str) -> float | None:
    value = number(header, keyword)
    return number(group, grouped) if value is None else value


def _date(written: str) -> date | None:
    digits = re.fullmatch(r"(\d{4})[.\-]?(\d{2})[.\-]?(\d{2})", written)
    try:
        return date(int(digits[1]), int(digits[2]), int(digits[3])) if digits else None
    except ValueError:
        return None


def _iso(written: str) -> str:
    day = _date(written)
    return day.isoformat() if day else written


def _age(header: Dataset) -> str:
    """Whole years at the study: as recorded (041Y, 018M, ...), else from the date of birth."""
    recorded = re.fullmatch(r"(\d{1,3})([DWMY])", text(header, "PatientAge"))
    if recorded:
        years = int(recorded[1]) / {"D": 365.25, "W": 52.18, "M": 12, "Y": 1}[recorded[2]]
        return str(int(years))
    born, studied = _date(text(header, "PatientBirthDate")), _date(text(header, "StudyDate"))
    if not born or not studied or studied < born:
        return ""
    return str(studied.year - born.year - ((studied.month, studied.day) < (born.month, born.day)))
