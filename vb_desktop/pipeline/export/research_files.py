"""Volumes and tables of a case for research: plain NIfTI, CSV and JSON, without identity."""

from __future__ import annotations

import csv
import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.export.made_by import MadeBy


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
    made = MadeBy.of(case)
    face = "brain only, face removed" if case.record.deidentified else "face not removed"
    lines = [*made.warnings, "Native space of the scan, RAS+ millimetres. A mask is prior > 0.5.", f"scan: {face}."]
    readme = folder / f"{case.record.case_id}_README.txt"
    write_text(readme, "\n".join(lines) + "\n")
    return [*written, readme]


def export_tables(case: Case, folder: Path) -> list[Path]:
    """Write measurements, boxes and probabilities as CSV, and all of `case.json` beside them."""
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
        write_text(target, _csv(rows))
        written.append(target)
    target = folder / f"{stem}_case.json"
    write_text(target, record.model_dump_json(by_alias=True, indent=2))
    return [*written, target]


def _csv(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return ""
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows([{key: _harmless(cell) for key, cell in row.items()} for row in rows])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    """Words of a server's must not become a formula when a spreadsheet opens the table."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, int | float | str) else json.dumps(value)
