"""All measurements of a localised case: size in the patient's own space, place, contrast agent, midline."""

from __future__ import annotations

from vb_desktop.pipeline.case import ProcessedScan, RefinedPrior
from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.measurement.enhancement import enhancement
from vb_desktop.pipeline.measurement.location import atlas, location
from vb_desktop.pipeline.measurement.measure import LEVEL, measure
from vb_desktop.pipeline.measurement.midline_shift import midline_shift


def measure_case(processed: ProcessedScan, prior: RefinedPrior) -> list[MeasurementRecord]:
    """Measure a case.

    Args:
        processed: the scan and its way back.
        prior: in MNI space.

    Returns:
        One record an item; volume 0 and no region alone where nothing exceeds 0.5.
    """
    native = processed.to_native(prior.volume, "linear")
    items = measure(native, processed.native_grid, prior.volume)
    region = native.voxels > LEVEL
    in_template = prior.volume.voxels > LEVEL
    if not region.any() or not in_template.any():
        return items
    codes = processed.to_native(atlas(), "nearest")
    items += location(region, codes)
    items.append(enhancement(processed, in_template, float(region.sum()) * native.voxel_ml))
    items.append(midline_shift(processed))
    return items
