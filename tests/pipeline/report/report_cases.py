"""Small case folders to print: a head with a bright lesion on the patient's right, and its layers."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import CLASSES, Identity, Volume
from vb_desktop.pipeline.case_folder import Case, read_case, write_identity, write_record, write_volume
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
from vb_desktop.pipeline.measurement.measure import measure

LESION_MM = np.array([32.0, -8.0, 14.0])
"""Centre of the lesion, RAS+ mm: the patient's right."""
LESION_RADII = np.array([15.0, 12.0, 11.0])
IDENTITY = Identity(
    name="Doe^Jane",
    patient_id="MRN-004711",
    birth_date="1971-03-05",
    sex="F",
    age="55",
    study_date="2026-11-20",
    study_description="MRI head with contrast agent",
    series_description="t1_mprage_sag_p2_iso_ce",
    institution="General Hospital",
)


def grid(spacing: tuple[float, float, float], angle: float = 0.0) -> tuple[tuple[int, ...], np.ndarray]:
    """A field of view of about 190 x 220 x 170 mm around the origin, tilted about the right-left axis."""
    shape = tuple(round(fov / mm) for fov, mm in zip((190.0, 220.0, 170.0), spacing, strict=True))
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    affine = np.eye(4)
    affine[:3, :3] = np.array([[1, 0, 0], [0, c, -s], [0, s, c]]) @ np.diag(spacing)
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return shape, affine


@cache
def head(spacing: tuple[float, float, float], angle: float = 0.0) -> dict[str, Volume]:
    """Scan, brain mask, priors and Grad-CAM of the phantom on one grid."""
    shape, affine = grid(spacing, angle)
    ijk = np.moveaxis(np.indices(shape), 0, -1).astype(np.float64)
    x = ijk @ affine[:3, :3].T + affine[:3, 3]
    brain = np.linalg.norm(x / [66.0, 84.0, 62.0], axis=-1)
    skull = np.linalg.norm(x / [78.0, 96.0, 74.0], axis=-1)
    ventricle = np.linalg.norm((x - [0, 5, 10]) / [7.0, 24.0, 10.0], axis=-1)
    lesion = np.linalg.norm((x - LESION_MM) / LESION_RADII, axis=-1)
    folds = np.sin(x[..., 0] / 4.0) * np.sin(x[..., 1] / 4.5) * np.sin(x[..., 2] / 5.0)
    noise = np.random.default_rng(7).normal(0, 14, shape)
    scan = np.where(brain < 1, 560 + 60 * folds + 120 * (brain < 0.8), np.where(skull < 1, 190, 0))
    scan = np.where((skull < 1) & (skull > 0.93), 720, scan)
    scan = np.where(ventricle < 1, 220, scan)
    scan = np.where(lesion < 1, np.where(lesion < 0.6, 480, 1150), scan) + noise * (skull < 1)
    soft = {
        "refined_prior": 1 / (1 + np.exp(8 * (lesion - 1.08))),
        "coarse_prior": 1 / (1 + np.exp(8 * (np.abs((x - LESION_MM) / LESION_RADII).max(axis=-1) - 1.12))),
        "grad_cam": np.exp(-((np.linalg.norm((x - LESION_MM - [3, 2, 0]) / 22.0, axis=-1)) ** 2)),
    }
    layers = {name: Volume((values * (brain < 1)).astype(np.float32), affine) for name, values in soft.items()}
    return layers | {
        "scan": Volume(scan.astype(np.float32), affine),
        "brain_mask": Volume((brain < 1).astype(np.uint8), affine),
    }


def boxes(source: str = "builtin") -> list[BoxRecord]:
    """One box a millimetre through the lesion; MNI and native space are the same here."""
    found = []
    for z in range(-10, 11, 1):
        half = LESION_RADII * np.sqrt(1 - (z / 11.5) ** 2) + 2
        (x0, y0, _), (x1, y1, _) = LESION_MM - half, LESION_MM + half
        height = float(LESION_MM[2] + z)
        corners = ((x0, y0, height), (x1, y0, height), (x1, y1, height), (x0, y1, height))
        index = [round(v + 110) for v in (x0, x1, y0, y1)]
        found.append(
            BoxRecord(
                id=f"b{z + 10}",
                k=int(height) + 72,
                i0=index[0],
                i1=index[1],
                j0=index[2],
                j1=index[3],
                confidence=0.8,
                source=source,
                native_corners_mm=corners,
                text="bright against the other side",
            )
        )
    return found


def gate(id_: str, state: str, sentence: str = "case.unexpected") -> GateRecord:
    return GateRecord(id=id_, state=state, value=0.91, threshold=0.85, message=MessageRecord(id=sentence))


def record_of(measurements: list[MeasurementRecord], **changes: Any) -> CaseRecord:
    """A finished case; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "case_id": "phantom-01",
        "status": "done",
        "created": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        "synthetic": True,
        "technique": {"modality": "MR", "field_strength_t": 3.0, "repetition_time_ms": 2000.0, "echo_time_ms": 2.98},
        "slices_looked_at": 141,
        "config": Config().model_dump(),
        "provenance": ProvenanceRecord(
            version="0.1.0",
            packages={"torch": "2.13.0", "antspyx": "0.6.3", "monai": "1.6.1"},
            models={"diagnoser": "ab" * 32, "hd-bet-0": "cd" * 32},
            template="MNI152 2009 1 mm",
            demo_model=True,
        ),
        "stages": {
            "open": StageRecord(state="done", seconds=1.2, inputs="0" * 64),
            "process": StageRecord(
                state="done", seconds=61.5, inputs="1" * 64,
                parts={"skull_stripping": 21.4, "bias_field": 11.0, "registration": 29.1},
            ),
            "localize": StageRecord(state="done", seconds=12.1, inputs="2" * 64, parts={"boxes": 2.0}),
            "diagnose": StageRecord(state="done", seconds=19.0, inputs="3" * 64, parts={"grad_cam": 13.2}),
        },
        "gates": [gate("brain_volume", "green"), gate("registration", "amber")],
        "boxes": boxes(),
        "measurements": measurements,
        "diagnosis": DiagnosisRecord(
            classes=dict(zip(CLASSES, (0.17, 0.6832, 0.1, 0.0468), strict=True)),
            set90=["pcnsl", "glioma"],
            abstain=True,
            ood={"score": 1.31, "threshold": 2.4, "state": "in"},
            cam_in_prior={"pcnsl": 0.64},
        ),
    }  # fmt: skip
    return CaseRecord(**(fields | changes))


def write_case(
    folder: Path,
    identity: Identity = IDENTITY,
    spacing: tuple[float, float, float] = (2.5, 2.5, 4.0),
    angle: float = 0.0,
    layers: bool = True,
    **changes: Any,
) -> Case:
    """Write a case folder with the phantom's volumes; `changes` replace fields of the record."""
    volumes = head(spacing, angle)
    for key in ("scan", "brain_mask"):
        write_volume(folder / f"{key}.nii.gz", volumes[key])
    measured: list[MeasurementRecord] = []
    if layers:
        for key in ("coarse_prior", "refined_prior"):
            write_volume(folder / "native" / f"{key}.nii.gz", volumes[key])
        write_volume(folder / "native" / "grad_cam_pcnsl.nii.gz", volumes["grad_cam"])
        measured = measure(volumes["refined_prior"], volumes["scan"], volumes["refined_prior"])
    write_record(folder, record_of(**({"measurements": measured} | changes)))
    write_identity(folder, identity)
    return read_case(folder)
