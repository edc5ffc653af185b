"""A copy of a case that says nothing of whose it is: exports and the report are made from it as from any other."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case import Identity, Volume
from vb_desktop.pipeline.case_folder import Case, read_case, write_identity, write_record, write_volume
from vb_desktop.pipeline.case_record import NO_TIME, CaseRecord
from vb_desktop.pipeline.deidentify.confidentiality_profile import ConfidentialityProfile
from vb_desktop.pipeline.deidentify.identity_strings import IdentityStrings
from vb_desktop.pipeline.reading import Reading, read_reading, write_reading

READER = "reader"
REMOVED = "[removed]"
_SETTINGS_OUT = frozenset({"institution", "logo", "url"})
"""Settings that name a hospital or a server; those that hold a path are left out too."""
_TECHNIQUE_TEXTS = ("modality", "manufacturer", "model", "scanning_sequence", "sequence_variant", "acquisition")


def deidentified_case(case: Case, folder: Path, profile: ConfidentialityProfile, strings: IdentityStrings) -> Case:
    """Write the copy.

    Names, numbers, dates, free texts of readers and servers, and institution are taken out; sizes, boxes, priors,
    probabilities and remarks stay. Of the scan only the brain stays, because a face can be recognised.

    Args:
        case: with its identity.
        folder: of the copy; made.
        profile: gives pseudonym and UIDs.
        strings: whatever of them is left in a text of the record is replaced too.
    """
    folder.mkdir(parents=True)
    write_record(folder, _record(case.record, profile.pseudonym, strings))
    write_identity(folder, Identity(name=profile.pseudonym, patient_id=profile.pseudonym))
    for path in sorted(case.folder.rglob("*.nii.gz")):
        if path.name != "scan.nii.gz":
            _link(path, folder / path.relative_to(case.folder))
    if (brain := _brain_only(case)) is not None:
        write_volume(folder / "scan.nii.gz", brain)
    write_reading(folder, _reading(read_reading(case.folder)))
    source = case.folder / "source_dicom.json"
    if source.is_file():
        write_text(folder / source.name, json.dumps(_source(json.loads(source.read_text("utf-8")), profile)))
    return read_case(folder)


def _record(record: CaseRecord, pseudonym: str, strings: IdentityStrings) -> CaseRecord:
    technique = {
        key: value for key, value in record.technique.items() if not isinstance(value, str) or key in _TECHNIQUE_TEXTS
    }
    if record.technique.get("contrast_agent"):
        technique["contrast_agent"] = "recorded"
    signoff = None
    if record.signoff is not None:
        impression = dict(record.signoff.get("impression") or {})
        impression.pop("note", None)
        signoff = {"reader": READER} | ({"impression": impression} if impression else {})
    clean = record.model_copy(
        update={
            "case_id": pseudonym,
            "created": NO_TIME,
            "technique": technique,
            "config": _settings(record.config),
            "signoff": signoff,
            "stages": {
                name: stage.model_copy(update={"inputs": "", "files": {}}) for name, stage in record.stages.items()
            },
            "gates": [
                gate.model_copy(update={"accepted_by": READER if gate.accepted_by else None}) for gate in record.gates
            ],
            "boxes": [
                box.model_copy(update={"text": "", "time": "", "author": READER if box.author else ""})
                for box in record.boxes
            ],
            "box_edits": [edit.model_copy(update={"author": READER, "time": ""}) for edit in record.box_edits],
        }
    )
    return CaseRecord.model_validate(_without(clean.model_dump(mode="json", by_alias=True), strings.sought))


def _reading(reading: Reading) -> Reading:
    """Without authors, times and notes."""
    nobody = {"author": READER, "time": ""}
    said, region = reading.impression, reading.region
    return reading.model_copy(
        update={
            "measurements": [one.model_copy(update=nobody) for one in reading.measurements],
            "impression": None if said is None else said.model_copy(update=nobody | {"note": ""}),
            "ratings": [one.model_copy(update=nobody) for one in reading.ratings],
            "region": None if region is None else region.model_copy(update=nobody),
        }
    )


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    def plain(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(name, one) for name, one in value.items()}
        if key.rpartition(".")[2] in _SETTINGS_OUT or (isinstance(value, str) and ("/" in value or "\\" in value)):
            return ""
        return value

    return {key: plain(key, value) for key, value in config.items()}


def _without(value: Any, strings: frozenset[str]) -> Any:
    """The same with every text that holds one of the strings replaced."""
    if isinstance(value, dict):
        return {key: _without(one, strings) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, strings) for one in value]
    if isinstance(value, str) and any(_stands_in(text, value) for text in strings):
        return REMOVED
    return value


def _stands_in(text: str, value: str) -> bool:
    """Whether it is there, not as a part of a longer word or number."""
    if text.casefold() not in value.casefold():
        return False
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(text)}(?![0-9A-Za-z])", value, re.IGNORECASE) is not None


def _source(described: dict[str, Any], profile: ConfidentialityProfile) -> dict[str, Any]:
    study, series = described["study"], described["series"]
    frame = profile.uid(described["frame_of_reference_uid"])
    kept = {key: series[key] for key in ("Modality", "PatientPosition", "SeriesNumber") if key in series}
    equipment = described.get("equipment", {})
    return described | {
        "frame_of_reference_uid": frame,
        "patient": {"PatientName": profile.pseudonym, "PatientID": profile.pseudonym},
        "study": {"StudyInstanceUID": profile.uid(study["StudyInstanceUID"])},
        "series": kept
        | {"SeriesInstanceUID": profile.uid(series["SeriesInstanceUID"])}
        | ({"FrameOfReferenceUID": frame} if "FrameOfReferenceUID" in series else {}),
        "equipment": {key: equipment[key] for key in ("Manufacturer", "ManufacturerModelName") if key in equipment},
        "slices": [
            place | {"sop_instance_uid": profile.uid(place["sop_instance_uid"])} for place in described["slices"]
        ],
    }


def _brain_only(case: Case) -> Volume | None:
    """The scan without what lies outside brain and localised region; None where the brain is not known."""
    scan, mask, prior = case.volume("scan"), case.volume("brain_mask"), case.volume("refined_prior", "native")
    if scan is None or mask is None or mask.voxels.shape != scan.voxels.shape:
        return None
    inside = mask.voxels > 0
    if prior is not None and prior.voxels.shape == inside.shape:
        inside = inside | (prior.voxels > 0.5)
    return scan.like(np.where(inside, scan.voxels, min(0.0, float(scan.voxels.min()))).astype(scan.voxels.dtype))


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that has no links
        shutil.copyfile(source, target)
