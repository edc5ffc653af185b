"""The second pass: the alignment once more, with the lesion that was localised left out of account (Brett 2001)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import ProcessedScan, RefinedPrior, Scan, Volume
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
from vb_desktop.pipeline.progress import OnProgress, ignore


def native_region(processed: ProcessedScan, prior: RefinedPrior) -> Volume:
    """Where the refined prior exceeds 0.5, on the scan's grid; uint8."""
    region = processed.to_native(prior.volume, "linear")
    return region.like((region.voxels > 0.5).astype(np.uint8))


def second_pass(
    processor: MRIProcessor,
    scan: Scan,
    first: ProcessedScan,
    prior: RefinedPrior | None,
    work: Path,
    on_progress: OnProgress = ignore,
) -> ProcessedScan:
    """Align once more without the localised region.

    Args:
        processor: as for the first pass.
        scan: native space.
        first: what the first pass gave; its transform files are replaced.
        prior: what was localised in `first`; without it nothing is done again.
        work: as for the first pass.
        on_progress: hears what is being done.
    """
    if prior is None or not first.transforms.forward:
        return first
    lesion = native_region(first, prior)
    if not lesion.voxels.any():
        return first
    again = processor(scan, work, on_progress, native_mask=first.native_mask, lesion=lesion)
    seconds = {name: first.seconds.get(name, 0.0) + again.seconds.get(name, 0.0) for name in first.seconds}
    return ProcessedScan(
        again.volume, again.mask, again.native_mask, again.native_grid, again.transforms, seconds,
        remarks=first.remarks, made_with=first.made_with,
    )  # fmt: skip
