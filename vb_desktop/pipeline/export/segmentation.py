"""The localised region as a DICOM segmentation in the geometry of the source series."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import ExportFailed
from vb_desktop.pipeline.export.made_by import CONTENT_LABEL, MadeBy
from vb_desktop.pipeline.export.source_images import Source

SERIES_NUMBER = 9101
SEGMENT_LABEL = "Localised region (refined prior > 0.5)"
SEGMENT_DESCRIPTION = (
    "Localised region, not a segmentation by an expert. Research use only, not a substitute for biopsy."
)


def segmentation(case: Case, source: Source) -> Dataset:
    """Refined prior > 0.5 on the source grid as one binary segment.

    Raises:
        ExportFailed: the case has no localised region.
    """
    import highdicom as hd
    from pydicom.sr.codedict import codes

    prior = case.volume("refined_prior", "native")
    if prior is None or not (prior.voxels > 0.5).any():
        raise ExportFailed("export.no_region", what="segmentation")
    mask = source.on_source_grid(prior.like((prior.voxels > 0.5).astype(np.uint8)))
    made = MadeBy.of(case)
    corrected = any(not edit.undone for edit in case.record.box_edits)
    kind = hd.seg.SegmentAlgorithmTypeValues
    segment = hd.seg.SegmentDescription(
        segment_number=1,
        segment_label=SEGMENT_LABEL,
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.Mass,
        algorithm_type=kind.SEMIAUTOMATIC if corrected else kind.AUTOMATIC,
        algorithm_identification=hd.AlgorithmIdentificationSequence(
            name="Refined prior of boxes (Tumor-Localizer)",
            family=codes.DCM.ArtificialIntelligence,
            version=made.version,
        ),
        tracking_uid=hd.UID(),
        tracking_id=f"{case.record.case_id}-1",
        anatomic_regions=[codes.SCT.Brain],
    )
    segment.SegmentDescription = SEGMENT_DESCRIPTION
    return hd.seg.Segmentation(
        source_images=list(source.images),
        pixel_array=mask,
        segmentation_type=hd.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[segment],
        series_instance_uid=hd.UID(),
        series_number=SERIES_NUMBER,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer=made.manufacturer,
        manufacturer_model_name=made.model,
        software_versions=made.version,
        device_serial_number=made.serial,
        content_label=CONTENT_LABEL,
        content_description=made.warnings[-1][:64],
        series_description=made.series_description("localised region"),
        plane_positions=_positions(source) if len(source.images) == 1 else None,
    )


def _positions(source: Source) -> list[Any]:
    """Where each slice of the mask lies; the frames of the source may stand in another order."""
    import highdicom as hd

    places = source.described["slices"]
    groups = source.images[0].PerFrameFunctionalGroupsSequence
    return [
        hd.PlanePositionSequence(
            hd.CoordinateSystemNames.PATIENT,
            list(groups[int(place["frame_number"]) - 1].PlanePositionSequence[0].ImagePositionPatient),
        )
        for place in places
    ]
