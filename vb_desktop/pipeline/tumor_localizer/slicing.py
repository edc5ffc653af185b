"""Eq. 2: the processed volume as axial slices; only those that hold brain are shown to the backend."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import ProcessedScan


def brain_slices(processed: ProcessedScan, min_brain_mm2: float) -> tuple[int, ...]:
    """Axial slices with enough brain on them, from below to above.

    Args:
        processed: template space; k is the axial index.
        min_brain_mm2: least area of brain on a slice, mm2.

    Returns:
        Slice indices k, ascending; empty where the mask is empty.
    """
    spacing_i, spacing_j, _ = processed.mask.spacing
    area_mm2 = np.count_nonzero(processed.mask.voxels, axis=(0, 1)) * spacing_i * spacing_j
    return tuple(int(k) for k in np.flatnonzero((area_mm2 >= min_brain_mm2) & (area_mm2 > 0)))
