"""Volumes and tables of a case for research: plain NIfTI, CSV and JSON, without identity."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.export.made_by import MadeBy
from vb_desktop.pipeline.reading import READING, REGION, read_reading
from vb_desktop.pipeline.spreadsheet import csv_text


def export_volumes(case: Case, folder: Path) -> list[Path]:
    """Copy the native-space volumes as NIfTI, with a README that says what they are."""
    written = []
    names = ["scan", "brain_mask"] + [
        p.name.removesuffix(".nii.gz") for p in sorted((case.folder / "native").glob("*.nii.gz"))
    ]
    for name in names:
        source = case.path(name, "native")
        if source.is_file():
            target = folder / f"{case.record.case_id}_{name}.nii.gz"
            with atomic_path(target) as temporary:
                shutil.copyfile(source, temporary)
            written.append(target)
    region = case.folder / REGION
    if region.is_file():
        target = folder / f"{case.record.case_id}_{REGION}"
        with atomic_path(target) as temporary:
            shutil.copyfile(region, temporary)
        written.append(target)
    made = MadeBy.of(case)
    face = "brain only, face removed" if case.record.deidentified else "face not removed"
    lines = [*made.warnings, "Native space of the scan, RAS+ millimetres. A mask is prior > 0.5.", f"scan: {face}."]
    readme = folder / f"{case.record.case_id}_README.txt"
    write_text(readme, "\n".join(lines) + "\n")
    return [*written, readme]


def export_tables(case: Case, folder: Path) -> list[Path]:
    """Write measurements, boxes and probabilities as CSV, and all of `case.json` and `reading.json` beside them."""
    record = case.record
    stem = record.case_id
    warning = " ".join(MadeBy.of(case).warnings)
    measured = [
        {"case_id": stem, "id": item.id, "value": _plain(item.value), "unit": item.unit, "space": item.space,
         "method": item.method, "warning": warning}
        for item in record.measurements
    ]  # fmt: skip
    if record.diagnosis is not None and case.shows_diagnosis:
        measured += [
            {"case_id": stem, "id": f"probability_{name}", "value": f"{p:.4f}", "unit": "", "space": "",
             "method": "3D CNN with Masked Channel Attention", "warning": warning}
            for name, p in record.diagnosis.classes.items()
        ]  # fmt: skip
    boxes = [box.model_dump(mode="json", exclude={"native_corners_mm"}) | {"case_id": stem} for box in record.boxes]
    written = []
    for name, rows in (("measurements", measured), ("boxes", boxes)):
        target = folder / f"{stem}_{name}.csv"
        write_text(target, csv_text(list(rows[0]), rows) if rows else "")
        written.append(target)
    target = folder / f"{stem}_case.json"
    write_text(target, record.model_dump_json(by_alias=True, indent=2))
    written.append(target)
    if (case.folder / READING).is_file():
        target = folder / f"{stem}_{READING}"
        write_text(target, read_reading(case.folder).model_dump_json(by_alias=True, indent=2))
        written.append(target)
    return written


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, int | float | str) else json.dumps(value)
