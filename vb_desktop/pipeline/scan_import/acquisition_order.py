"""When the volumes of a study were acquired, and what their order says: contrast agent is given once, on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from pydicom.dataset import Dataset

from vb_desktop.pipeline.scan_import.dicom_identity import technique_of
from vb_desktop.pipeline.scan_import.dicom_values import number, numbers, text
from vb_desktop.pipeline.scan_import.series_words import contrast_named, labels_blood

_APART_S = 60  # series made from another (reformats) carry its time
_TIMES_ALIKE = 0.05
_SAME_DIRECTION = 0.98  # cosine, 11 degrees


@dataclass(frozen=True, slots=True)
class Acquisition:
    """When and how a volume was acquired; None or empty where the header doesn't say it.

    Attributes:
        study: Study Instance UID.
        time: of the first image.
        weighting: as `T1CELikelihood.weighting`.
        with_contrast: the operator's words say that contrast agent was given.
        without_contrast: they say that it was not.
        gives_contrast: a perfusion series that takes contrast agent, not one that labels the blood.
        times_ms: TR and TE.
        matrix: rows and columns.
        normal: of the slices, LPS.
    """

    study: str
    time: datetime | None
    weighting: str
    with_contrast: bool
    without_contrast: bool
    gives_contrast: bool
    times_ms: tuple[float | None, float | None]
    matrix: tuple[float | None, float | None]
    normal: tuple[float, ...] | None


def acquisition_of(header: Dataset, weighting: str) -> Acquisition:
    """When and how the volume of a header was acquired."""
    description = text(header, "SeriesDescription")
    with_, without = contrast_named(description)
    technique = technique_of(header)
    directions = numbers(header, "ImageOrientationPatient", 6)
    return Acquisition(
        study=text(header, "StudyInstanceUID"),
        time=acquired_at(header),
        weighting=weighting,
        with_contrast=bool(with_) and not without,
        without_contrast=bool(without) and not with_,
        gives_contrast=weighting == "perfusion" and not labels_blood(description),
        times_ms=(technique.get("repetition_time_ms"), technique.get("echo_time_ms")),
        matrix=(number(header, "Rows"), number(header, "Columns")),
        normal=tuple(np.cross(directions[:3], directions[3:]).tolist()) if directions else None,
    )


def told_by_order(seen: Sequence[Acquisition], n: int) -> str:
    """The strongest sign that the order of a study gives for one of its T1 volumes: id of its sentence, or nothing.

    Args:
        seen: all volumes.
        n: which of them.
    """
    own = seen[n]
    others = [one for m, one in enumerate(seen) if m != n and one.study and one.study == own.study]
    if any(one.gives_contrast and _is_later(own, one) for one in others):
        return "scan_import.reason_after_perfusion"
    twins = [one for one in others if one.weighting == "T1" and _have_same_times(own, one)]
    before = [one for one in twins if _is_later(own, one) and not one.with_contrast]
    after = [one for one in twins if _is_later(one, own) and not one.without_contrast]
    if any(_have_same_geometry(own, one) for one in before):
        return "scan_import.reason_after_geometry_twin"
    if before:
        return "scan_import.reason_after_twin"
    if any(_have_same_geometry(own, one) for one in after):
        return "scan_import.reason_before_geometry_twin"
    return "scan_import.reason_before_twin" if after else ""


def acquired_at(header: Dataset) -> datetime | None:
    """When the first image of a volume was acquired; None where the header doesn't say it."""
    day = text(header, "AcquisitionDate") or text(header, "SeriesDate") or text(header, "StudyDate")
    time = text(header, "AcquisitionTime") or text(header, "SeriesTime")
    written = text(header, "AcquisitionDateTime") or day.replace(".", "") + time.replace(":", "")
    digits = re.match(r"\d{14}", written)
    try:
        return datetime.strptime(digits[0], "%Y%m%d%H%M%S") if digits else None
    except ValueError:
        return None


def _is_later(one: Acquisition, other: Acquisition) -> bool:
    return bool(one.time and other.time and (one.time - other.time).total_seconds() > _APART_S)


def _have_same_times(one: Acquisition, other: Acquisition) -> bool:
    pairs = zip(one.times_ms, other.times_ms, strict=True)
    return all(a and b and abs(a - b) <= _TIMES_ALIKE * max(a, b) for a, b in pairs)


def _have_same_geometry(one: Acquisition, other: Acquisition) -> bool:
    if None in one.matrix or one.matrix != other.matrix or one.normal is None or other.normal is None:
        return False
    return abs(float(np.dot(one.normal, other.normal))) >= _SAME_DIRECTION
