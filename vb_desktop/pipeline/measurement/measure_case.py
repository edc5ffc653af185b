"""All measurements of a localised case: size in the patient's own space, place, contrast agent, midline."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import ProcessedScan, RefinedPrior, Volume
from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.measurement.enhancement import enhancement
from vb_desktop.pipeline.measurement.location import atlas, location
from vb_desktop.pipeline.measurement.measure import LEVEL, measure
from vb_desktop.pipeline.measurement.midline_shift import midline_shift
from vb_desktop.pipeline.recent import Recent, way_key

_atlases: Recent[Volume] = Recent()
_shifts: Recent[MeasurementRecord] = Recent()


def measure_case(
    processed: ProcessedScan, prior: RefinedPrior, native: Volume | None = None
) -> list[MeasurementRecord]:
    """Measure a case. What depends on the scan and its alignment alone is measured once and kept.

    Args:
        processed: the scan and its way back.
        prior: in MNI space.
        native: the refined prior in native space, where it has been carried there already.

    Returns:
        One record an item; volume 0 and no region alone where nothing exceeds 0.5.
    """
    native = native or processed.to_native(prior.volume, "linear")
    items = measure(native, processed.native_grid, prior.volume)
    region = native.voxels > LEVEL
    in_template = prior.volume.voxels > LEVEL
    if not region.any() or not in_template.any():
        return items
    way = way_key(processed)
    items += location(region, _atlases.get(way, lambda: native_atlas(processed)))
    items.append(enhancement(processed, in_template, float(region.sum()) * native.voxel_ml))
    items.append(_shifts.get(way, lambda: midline_shift(processed)))
    return items


def native_atlas(processed: ProcessedScan) -> Volume:
    """Codes of `structures.STRUCTURES` in the patient's own space, uint8."""
    carried = processed.to_native(atlas(), "nearest")
    return carried.like(np.rint(carried.voxels).astype(np.uint8))


def prepare(processed: ProcessedScan) -> None:
    """Do beforehand what measuring this scan again and again has in common."""
    way = way_key(processed)
    _atlases.get(way, lambda: native_atlas(processed))
    _shifts.get(way, lambda: midline_shift(processed))
