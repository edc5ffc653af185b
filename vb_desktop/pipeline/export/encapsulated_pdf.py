"""The report as a DICOM encapsulated PDF."""

from __future__ import annotations

from datetime import datetime

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import ExportFailed
from vb_desktop.pipeline.export.made_by import MadeBy
from vb_desktop.pipeline.export.source_images import Source

SERIES_NUMBER = 9103
TITLE = "Research report: localised region and differential diagnosis"


def encapsulated_pdf(case: Case, source: Source) -> Dataset:
    """`report.pdf` of the case with patient and study of its source.

    Raises:
        ExportFailed: there is no report.
    """
    import highdicom as hd
    from pydicom.sr.coding import Code

    path = case.folder / "report.pdf"
    if not path.is_file():
        raise ExportFailed("export.no_report")
    content = path.read_bytes()
    made, now = MadeBy.of(case), datetime.now()
    document = Dataset()
    document.file_meta = FileMetaDataset()
    document.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    document.SpecificCharacterSet = "ISO_IR 192"
    document.SOPClassUID, document.SOPInstanceUID = EncapsulatedPDFStorage, hd.UID()
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex"):
        setattr(document, keyword, source.images[0].get(keyword, ""))
    for keyword in (
        "StudyInstanceUID",
        "StudyDate",
        "StudyTime",
        "StudyID",
        "AccessionNumber",
        "ReferringPhysicianName",
    ):
        setattr(document, keyword, source.images[0].get(keyword, ""))
    document.Modality = "DOC"
    document.SeriesInstanceUID, document.SeriesNumber = hd.UID(), SERIES_NUMBER
    document.SeriesDescription = made.series_description("report")
    document.Manufacturer, document.ManufacturerModelName = made.manufacturer, made.model
    document.SoftwareVersions, document.DeviceSerialNumber = made.version, made.serial
    document.ConversionType = "WSD"
    document.InstanceNumber = 1
    document.ContentDate, document.ContentTime = now.strftime("%Y%m%d"), now.strftime("%H%M%S")
    document.AcquisitionDateTime = ""
    document.BurnedInAnnotation = "YES"  # the patient's name stands on every page
    document.DocumentTitle = TITLE
    document.VerificationFlag = "VERIFIED" if case.record.signoff is not None else "UNVERIFIED"
    document.ConceptNameCodeSequence = [_coded(Code("18748-4", "LN", "Diagnostic Imaging Report"))]
    document.SourceInstanceSequence = [_reference(image) for image in source.images]
    document.MIMETypeOfEncapsulatedDocument = "application/pdf"
    document.EncapsulatedDocumentLength = len(content)
    document.EncapsulatedDocument = content + b"\0" * (len(content) % 2)
    return document


def _coded(code: object) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning  # type: ignore[attr-defined]
    return item


def _reference(image: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return item
