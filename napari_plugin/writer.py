"""Write an image layer, a prior for instance, as NIfTI on the grid that it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from napari_plugin.display_grid import from_napari
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.case_folder import write_volume


def write_nifti(path: str, data: Array, meta: dict[str, Any]) -> list[str]:
    """Write one 3D image layer.

    Args:
        path: where to, ending in .nii or .nii.gz.
        data: (z, y, x).
        meta: the layer's settings. The affine in its metadata (layers of a case carry it) is the scan's own, oblique or
            not; any other layer is written as its scale and translation place it, world = RAS mm.

    Returns:
        The path written; nothing for an image that is not 3D.
    """
    if np.ndim(data) != 3:
        return []
    affine = meta.get("metadata", {}).get("affine_ras_mm")
    if affine is None:
        affine = np.diag([*reversed(meta.get("scale", (1.0, 1.0, 1.0))), 1.0])
        affine[:3, 3] = list(reversed(meta.get("translate", (0.0, 0.0, 0.0))))
    voxels = np.nan_to_num(from_napari(np.asarray(data)))  # the processed scan's background is shown as nothing
    write_volume(Path(path), Volume(voxels, np.asarray(affine, dtype=np.float64)))
    return [path]
