"""Intensities: outliers, and the z-score inside the brain (METHOD section 1, open)."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.errors import ProcessingFailed


def tame(voxels: Array, mask: Array) -> Array:
    """Positive intensities without outliers, for N4 and everything after it.

    Values above twice the 99.5th percentile in the brain are spikes (some exports hold 32767 here and there; vessels
    and enhancing tumour stay below) and are cut there; where the brain holds negative values (signed or normalised
    exports) all are shifted so that N4 can take the logarithm.

    Args:
        voxels: (I, J, K), scanner's values.
        mask: (I, J, K), the brain.

    Returns:
        float32 >= 0 in the mask, 0 outside.

    Raises:
        ProcessingFailed: the brain holds one value only.
    """
    inside = mask > 0
    values = voxels[inside].astype(np.float32)
    low, usual = np.percentile(values, [0.1, 99.5])
    if not usual > low:
        raise ProcessingFailed("mri_processor.flat")
    base = min(0.0, float(low))
    result = np.zeros(voxels.shape, np.float32)
    result[inside] = np.clip(values - base, 0.0, 2.0 * (float(usual) - base))
    return result


def z_score(volume: Volume, mask: Volume) -> Volume:
    """Mean 0 and standard deviation 1 inside the mask, 0 outside; float32."""
    inside = mask.voxels > 0
    values = volume.voxels[inside].astype(np.float64)
    spread = float(values.std())
    if not spread > 0:
        raise ProcessingFailed("mri_processor.flat")
    result = np.zeros(volume.voxels.shape, np.float32)
    result[inside] = (values - values.mean()) / spread
    return volume.like(result)
