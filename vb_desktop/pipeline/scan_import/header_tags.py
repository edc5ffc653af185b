"""Which elements of a DICOM header are read; all others, private ones above all, are passed over."""

from __future__ import annotations

PATIENT_TAGS: tuple[str, ...] = (
    "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientBirthTime", "PatientSex",
    "OtherPatientIDs", "PatientAge", "PatientSize", "PatientWeight", "EthnicGroup", "PatientComments",
    "PatientIdentityRemoved", "DeidentificationMethod",
)  # fmt: skip
"""Patient and Patient Study module."""

STUDY_TAGS: tuple[str, ...] = (
    "StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "StudyDescription", "AccessionNumber",
    "ReferringPhysicianName",
)  # fmt: skip
"""General Study module."""

SERIES_TAGS: tuple[str, ...] = (
    "SeriesInstanceUID", "SeriesNumber", "SeriesDescription", "SeriesDate", "SeriesTime", "Modality", "ProtocolName",
    "BodyPartExamined", "PatientPosition", "Laterality", "FrameOfReferenceUID", "PositionReferenceIndicator",
)  # fmt: skip
"""General Series and Frame of Reference module."""

EQUIPMENT_TAGS: tuple[str, ...] = (
    "Manufacturer", "ManufacturerModelName", "InstitutionName", "StationName", "DeviceSerialNumber", "SoftwareVersions",
    "MagneticFieldStrength",
)  # fmt: skip
"""General Equipment module."""

_IMAGE_TAGS: tuple[str, ...] = (
    "SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "ImageType", "InstanceNumber", "AcquisitionDate",
    "AcquisitionTime", "AcquisitionDateTime",
    "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated",
    "LossyImageCompression",
    "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness", "SpacingBetweenSlices",
    "RescaleSlope", "RescaleIntercept", "ModalityLUTSequence", "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence", "ScanningSequence", "SequenceVariant", "SequenceName", "PulseSequenceName",
    "EchoPulseSequence", "MRAcquisitionType", "RepetitionTime", "EchoTime", "InversionTime", "FlipAngle",
    "ContrastBolusAgent", "ContrastBolusAgentSequence", "ContrastBolusVolume", "ContrastBolusStartTime",
    "EchoNumbers", "TemporalPositionIdentifier", "TriggerTime", "AcquisitionNumber", "AcquisitionContrast",
    "DiffusionBValue", "ComplexImageComponent", "ContentTime", "ImagesInAcquisition",
)  # fmt: skip

_REQUEST_TAGS: tuple[str, ...] = ("ReasonForTheRequestedProcedure",)
HEADER_TAGS: tuple[str, ...] = PATIENT_TAGS + STUDY_TAGS + SERIES_TAGS + EQUIPMENT_TAGS + _IMAGE_TAGS + _REQUEST_TAGS
