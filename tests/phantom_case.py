"""A small case folder, drawn and not computed: for tests of what is shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import CLASSES, Array, Identity, Volume
from vb_desktop.pipeline.case_folder import write_identity, write_record, write_volume
from vb_desktop.pipeline.case_record import (
    BoxRecord,
    CaseRecord,
    DiagnosisRecord,
    GateRecord,
    MeasurementRecord,
    MessageRecord,
    ProvenanceRecord,
    StageRecord,
)
from vb_desktop.pipeline.config import Config

SHAPE = (36, 44, 32)
CENTRE = (25, 26, 18)
"""Of the tumour: i > I / 2, in the patient's right half."""
RADIUS = 5.0
NATIVE_AFFINE = np.array([[3.0, 0, 0, -50], [0, 3.0, 0, -60], [0, 0, 4.0, -30], [0, 0, 0, 1]])
MNI_AFFINE = np.diag([3.0, 3.0, 3.0, 1.0])
MNI_AFFINE[:3, 3] = [-54, -66, -48]


def oblique_affine(degrees: float) -> Array:
    """The native grid tilted about the right-left axis."""
    angle = np.radians(degrees)
    turn = np.eye(4)
    turn[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return turn @ NATIVE_AFFINE


def head() -> Array:
    """A bright ellipsoid, brighter where the tumour is; float32 (I, J, K)."""
    i, j, k = np.indices(SHAPE)
    middle = (np.array(SHAPE) - 1) / 2
    inside = sum(((n - m) / (0.85 * m)) ** 2 for n, m in zip((i, j, k), middle, strict=True)) < 1
    return (300.0 * inside + 500.0 * ball(1.0)).astype(np.float32)


def ball(softness: float) -> Array:
    """1 in the tumour, falling to 0 over `softness` voxels; float32 (I, J, K)."""
    i, j, k = np.indices(SHAPE)
    distance = np.sqrt(sum((n - c) ** 2 for n, c in zip((i, j, k), CENTRE, strict=True)))
    return np.clip((RADIUS - distance) / softness + 0.5, 0, 1).astype(np.float32)


def boxes(source: Any = "builtin") -> list[BoxRecord]:
    """A box on each slice of the tumour; the native grid holds the same voxels as the template's."""
    native = Volume(np.zeros(SHAPE, np.float32), NATIVE_AFFINE)
    found = []
    for k in range(CENTRE[2] - 4, CENTRE[2] + 5):
        i0, i1, j0, j1 = CENTRE[0] - 5, CENTRE[0] + 6, CENTRE[1] - 5, CENTRE[1] + 6
        corners = np.array([(i0, j0), (i1, j0), (i1, j1), (i0, j1)]) - 0.5
        mm = native.to_mm(np.column_stack([corners, np.full(4, k)]))
        found.append(
            BoxRecord(
                id=f"{source}-{k}",
                k=k,
                i0=i0,
                i1=i1,
                j0=j0,
                j1=j1,
                confidence=0.8,
                source=source,
                native_corners_mm=tuple(tuple(float(v) for v in point) for point in mm),  # type: ignore[arg-type]
            )
        )
    return found


def make_case(folder: Path, status: str = "done", affine: Array = NATIVE_AFFINE, **changes: Any) -> Path:
    """Write a case folder and return it.

    Args:
        folder: where to.
        status: as of `case.json`; what the case holds follows from it.
        affine: of the scan.
        changes: to the record.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = status in ("done", "withheld")
    native = Volume(head(), affine)
    write_volume(folder / "scan.nii.gz", native)
    if status != "partial":
        z = (head() - 300) / 100 * (head() > 0)
        write_volume(folder / "processed.nii.gz", Volume(z.astype(np.float32), MNI_AFFINE))
        write_volume(folder / "processed_mask.nii.gz", Volume((head() > 0).astype(np.uint8), MNI_AFFINE))
    grids = ((folder, MNI_AFFINE), (folder / "native", affine))
    for where, grid in grids:
        if found:
            write_volume(where / "coarse_prior.nii.gz", Volume(ball(6.0), grid))
            write_volume(where / "refined_prior.nii.gz", Volume(ball(2.0), grid))
        if status == "done":
            for n, name in enumerate(CLASSES):
                write_volume(where / f"grad_cam_{name}.nii.gz", Volume(ball(4.0 + n), grid))
    write_identity(
        folder,
        Identity(
            name="Doe^Jane",
            patient_id="4711",
            birth_date="1960-02-03",
            sex="F",
            study_date="2026-01-02",
            series_description="T1 CE",
        ),
    )
    write_record(folder, _record(status, found, changes))
    return folder


def _record(status: str, found: bool, changes: dict[str, Any]) -> CaseRecord:
    gate = {"id": "registration", "threshold": 0.9, "message": MessageRecord(id="case.research_use")}
    values: dict[str, Any] = {
        "case_id": "phantom",
        "status": status,
        "created": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "synthetic": True,
        "slices_looked_at": 32,
        "config": Config().model_dump(mode="json"),
        "provenance": ProvenanceRecord(version="0", packages={}, models={}, template="MNI152", demo_model=True),
        "stages": {} if status == "partial" else {"localize": StageRecord(state="done", seconds=1, inputs="")},
        "gates": [GateRecord(state="red" if status == "withheld" else "green", value=0.5, **gate)],
        "boxes": boxes() if found else [],
        "measurements": [MeasurementRecord(id="volume", value=12.43, unit="mL", method="Voxels above 0.5.")]
        if found
        else [],
        "diagnosis": DiagnosisRecord(
            classes={"glioma": 0.2, "pcnsl": 0.71, "germinoma": 0.06, "other": 0.03},
            set90=["pcnsl", "glioma"],
            abstain=True,
            ood={"score": 1.0, "threshold": 2.0, "state": "in"},
            cam_in_prior={"glioma": 0.5, "pcnsl": 0.62, "germinoma": 0.4, "other": 0.1},
        )
        if status == "done"
        else None,
    } | changes
    return CaseRecord(**values)


def damage(folder: Path, name: str) -> None:
    """Cut a file of a case short."""
    path = folder / name
    path.write_bytes(path.read_bytes()[:40] if not name.endswith(".json") else json.dumps({"schema": 1}).encode())
