"""The pictures of the report as DICOM secondary captures and as PNG: words and contours stand in the pixels."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import ExportFailed
from vb_desktop.pipeline.export.made_by import CONTENT_LABEL, MadeBy
from vb_desktop.pipeline.export.source_images import MULTI_FRAME, Source
from vb_desktop.pipeline.report.content import Figure
from vb_desktop.pipeline.report.figures import AXES

SERIES_NUMBER = 9104
ORIENTATION: dict[str, tuple[str, str]] = {"axial": ("L", "P"), "coronal": ("L", "F"), "sagittal": ("P", "F")}
"""Where the rows of a picture lead to, and its columns."""


def secondary_captures(case: Case, source: Source) -> list[Dataset]:
    """One secondary capture a picture, each with the images of the scanner that it shows.

    Raises:
        ExportFailed: the case holds no scan.
    """
    import highdicom as hd
    from pydicom.sr.codedict import codes

    made, series = MadeBy.of(case), hd.UID()
    captures: list[Dataset] = []
    for number, (figure, pixels) in enumerate(_drawn(case), start=1):
        rows, columns = pixels.shape[:2]
        capture = hd.sc.SCImage.from_ref_dataset(
            source.images[0],
            pixel_array=pixels[: rows - rows % 2, : columns - columns % 2],
            photometric_interpretation="RGB",
            bits_allocated=8,
            coordinate_system="PATIENT",
            patient_orientation=ORIENTATION[figure.plane],
            series_instance_uid=series,
            series_number=SERIES_NUMBER,
            sop_instance_uid=hd.UID(),
            instance_number=number,
            manufacturer=made.manufacturer,
            manufacturer_model_name=made.model,
            software_versions=made.version,
            device_serial_number=made.serial,
            transfer_syntax_uid=ExplicitVRLittleEndian,
            series_description=made.series_description("key images"),
        )
        capture.ImageType = ["DERIVED", "SECONDARY"]
        capture.BodyPartExamined = "HEAD"  # not paired, so without laterality
        capture.BurnedInAnnotation = "YES"
        capture.ConversionType = "WSD"
        capture.DerivationDescription = f"{CONTENT_LABEL}: {figure.title}, {figure.caption}"[:1024]
        capture.SourceImageSequence = [_reference(one, frame, codes) for one, frame in _shown(figure, source)]
        captures.append(capture)
    return captures


def export_pictures(case: Case, folder: Path) -> list[Path]:
    """The same as PNG files.

    Raises:
        ExportFailed: the case holds no scan.
    """
    from PIL import Image

    written = []
    for number, (_, pixels) in enumerate(_drawn(case), start=1):
        target = folder / f"{case.record.case_id}_key_{number:02d}.png"
        data = BytesIO()
        Image.fromarray(pixels).save(data, "PNG")
        with atomic_path(target) as temporary:
            temporary.write_bytes(data.getvalue())
        written.append(target)
    return written


def _drawn(case: Case) -> Iterator[tuple[Figure, Array]]:
    from vb_desktop.pipeline.report.anatomy import anatomy
    from vb_desktop.pipeline.report.figures import picture
    from vb_desktop.pipeline.report.pictures import key_figures
    from vb_desktop.pipeline.report.raster import raster
    from vb_desktop.pipeline.report.words import Words

    shown = anatomy(case)
    if shown is None:
        raise ExportFailed("export.no_pictures")
    figures, stamp = key_figures(case, shown, Words("en"))
    warnings = MadeBy.of(case).warnings
    for figure in figures:
        yield (
            figure,
            np.ascontiguousarray(raster(picture(shown, figure), figure.title, (figure.caption, *warnings), stamp)),
        )


def _shown(figure: Figure, source: Source) -> list[tuple[Dataset, int | None]]:
    """The image of the slice, with its frame where one file holds all; every image where the picture cuts across."""
    applied = np.asarray(source.described["grid"]["canonical_axis_and_flip"], dtype=int)
    places = source.described["slices"]
    several = source.described["sop_class_uid"] in MULTI_FRAME
    if AXES[figure.plane][2] == applied[2, 0]:
        k = figure.k if applied[2, 1] > 0 else len(places) - 1 - figure.k
        place = next(one for one in places if one["k"] == k)
        if several:
            return [(source.images[0], int(place["frame_number"]))]
        return [(image, None) for image in source.images if image.SOPInstanceUID == place["sop_instance_uid"]]
    return [(image, None) for image in source.images]


def _reference(image: Dataset, frame: int | None, codes: object) -> Dataset:
    purpose = Dataset()
    code = codes.DCM.SourceImageForImageProcessingOperation  # type: ignore[attr-defined]
    purpose.CodeValue, purpose.CodingSchemeDesignator, purpose.CodeMeaning = (
        code.value, code.scheme_designator, code.meaning,
    )  # fmt: skip
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    if frame is not None:
        item.ReferencedFrameNumber = frame
    item.PurposeOfReferenceCodeSequence = [purpose]
    return item
