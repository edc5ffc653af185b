"""The images that the scan came from, rebuilt from `source_dicom.json`: headers alone, enough to refer to them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    EnhancedMRImageStorage,
    ExplicitVRLittleEndian,
    LegacyConvertedEnhancedMRImageStorage,
)

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import ExportFailed

MULTI_FRAME = frozenset({EnhancedMRImageStorage, LegacyConvertedEnhancedMRImageStorage})
_PATIENT = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex")


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where the scan came from.

    Attributes:
        images: one data set a slice, or one of many frames; without pixels.
        described: the whole of `source_dicom.json`.
        affine: RAS+ mm of the source grid (column, row, slice).
    """

    images: tuple[Dataset, ...]
    described: dict[str, Any]
    affine: Array

    @property
    def rows(self) -> int:
        """Of an image."""
        return int(self.described["grid"]["rows"])

    @property
    def columns(self) -> int:
        """Of an image."""
        return int(self.described["grid"]["columns"])

    def on_source_grid(self, canonical: Volume) -> Array:
        """Voxels of the closest canonical grid -> the slices as the scanner made them.

        Returns:
            (slices, rows, columns), same type.
        """
        applied = np.asarray(self.described["grid"]["canonical_axis_and_flip"], dtype=int)
        axes, flips = applied[:, 0], applied[:, 1]
        voxels = canonical.voxels.transpose(axes)
        voxels = voxels[tuple(slice(None, None, int(flip)) for flip in flips)]
        if voxels.shape != (self.columns, self.rows, len(self.described["slices"])):
            raise ExportFailed("export.other_grid")
        return np.ascontiguousarray(voxels.transpose(2, 1, 0))


def read_source(case: Case) -> Source:
    """Where the scan of a case came from.

    Raises:
        ExportFailed: it was no DICOM, or what is known of it is damaged.
    """
    path = case.folder / "source_dicom.json"
    if not path.is_file():
        raise ExportFailed("export.no_dicom_source")
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        affine = np.asarray(described["grid"]["affine_ras_mm"], dtype=np.float64)
        build = _multi_frame if described["sop_class_uid"] in MULTI_FRAME else _single_frames
        return Source(build(described, affine), described, affine)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExportFailed("export.source_damaged") from error


def _single_frames(described: dict[str, Any], affine: Array) -> tuple[Dataset, ...]:
    orientation, spacing = _in_plane(affine)
    images = []
    for number, place in enumerate(described["slices"], start=1):
        image = _common(described, place["sop_instance_uid"])
        image.InstanceNumber = number
        image.ImageOrientationPatient = orientation
        image.ImagePositionPatient = _position(affine, place["k"])
        image.PixelSpacing = spacing
        image.SliceThickness = _step_mm(affine)
        images.append(image)
    return tuple(images)


def _multi_frame(described: dict[str, Any], affine: Array) -> tuple[Dataset, ...]:
    orientation, spacing = _in_plane(affine)
    places = described["slices"]
    image = _common(described, places[0]["sop_instance_uid"])
    image.NumberOfFrames = max(int(place["frame_number"]) for place in places)
    image.InstanceNumber = 1
    measures, plane = Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = spacing, _step_mm(affine)
    measures.SpacingBetweenSlices = _step_mm(affine)
    plane.ImageOrientationPatient = orientation
    shared = Dataset()
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = [measures], [plane]
    image.SharedFunctionalGroupsSequence = [shared]
    frames = {int(place["frame_number"]): place["k"] for place in places}
    image.PerFrameFunctionalGroupsSequence = []
    for number in range(1, image.NumberOfFrames + 1):
        position = Dataset()
        position.ImagePositionPatient = _position(affine, frames.get(number, 0))
        frame = Dataset()
        frame.PlanePositionSequence = [position]
        image.PerFrameFunctionalGroupsSequence.append(frame)
    return (image,)


def _common(described: dict[str, Any], instance_uid: str) -> Dataset:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SpecificCharacterSet = "ISO_IR 192"
    for part in ("patient", "study", "series", "equipment"):
        for keyword, value in described[part].items():
            setattr(image, keyword, value)
    for keyword in (*_PATIENT, "StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName"):
        if keyword not in image:
            setattr(image, keyword, "")
    image.SOPClassUID = described["sop_class_uid"]
    image.SOPInstanceUID = instance_uid
    image.FrameOfReferenceUID = described["frame_of_reference_uid"]
    image.Rows, image.Columns = int(described["grid"]["rows"]), int(described["grid"]["columns"])
    return image


def _in_plane(affine: Array) -> tuple[list[float], list[float]]:
    """Orientation (LPS) and spacing (between rows, between columns) of the slices."""
    lps = np.diag([-1.0, -1.0, 1.0]) @ affine[:3, :3]
    lengths = np.linalg.norm(lps, axis=0)
    along_row, along_column = lps[:, 0] / lengths[0], lps[:, 1] / lengths[1]
    orientation = [float(f"{x:.10g}") for x in (*along_row, *along_column)]
    return orientation, [float(f"{lengths[1]:.10g}"), float(f"{lengths[0]:.10g}")]


def _position(affine: Array, k: int) -> list[float]:
    lps = np.array([-1.0, -1.0, 1.0]) * (affine @ np.array([0.0, 0.0, k, 1.0]))[:3]
    return [float(f"{x:.10g}") for x in lps]


def _step_mm(affine: Array) -> float:
    """Distance between slices along their normal."""
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    return float(f"{abs(affine[:3, 2] @ normal) / np.linalg.norm(normal):.10g}")
