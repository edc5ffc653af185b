"""Synthetic heads on disk: NIfTI and DICOM writers whose voxels tell where they lie in the patient."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, generate_uid

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import.open_scan import open_scan

Array = NDArray[Any]
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
ENHANCED_MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4.1"
IN_PLANE = {  # direction cosines in LPS: along a row, along a column
    "axial": ([1, 0, 0], [0, 1, 0]),
    "sagittal": ([0, 1, 0], [0, 0, -1]),
    "coronal": ([1, 0, 0], [0, 0, -1]),
    "oblique": ([0.96, 0.28, 0.0], [-0.224, 0.768, 0.6]),
    "feet first": ([-1, 0, 0], [0, 1, 0]),
}


def value_at(ras_mm: Array) -> Array:
    """Intensity at a place in the patient; another gradient along each axis, so that sides show."""
    return 2000 + ras_mm @ np.array([2.0, 3.0, 5.0])


def places(shape: tuple[int, ...], affine: Array) -> Array:
    """RAS+ mm of every voxel, (I, J, K, 3)."""
    ijk = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), axis=-1)
    return ijk @ affine[:3, :3].T + affine[:3, 3]


def head(shape: tuple[int, int, int], affine: Array) -> Array:
    """Voxels of the synthetic head on a grid."""
    return value_at(places(shape, affine))


def assert_in_place(voxels: Array, affine: Array, tolerance: float = 0.51) -> None:
    """Every voxel has the intensity of the place where the affine says that it lies."""
    assert np.abs(voxels - value_at(places(voxels.shape, affine))).max() <= tolerance


def refusal(path: Path, series_uid: str | None = None) -> str:
    """Id of the one sentence with which a path is refused."""
    with pytest.raises(UnreadableScan) as caught:
        open_scan(path, series_uid)
    sentence, advice = caught.value.sentence(), caught.value.advice()
    assert sentence.endswith(".") and ". " not in sentence.replace("1. ", ""), sentence
    assert advice.endswith("."), f"{caught.value.message.id} has no next step"
    return caught.value.message.id.removeprefix("scan_import.")


def make_nifti(
    path: Path,
    voxels: Array | None = None,
    *,
    affine: Array | None = None,
    shape: tuple[int, int, int] = (24, 22, 20),
    dtype: Any = np.float32,
    kind: Any = nib.Nifti1Image,
    order: str = "<",
    **header: Any,
) -> Path:
    """Write a NIfTI file.

    Args:
        path: .nii or .nii.gz.
        voxels: default: the head.
        affine: voxel index -> RAS+ mm.
        shape: of the default head.
        dtype: of the stored voxels.
        kind: nibabel's class.
        order: byte order.
        header: fields put over what nibabel writes, right or wrong.
    """
    affine = np.diag([5.0, 5.5, 6.0, 1.0]) if affine is None else affine
    voxels = head(shape, affine) if voxels is None else voxels
    image = kind(np.asarray(voxels).astype(dtype), affine, header=kind.header_class(endianness=order))
    image.set_data_dtype(np.dtype(dtype).newbyteorder(order))
    plain = image.to_bytes()
    written = kind.header_class.from_fileobj(io.BytesIO(plain), check=False)
    for field, value in header.items():
        written[field] = value
    content = bytes(written.binaryblock) + plain[len(written.binaryblock) :]
    path.write_bytes(gzip.compress(content) if path.name.endswith(".gz") else content)
    return path


def make_series(
    folder: Path,
    *,
    plane: str = "axial",
    slices: int = 18,
    rows: int = 20,
    columns: int = 24,
    spacing: tuple[float, float, float] = (5.0, 5.5, 6.0),
    syntax: str = ExplicitVRLittleEndian,
    enhanced: bool = False,
    rescale: Callable[[int], tuple[float, float]] | None = None,
    positions: Callable[[int], float] | None = None,
    shift: Callable[[int], list[float]] | None = None,
    change: Callable[[Dataset, int], None] | None = None,
    compress: str | None = None,
    seed: int | None = 0,
    **elements: Any,
) -> Path:
    """Write a series whose stored values, rescaled, are those of the head.

    Args:
        folder: where to; made if it is not there.
        plane: a key of IN_PLANE.
        slices: how many.
        rows: of a slice.
        columns: of a slice.
        spacing: between columns, rows and slices, mm.
        syntax: transfer syntax as written.
        enhanced: one multi-frame file instead of one file a slice.
        rescale: slope and intercept of slice k.
        positions: place of slice k along the normal, in slices; default k.
        shift: LPS mm added to the position of slice k, the voxels staying those of the place without it.
        change: last change to the data set of slice k (of the file, if enhanced: k = 0).
        compress: transfer syntax to compress to.
        seed: of the order of the files; None: in their order.
        elements: keyword = value for every file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    along_row, along_column = (np.array(axis, dtype=float) for axis in IN_PLANE[plane])
    normal = np.cross(along_row, along_column)
    middle = (along_row * columns * spacing[0] + along_column * rows * spacing[1] + normal * slices * spacing[2]) / 2
    study, series, frame_of_reference = generate_uid(), generate_uid(), generate_uid()
    order = np.arange(slices) if seed is None else np.random.default_rng(seed).permutation(slices)
    written: list[tuple[Array, list[float], tuple[float, float] | None]] = []
    for k in range(slices):
        corner = normal * spacing[2] * (positions(k) if positions else k) - middle
        grid = np.column_stack([along_row * spacing[0], along_column * spacing[1], normal, corner])
        affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ np.vstack([grid, [0, 0, 0, 1]])
        values = head((columns, rows, 1), affine)[:, :, 0].T  # (rows, columns)
        scale = rescale(k) if rescale else None
        if scale:
            values = (values - scale[1]) / scale[0]
        place = corner + (shift(k) if shift else 0)
        written.append((np.round(values).astype(np.uint16), [round(float(x), 6) for x in place], scale))
    big = syntax == ExplicitVRBigEndian
    orientation = [float(x) for x in (*along_row, *along_column)]
    groups = [written[k] for k in order]
    files = [groups] if enhanced else [[one] for one in groups]
    for n, frames in enumerate(files):
        dataset = _dataset(syntax, enhanced)
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = (
            study,
            series,
            frame_of_reference,
        )
        dataset.Rows, dataset.Columns, dataset.InstanceNumber = rows, columns, n + 1
        if enhanced:
            _describe_frames(dataset, frames, orientation, spacing)
        else:
            _, place, scale = frames[0]
            dataset.ImagePositionPatient, dataset.ImageOrientationPatient = place, orientation
            dataset.PixelSpacing, dataset.SliceThickness = [spacing[1], spacing[0]], spacing[2]
            if scale:
                dataset.RescaleSlope, dataset.RescaleIntercept = scale
        dataset.PixelData = b"".join(pixels.astype(">u2" if big else "<u2").tobytes() for pixels, _, _ in frames)
        dataset["PixelData"].VR = "OW"
        for keyword, value in elements.items():
            setattr(dataset, keyword, value)
        if change:
            change(dataset, int(order[n]))
        if compress:
            dataset.compress(compress, generate_instance_uid=False)
        dataset.save_as(folder / f"IM{n:04d}", enforce_file_format=True)
    return folder


