"""Closest canonical orientation: axes flipped and swapped so that i runs right, j anterior, k superior.

Nothing is resampled: an oblique scan stays oblique.
"""

from __future__ import annotations

import numpy as np
from nibabel.orientations import apply_orientation, inv_ornt_aff, io_orientation

from vb_desktop.pipeline.case import Array, Volume


def closest_canonical(volume: Volume) -> tuple[Volume, Array]:
    """Flip and swap axes so that they come closest to RAS.

    Args:
        volume: any orientation, oblique or left-handed ones included.

    Returns:
        The same voxels at the same places in the patient; and the orientation (3, 2) that was applied: for each axis of
        the source, the canonical axis that it became and 1, or -1 where it was flipped.
    """
    orientation = io_orientation(volume.affine)
    voxels = np.ascontiguousarray(apply_orientation(volume.voxels, orientation))
    affine = volume.affine @ inv_ornt_aff(orientation, volume.voxels.shape)
    return Volume(voxels, np.asarray(affine, dtype=np.float64)), np.asarray(orientation, dtype=np.int64)
