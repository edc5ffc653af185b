"""What is under a path: every volume with its kind, geometry and T1-CE likelihood, by headers alone.

The list is plain data that can be sent to another process; `thumbnails` then shows its volumes one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.progress import OnProgress, ignore
from vb_desktop.pipeline.scan_import.acquisition_order import acquired_at
from vb_desktop.pipeline.scan_import.content import Content
from vb_desktop.pipeline.scan_import.dicom_folder import find_series
from vb_desktop.pipeline.scan_import.dicom_frame import Frame
from vb_desktop.pipeline.scan_import.dicom_geometry import Stack, count_positions, stack
from vb_desktop.pipeline.scan_import.dicom_identity import technique_of
from vb_desktop.pipeline.scan_import.dicom_values import number, text, words
from vb_desktop.pipeline.scan_import.open_scan import content_at
from vb_desktop.pipeline.scan_import.plane import plane_of
from vb_desktop.pipeline.scan_import.quiet import quiet
from vb_desktop.pipeline.scan_import.series import Series, propose_series
from vb_desktop.pipeline.scan_import.spacing import check_slice_distance
from vb_desktop.pipeline.scan_import.t1ce_likelihood import T1CELikelihood, t1ce_likelihoods


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where the slices of a volume lie.

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
class SliceFile:
    """Where the picture of one slice is.

    Attributes:
        path: of the file, or of the zip archive that it lies in.
        member: number of the file in the archive; None where it lies on the disk.
        frame: number of the frame in the file, from 1.
        rows: voxels down the picture.
        columns: voxels across the picture.
        spacing_mm: distance of rows, of columns.
        orientation: Image Orientation (Patient); None where it isn't given.
        inverted: low values are bright (MONOCHROME1).
    """

    path: Path
    member: int | None
    frame: int
    rows: int
    columns: int
    spacing_mm: tuple[float, float]
    orientation: tuple[float, ...] | None
    inverted: bool


@dataclass(frozen=True, slots=True)
class ListedVolume:
    """One volume as it is shown to the one who chooses.

    Attributes:
        id: what `open_scan` and `--series` take; the series UID, with "#" and a number where it holds several volumes.
        uid: Series Instance UID.
        number: Series Number, or a question mark.
        description: the scanner operator's words; may hold identity, so it is shown and never stored.
        part: what sets the volume apart from the others of its series, e.g. "echo 2 of 2 (TE 80 ms)".
        study: number of its patient and study in the list, from 1.
        acquired: date and time, ISO 8601; empty where they aren't given.
        modality: as in the header.
        kind: what it is, e.g. "3D T1", "localiser", "CT".
        technique: how it was made, without identity; keys carry their unit.
        images: slices in all, those at one place counted singly.
        geometry: None where the files are no images.
        t1ce: likelihood with reasons.
        why_unusable: why it is plainly no 3D MRI of a head; None where it may be one.
        remarks: what the one who chooses must know, e.g. that slices seem to be missing.
        middle: the slice for the thumbnail; None where there is none.
        volume_file: the file where it is no DICOM but one that holds a volume, such as NIfTI.
    """

    id: str
    uid: str
    number: str
    description: str
    part: str
    study: int
    acquired: str
    modality: str
    kind: str
    technique: dict[str, Any]
    images: int
    geometry: Geometry | None
    t1ce: T1CELikelihood
    why_unusable: Message | None
    remarks: tuple[Message, ...]
    middle: SliceFile | None
    volume_file: Path | None = None


@dataclass(frozen=True, slots=True)
class SeriesList:
    """All volumes of all series under a path, in the order of their numbers.

    Attributes:
        volumes: at least one.
        proposed_id: the one that is clearly the contrast-enhanced T1; None where none is.
        proposal: the same in words.
        files: how many files there are, DICOM or not.
        remarks: what the reader must know of files that were left out.
    """

    volumes: tuple[ListedVolume, ...]
    proposed_id: str | None
    proposal: Message
    files: int
    remarks: tuple[Message, ...]


def list_series(path: Path, on_progress: OnProgress = ignore) -> SeriesList:
    """List the volumes under a path.

    Args:
        path: a folder (subfolders included), a DICOM file, a DICOMDIR or a zip archive with DICOM files; or a file of
            one volume, such as NIfTI.
        on_progress: hears of the files read.

    Raises:
        UnreadableScan: there is nothing to list.
    """
    path = Path(path)
    if content_at(path) not in (Content.DICOM, Content.ZIP):
        from vb_desktop.pipeline.scan_import.volume_file import list_volume_file

        return list_volume_file(path, on_progress)
    with quiet():
        try:
            found = find_series(path, on_progress)
        except OSError as error:
            raise UnreadableScan("scan_import.no_access", cause=error.strerror or "it is refused") from error
        likelihoods = t1ce_likelihoods([series.header for series in found.series])
        studies = _numbered([series.study for series in found.series])
        each = zip(found.series, studies, likelihoods, strict=True)
        listed = tuple(_listed(series, study, t1ce) for series, study, t1ce in each)
        proposal = propose_series(found.series)
    return SeriesList(
        volumes=listed,
        proposed_id=proposal.series.id if proposal.series else None,
        proposal=proposal.message,
        files=found.files,
        remarks=found.remarks,
    )


def _listed(series: Series, study: int, t1ce: T1CELikelihood) -> ListedVolume:
    header = series.header
    stacked, problem = _stacked(series.frames)
    acquired = acquired_at(header)
    return ListedVolume(
        id=series.id,
        uid=series.uid,
        number=series.number,
        description=text(header, "SeriesDescription"),
        part=series.part,
        study=study,
        acquired=acquired.isoformat() if acquired else "",
        modality=text(header, "Modality"),
        kind=_kind(series, t1ce),
        technique=technique_of(header),
        images=len(series.frames),
        geometry=_geometry(series.frames, stacked, problem) if series.frames else None,
        t1ce=t1ce,
        why_unusable=_why_unusable(series),
        remarks=_remarks(series, stacked),
        middle=_middle(series, stacked),
    )


def _why_unusable(series: Series) -> Message | None:
    if series.why_unusable is not None:
        return series.why_unusable
    if series.patients > 1:
        return Message("scan_import.several_patients", {"count": series.patients})
    if series.damaged:
        return Message("scan_import.dicom_damaged", {"file": series.damaged[0], "files": series.files})
    return None


def _remarks(series: Series, stacked: Stack | None) -> tuple[Message, ...]:
    said = check_slice_distance(series.header, stacked.distance_mm) if stacked else ()
    announced = number(series.header, "ImagesInAcquisition")
    if announced and series.volumes == 1 and len(series.frames) < announced:
        params = {"announced": int(announced), "images": len(series.frames)}
        said += (Message("scan_import.fewer_than_announced", params),)
    if series.copies:
        said += (Message("scan_import.copies_left_out", {"count": series.copies}),)
    return said


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
    component = "" if series.component == "magnitude" else f" {series.component}"
    return f"{dimension} {t1ce.weighting or 'MRI'}{component}".strip()


def _stacked(frames: Sequence[Frame]) -> tuple[Stack | None, Message | None]:
    if not frames:
        return None, None
    try:
        return stack(frames), None
    except UnreadableScan as error:
        return None, error.message


def _geometry(frames: Sequence[Frame], stacked: Stack | None, problem: Message | None) -> Geometry:
    first = frames[0]
    plane = plane_of([frame.orientation for frame in frames])
    if stacked is None:
        same = len({(frame.rows, frame.columns, frame.pixel_spacing) for frame in frames}) == 1
        row_mm, column_mm = first.pixel_spacing if same and first.pixel_spacing else (None, None)
        in_plane = _rounded(column_mm), _rounded(row_mm)
        return Geometry(first.columns, first.rows, count_positions(frames), (*in_plane, None), plane, problem)
    edges = [float(edge) for edge in np.linalg.norm(stacked.affine[:3, :2], axis=0)]
    spacing = (_rounded(edges[0]), _rounded(edges[1]), _rounded(stacked.distance_mm))
    return Geometry(*stacked.shape, spacing, plane, None)


def _middle(series: Series, stacked: Stack | None) -> SliceFile | None:
    frames = stacked.frames if stacked else series.frames
    if not frames:
        return None
    frame = frames[len(frames) // 2]
    row_mm, column_mm = frame.pixel_spacing or (1.0, 1.0)
    packed = series.packed
    return SliceFile(
        path=packed.archive if packed else series.paths[frame.file],
        member=frame.file if packed else None,
        frame=frame.number,
        rows=frame.rows,
        columns=frame.columns,
        spacing_mm=(row_mm, column_mm),
        orientation=frame.orientation,
        inverted=text(series.header, "PhotometricInterpretation").upper() == "MONOCHROME1",
    )


def _numbered(studies: Sequence[tuple[str, ...]]) -> list[int]:
    order = list(dict.fromkeys(studies))
    return [order.index(study) + 1 for study in studies]


def _rounded(mm: float | None) -> float | None:
    return None if mm is None else round(mm, 4)
