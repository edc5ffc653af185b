"""Quality gates of the processing: is what came out a brain, whole, in the right place, of the right kind of scan?

One gate a file. The thresholds were set on real scans; docs/quality-gates.md has every scan's figures, and
`python -m tests.benchmarks.quality_gates` measures them again.
"""

from __future__ import annotations

from vb_desktop.pipeline.case import ProcessedScan, Scan
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.contrast import tissue_contrast
from vb_desktop.pipeline.mri_processor.gates.brain_shape import brain_shape
from vb_desktop.pipeline.mri_processor.gates.brain_volume import brain_volume
from vb_desktop.pipeline.mri_processor.gates.contrast_seen import contrast_seen
from vb_desktop.pipeline.mri_processor.gates.head_coverage import head_coverage
from vb_desktop.pipeline.mri_processor.gates.kind_of_scan import kind_of_scan
from vb_desktop.pipeline.mri_processor.gates.orientation import orientation
from vb_desktop.pipeline.mri_processor.gates.similarity import similarity
from vb_desktop.pipeline.mri_processor.gates.template_overlap import template_overlap
from vb_desktop.pipeline.mri_processor.gates.warp import warp


def quality_gates(scan: Scan, processed: ProcessedScan) -> list[GateRecord]:
    """All gates of the processing, in the order a reader wants them: the scan, the brain, the alignment.

    Args:
        scan: as imported.
        processed: what became of it; its transform files must still be there.
    """
    tissue = tissue_contrast(processed)
    return [
        kind_of_scan(scan, tissue),
        contrast_seen(scan, tissue),
        head_coverage(processed),
        orientation(scan, processed),
        brain_volume(processed),
        brain_shape(processed),
        template_overlap(processed),
        similarity(processed),
        warp(processed),
    ]
