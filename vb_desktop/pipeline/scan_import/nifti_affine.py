"""Where the voxels of a NIfTI lie: sform or qform, in millimetres."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message

_UNITS = {1: (1000.0, "metres"), 2: (1.0, ""), 3: (0.001, "micrometres")}
_AGREE_MM = 0.1
_TEMPLATE_CODES = (3, 4, 5)  # Talairach, MNI, other template: that sform may scale the head
_PATIENT_CODES = (1, 2)


def nifti_affine(header: Any, shape: tuple[int, int, int]) -> tuple[Array, tuple[Message, ...]]:
    """Choose the transform that the header gives.

    The sform is used, as most programs do, unless it leads to a template and the qform to the patient: volumes are
    measured in the patient's own millimetres.

    Args:
        header: nibabel NIfTI-1 or NIfTI-2 header, not checked.
        shape: voxels along I, J, K.

    Returns:
        float64 (4, 4), voxel index -> RAS+ mm; and what the reader must know.

    Raises:
        UnreadableScan: no transform, or none that can be used.
    """
    if not np.isfinite(np.asarray(header["pixdim"][1:4], dtype=np.float64)).all():
        raise UnreadableScan("scan_import.spacing")
    remarks: list[Message] = []
    unit_code = int(header["xyzt_units"]) & 0x07
    factor, unit = _UNITS.get(unit_code, (1.0, ""))
    if unit_code and unit_code not in _UNITS:
        remarks.append(Message("scan_import.units_unknown"))
    if unit:
        remarks.append(Message("scan_import.units", {"unit": unit}))
    codes = {"sform": int(header["sform_code"]), "qform": int(header["qform_code"])}
    if max(codes.values()) <= 0:
        raise UnreadableScan("scan_import.no_orientation")
    forms = {
        name: form for name, code in codes.items() if code > 0 and (form := _form(header, name, factor)) is not None
    }
    if not forms:
        raise UnreadableScan("scan_import.singular", which=" and ".join(n for n, code in codes.items() if code > 0))
    used, unused = ("sform", "qform") if "sform" in forms else ("qform", "sform")
    if codes[unused] > 0 and unused not in forms:
        remarks.append(Message("scan_import.form_unusable", {"used": used, "unused": unused}))
    if len(forms) == 2:
        distance = _distance_mm(forms["sform"], forms["qform"], shape)
        if distance > _AGREE_MM:
            if codes["sform"] in _TEMPLATE_CODES and codes["qform"] in _PATIENT_CODES:
                used = "qform"
            remarks.append(Message("scan_import.forms_disagree", {"mm": f"{distance:.1f}", "used": used}))
            if _disagree_on_side(forms["sform"], forms["qform"]):
                remarks.append(Message("scan_import.forms_disagree_on_side", {"used": used}))
    elif used == "sform" and codes["qform"] <= 0 and not _spacing_fits(header, forms["sform"], factor):
        remarks.append(Message("scan_import.voxel_size_disagrees"))
    return forms[used], tuple(remarks)


def _form(header: Any, name: str, factor: float) -> Array | None:
    try:
        form = np.array(header.get_sform() if name == "sform" else header.get_qform(), dtype=np.float64)
    except Exception:  # a quaternion that is none; nibabel has several errors for it
        return None
    form[:3] *= factor
    if not np.isfinite(form).all() or np.abs(form).max() > 1e6:
        return None
    edges = np.linalg.norm(form[:3, :3], axis=0)
    if edges.min() < 1e-4 or abs(np.linalg.det(form[:3, :3] / edges)) < 1e-3:
        return None
    return form


def _distance_mm(one: Array, other: Array, shape: tuple[int, int, int]) -> float:
    corners = np.array([(*corner, 1) for corner in product(*((0, n - 1) for n in shape))], dtype=np.float64)
    return float(np.linalg.norm(corners @ (one - other).T, axis=1).max())


def _disagree_on_side(one: Array, other: Array) -> bool:
    axis = int(np.argmax(np.abs(one[0, :3]) / np.linalg.norm(one[:3, :3], axis=0)))
    return bool(one[0, axis] * other[0, axis] < 0)


def _spacing_fits(header: Any, sform: Array, factor: float) -> bool:
    written = np.abs(np.asarray(header["pixdim"][1:4], dtype=np.float64)) * factor
    edges = np.linalg.norm(sform[:3, :3], axis=0)
    return bool(np.allclose(written, edges, rtol=0.01) or not written.any())
