"""What is in a folder or a DICOM file: every series with its kind, geometry and T1-CE likelihood, by headers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.progress import OnProgress, ignore
from vb_desktop.pipeline.scan_import.content import Content
from vb_desktop.pipeline.scan_import.dicom_folder import read_series
from vb_desktop.pipeline.scan_import.dicom_frame import Frame
from vb_desktop.pipeline.scan_import.dicom_geometry import count_positions, stack
from vb_desktop.pipeline.scan_import.dicom_identity import technique_of
from vb_desktop.pipeline.scan_import.dicom_values import text, words
from vb_desktop.pipeline.scan_import.open_scan import content_at
from vb_desktop.pipeline.scan_import.quiet import quiet
from vb_desktop.pipeline.scan_import.series import Series, propose_series
from vb_desktop.pipeline.scan_import.t1ce_likelihood import T1CELikelihood, t1ce_likelihoods

_PLANES = ("sagittal", "coronal", "axial")  # by the axis of the patient that the normal follows
_OBLIQUE_DEGREES = 10.0


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where the slices of a series lie.

    Attributes:
        columns: voxels along a row.
        rows: voxels along a column.
        slices: different places of slices.
        spacing_mm: between columns, between rows, between slices; None where it is not known or not the same.
        orientation: axial, coronal or sagittal, with "oblique" before it from 10 degrees on; mixed; empty if unknown.
        problem: why the slices can't be stacked to a volume; None where they can.
    """

    columns: int
    rows: int
    slices: int
    spacing_mm: tuple[float | None, float | None, float | None]
    orientation: str
    problem: Message | None


@dataclass(frozen=True, slots=True)
class ListedSeries:
    """One series as it is shown to the one who chooses.

    Attributes:
        uid: Series Instance UID.
        number: Series Number, or a question mark.
        description: the scanner operator's words; may hold identity, so it is shown and never stored.
        modality: as in the header.
        kind: what it is, e.g. "3D T1", "localiser", "CT".
        images: slices in all, those at one place counted singly.
        geometry: None where the files are no images.
        t1ce: likelihood with reasons.
        why_unusable: why it is plainly no 3D MRI of a head; None where it may be one.
    """

    uid: str
    number: str
    description: str
    modality: str
    kind: str
    images: int
    geometry: Geometry | None
    t1ce: T1CELikelihood
    why_unusable: Message | None


@dataclass(frozen=True, slots=True)
class SeriesList:
    """All series under a path, in the order of their numbers.

    Attributes:
        series: at least one.
        proposed_uid: the one that is clearly the contrast-enhanced T1; None where none is.
        proposal: the same in words.
    """

    series: tuple[ListedSeries, ...]
    proposed_uid: str | None
    proposal: Message


def list_series(path: Path, on_progress: OnProgress = ignore) -> SeriesList:
    """List the series under a path.

    Args:
        path: a DICOM file or a folder (subfolders included).
        on_progress: hears of the files read.

    Raises:
        UnreadableScan: there is no DICOM, or a damaged file.
    """
    path = Path(path)
    if content_at(path) is Content.NIFTI:
        raise UnreadableScan("scan_import.nifti_has_no_series")
    with quiet():
        try:
            found = read_series(path, on_progress)
        except OSError as error:
            raise UnreadableScan("scan_import.no_access", cause=error.strerror or "it is refused") from error
        likelihoods = t1ce_likelihoods([series.header for series in found])
        listed = tuple(_listed(series, t1ce) for series, t1ce in zip(found, likelihoods, strict=True))
        proposal = propose_series(found)
    return SeriesList(listed, proposal.series.uid if proposal.series else None, proposal.message)


def _listed(series: Series, t1ce: T1CELikelihood) -> ListedSeries:
    header = series.header
    why = series.why_unusable
    if why is None and series.patients > 1:
        why = Message("scan_import.several_patients", {"count": series.patients})
    return ListedSeries(
        uid=series.uid,
        number=series.number,
        description=text(header, "SeriesDescription"),
        modality=text(header, "Modality"),
        kind=_kind(series, t1ce),
        images=len(series.frames),
        geometry=_geometry(series.frames) if series.frames else None,
        t1ce=t1ce,
        why_unusable=why,
    )


def _kind(series: Series, t1ce: T1CELikelihood) -> str:
    modality = text(series.header, "Modality").upper()
    if not series.frames:
        return "no images"
    if modality != "MR":
        return modality[:16] or "unknown"
    if t1ce.weighting == "localiser" or "LOCALIZER" in words(series.header, "ImageType"):
        return "localiser"
    acquired = technique_of(series.header).get("acquisition", "")
    dimension = acquired if acquired in ("2D", "3D") else ""
    return f"{dimension} {t1ce.weighting or 'MRI'}".strip()


def _geometry(frames: Sequence[Frame]) -> Geometry:
    first = frames[0]
    try:
        stacked = stack(frames)
    except UnreadableScan as error:
        same = len({(frame.rows, frame.columns, frame.pixel_spacing) for frame in frames}) == 1
        row_mm, column_mm = first.pixel_spacing if same and first.pixel_spacing else (None, None)
        in_plane = _rounded(column_mm), _rounded(row_mm)
        slices = count_positions(frames)
        return Geometry(first.columns, first.rows, slices, (*in_plane, None), _orientation(frames), error.message)
    edges = [float(edge) for edge in np.linalg.norm(stacked.affine[:3, :3], axis=0)]
    spacing = (_rounded(edges[0]), _rounded(edges[1]), _rounded(edges[2]))
    return Geometry(*stacked.shape, spacing, _orientation(frames), None)


def _orientation(frames: Sequence[Frame]) -> str:
    given = [frame.orientation for frame in frames if frame.orientation]
    if not given:
        return ""
    axes = np.array(given, dtype=np.float64).reshape(-1, 2, 3)
    if np.abs(axes - axes[0]).max() > 0.005:
        return "mixed"
    normal = np.cross(axes[0, 0], axes[0, 1])
    length = float(np.linalg.norm(normal))
    if length < 1e-6:
        return ""
    along = np.abs(normal) / length
    axis = int(np.argmax(along))
    degrees = float(np.degrees(np.arccos(np.clip(along[axis], 0, 1))))
    return f"oblique {_PLANES[axis]}" if degrees >= _OBLIQUE_DEGREES else _PLANES[axis]


def _rounded(mm: float | None) -> float | None:
    return None if mm is None else round(mm, 4)
