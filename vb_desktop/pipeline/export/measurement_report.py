"""Measurements and the model's answer as a DICOM structured report (TID 1500)."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import ExportFailed
from vb_desktop.pipeline.export.made_by import MadeBy
from vb_desktop.pipeline.export.source_images import Source

SERIES_NUMBER = 9102
SCHEME = "99VBD"
"""Codes of our own: no standard code says "probability by this model"."""


def measurement_report(case: Case, source: Source, segmentation: Dataset) -> Dataset:
    """Volume and diameters of the localised region, with the class probabilities where they may be shown.

    Args:
        case: with a localised region.
        source: the images that it was found on.
        segmentation: the exported region, which the report refers to.

    Raises:
        ExportFailed: nothing was measured.
    """
    import highdicom as hd
    from highdicom import sr
    from pydicom.sr.codedict import codes

    measured = {item.id: item for item in case.record.measurements}
    if "volume" not in measured:
        raise ExportFailed("export.no_region", what="measurement")
    made = MadeBy.of(case)
    observer = sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(
            uid=hd.UID(), name=made.model, manufacturer_name=made.manufacturer, model_name=made.model,
            serial_number=made.serial,
        ),
    )  # fmt: skip
    group = sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=segmentation.SegmentSequence[0].TrackingUID, identifier=segmentation.SegmentSequence[0].TrackingID
        ),
        referenced_segment=sr.ReferencedSegment(
            sop_class_uid=segmentation.SOPClassUID,
            sop_instance_uid=segmentation.SOPInstanceUID,
            segment_number=1,
            source_series=sr.SourceSeriesForSegmentation(source.images[0].SeriesInstanceUID),
        ),
        finding_type=codes.SCT.Mass,
        finding_sites=[sr.FindingSite(codes.SCT.Brain)],
        algorithm_id=sr.AlgorithmIdentification(name=made.model, version=made.version),
        measurements=[*_sizes(measured), *_probabilities(case)],
        qualitative_evaluations=_remarks(case, made),
    )
    content = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_device_context=observer),
        procedure_reported=sr.CodedConcept("24590-2", "LN", "MR Brain"),
        imaging_measurements=[group],
        title=codes.DCM.ImagingMeasurementReport,
    )
    return sr.Comprehensive3DSR(
        evidence=[*source.images, segmentation],
        content=content[0],
        series_instance_uid=hd.UID(),
        series_number=SERIES_NUMBER,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer=made.manufacturer,
        is_complete=case.record.signoff is not None,
        series_description=made.series_description("measurements"),
        manufacturer_model_name=made.model,
        software_versions=made.version,
        device_serial_number=made.serial,
    )


def _sizes(measured: dict[str, Any]) -> list[Any]:
    from highdicom import sr
    from pydicom.sr.codedict import codes

    wanted = (
        ("volume", codes.SCT.Volume, sr.CodedConcept("mL", "UCUM", "milliliter")),
        ("diameter_long", sr.CodedConcept("103339001", "SCT", "Long axis"), codes.UCUM.Millimeter),
        ("diameter_perp", sr.CodedConcept("103340004", "SCT", "Short axis"), codes.UCUM.Millimeter),
        (
            "midline_distance",
            sr.CodedConcept("midline_distance", SCHEME, "Distance to the midline"),
            codes.UCUM.Millimeter,
        ),
    )
    return [
        sr.Measurement(name=name, value=float(measured[id_].value), unit=unit)
        for id_, name, unit in wanted
        if id_ in measured and isinstance(measured[id_].value, int | float)
    ]


def _probabilities(case: Case) -> list[Any]:
    from highdicom import sr
    from pydicom.sr.codedict import codes

    diagnosis = case.record.diagnosis
    if diagnosis is None or not case.shows_diagnosis:
        return []
    return [
        sr.Measurement(
            name=sr.CodedConcept(f"probability_{name}", SCHEME, f"Probability of {name} by the model"),
            value=round(probability, 4),
            unit=codes.UCUM.NoUnits,
        )
        for name, probability in diagnosis.classes.items()
    ]


def _remarks(case: Case, made: MadeBy) -> list[Any]:
    """What speaks against trusting it, as coded yes or no: warnings belong into the object, not beside it."""
    from highdicom import sr
    from pydicom.sr.codedict import codes

    diagnosis = case.record.diagnosis if case.shows_diagnosis else None
    said = [("research_use_only", "Research use only, not a substitute for biopsy", True)]
    said.append(
        ("demonstration_model", "Demonstration model, trained on synthetic cases", case.record.provenance.demo_model)
    )
    said.append(("synthetic_case", "Synthetic case", case.record.synthetic))
    if diagnosis is not None:
        said.append(("model_abstains", "The model abstains from a diagnosis", diagnosis.abstain))
    return [
        sr.QualitativeEvaluation(
            name=sr.CodedConcept(code, SCHEME, meaning), value=codes.SCT.Yes if holds else codes.SCT.No
        )
        for code, meaning, holds in said
    ]
