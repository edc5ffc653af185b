"""One slice as its header describes it, classic (one a file) or of an Enhanced multi-frame file."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.dataset import Dataset

from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.dicom_values import item, number, numbers, text, words


@dataclass(frozen=True, slots=True)
class Frame:
    """A slice of a DICOM series. LPS millimetres, as in the file.

    Attributes:
        file: number of its file, counted from 1 in the order of the paths.
        number: number of the frame in its file, counted from 1.
        sop_instance_uid: of its file.
        rows: voxels down the picture.
        columns: voxels across the picture.
        position: centre of the first voxel.
        orientation: direction cosines along a row, then along a column.
        pixel_spacing: distance of rows, distance of columns, mm.
        slope: of the rescaling to the scanner's values.
        intercept: of the rescaling.
        image_type: Image Type or Frame Type.
    """

    file: int
    number: int
    sop_instance_uid: str
    rows: int
    columns: int
    position: tuple[float, ...] | None
    orientation: tuple[float, ...] | None
    pixel_spacing: tuple[float, ...] | None
    slope: float
    intercept: float
    image_type: tuple[str, ...]


def is_image(header: Dataset) -> bool:
    """Whether the file has pixels at all."""
    return all(number(header, keyword) for keyword in ("Rows", "Columns", "BitsAllocated"))


def frames_of(header: Dataset, file: int) -> tuple[Frame, ...]:
    """The frames of one file.

    Args:
        header: data set read without its pixels.
        file: number of the file.

    Raises:
        ValueError: it announces frames that it doesn't describe, or too many.
    """
    count = int(number(header, "NumberOfFrames") or 1)
    if not 1 <= count <= limits.FRAMES:
        raise ValueError("an impossible number of frames")
    per_frame = header.get("PerFrameFunctionalGroupsSequence")
    if per_frame and len(per_frame) != count:
        raise ValueError("frames without a description")
    shared = item(header, "SharedFunctionalGroupsSequence")
    return tuple(_frame(header, shared, per_frame[n] if per_frame else None, file, n + 1, count) for n in range(count))


def _frame(header: Dataset, shared: Dataset | None, own: Dataset | None, file: int, n: int, count: int) -> Frame:
    def group(keyword: str) -> Dataset | None:
        return item(own, keyword) or item(shared, keyword)

    # The position in the top level of a file with many frames is that of one of them at most.
    place = group("PlanePositionSequence") or (header if count == 1 else None)
    measures = group("PixelMeasuresSequence") or header
    plane = group("PlaneOrientationSequence") or header
    values = group("PixelValueTransformationSequence") or header
    kind = group("MRImageFrameTypeSequence")
    slope, intercept = number(values, "RescaleSlope"), number(values, "RescaleIntercept")
    return Frame(
        file=file,
        number=n,
        sop_instance_uid=text(header, "SOPInstanceUID"),
        rows=int(number(header, "Rows") or 0),
        columns=int(number(header, "Columns") or 0),
        position=numbers(place, "ImagePositionPatient", 3),
        orientation=numbers(plane, "ImageOrientationPatient", 6),
        pixel_spacing=numbers(measures, "PixelSpacing", 2),
        slope=1.0 if slope is None else slope,
        intercept=0.0 if intercept is None else intercept,
        image_type=words(kind, "FrameType") or words(header, "ImageType"),
    )
