"""How far the middle of the brain is pushed aside, read from the alignment with the symmetric template.

The template's midline is carried into the patient. A plane is laid through it where the falx holds it, in front and
behind; the shift is how far septum pellucidum and third ventricle lie from that plane. It can only be read where the
alignment bent the image, and it shows what the alignment followed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vb_desktop.pipeline.case import Array, ProcessedScan
from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.measurement.item import NOT_ASSESSED, item

STEP_MM = 3.0
FALX = ((54.0, 70.0, 0.0, 45.0), (-98.0, -74.0, 5.0, 45.0))
"""y from, y to, z from, z to of the midline in front and behind, MNI mm."""
MIDDLE: dict[str, tuple[float, float, float, float]] = {
    "septum": (0.0, 18.0, 4.0, 18.0),
    "third_ventricle": (-22.0, -4.0, -6.0, 3.0),
}


def midline_shift(processed: ProcessedScan) -> MeasurementRecord:
    """Measure the larger of the shifts of septum pellucidum and third ventricle, in the patient's own millimetres."""
    value: Any = NOT_ASSESSED
    if any("warp" in name for name in processed.transforms.forward):
        value = _value(processed)
    return item("midline_shift", value, "mm")


def _value(processed: ProcessedScan) -> dict[str, Any]:
    middle, normal = _plane(processed.points_to_native(np.concatenate([_midline(*part) for part in FALX])))
    shifts = {}
    for name, part in MIDDLE.items():
        points = processed.points_to_native(_midline(*part))
        shifts[name] = float(np.mean((points - middle) @ normal))
    at = max(shifts, key=lambda name: abs(shifts[name]))
    shift = shifts[at]
    return {"shift_mm": round(abs(shift), 1), "towards": "right" if shift > 0 else "left", "at": at}


def _midline(y0: float, y1: float, z0: float, z1: float) -> Array:
    y, z = np.meshgrid(np.arange(y0, y1 + 0.1, STEP_MM), np.arange(z0, z1 + 0.1, STEP_MM), indexing="ij")
    return np.stack([np.zeros(y.size), y.ravel(), z.ravel()], axis=1)


def _plane(points: Array) -> tuple[Array, Array]:
    """A point of the plane of least squares, and its normal towards the patient's right."""
    middle = points.mean(axis=0)
    normal = np.linalg.svd(points - middle, full_matrices=False)[2][2]
    return middle, normal if normal[0] > 0 else -normal