def _dataset(syntax: str, enhanced: bool) -> Dataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ENHANCED_MR_IMAGE if enhanced else MR_IMAGE
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = syntax
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID, dataset.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "NONE"]
    dataset.Modality, dataset.Manufacturer = "MR", "Maker"
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "ID-1"
    dataset.PatientBirthDate, dataset.PatientSex, dataset.StudyDate = "19700315", "F", "20240314"
    dataset.SeriesNumber, dataset.SeriesDescription = 3, "T1 CE"
    dataset.ContrastBolusAgent = "Gadobutrol"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 0
    return dataset


def _describe_frames(dataset: Dataset, frames: list[Any], orientation: list[float], spacing: tuple[float, ...]) -> None:
    def item(**elements: Any) -> list[Dataset]:
        one = Dataset()
        for keyword, value in elements.items():
            setattr(one, keyword, value)
        return [one]

    shared = Dataset()
    shared.PlaneOrientationSequence = item(ImageOrientationPatient=orientation)
    shared.PixelMeasuresSequence = item(PixelSpacing=[spacing[1], spacing[0]], SliceThickness=spacing[2])
    dataset.SharedFunctionalGroupsSequence = [shared]
    described = []
    for _, place, scale in frames:
        own = Dataset()
        own.PlanePositionSequence = item(ImagePositionPatient=place)
        if scale:
            own.PixelValueTransformationSequence = item(RescaleSlope=scale[0], RescaleIntercept=scale[1])
        described.append(own)
    dataset.PerFrameFunctionalGroupsSequence = described
    dataset.NumberOfFrames = len(frames)
