"""How much the warp grows or shrinks tissue: the Jacobian determinant of the displacement field."""

from __future__ import annotations

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Transforms, Volume


def jacobian(transforms: Transforms) -> Volume | None:
    """Determinant of the nonlinear part at each point of the template; > 1: it came from a larger piece of tissue.

    Returns:
        float32 on the grid the warp was estimated on (MNI space); None where there is no warp (affine, or MNI input).
    """
    names = [name for name in transforms.forward if name.endswith(".nii.gz")]
    if not names:
        return None
    image = nib.load(transforms.folder / names[0])
    affine = np.asarray(image.affine, dtype=np.float64)
    lps = np.asarray(image.dataobj, dtype=np.float32).reshape(*image.shape[:3], 3)
    ras = lps * np.array([-1, -1, 1], np.float32)
    inverse = np.linalg.inv(affine[:3, :3])
    matrix = np.empty((*ras.shape, 3), np.float32)
    for component in range(3):
        by_voxel = np.stack(np.gradient(ras[..., component]), axis=-1)
        matrix[..., component, :] = by_voxel @ inverse
    matrix += np.eye(3, dtype=np.float32)
    return Volume(np.linalg.det(matrix).astype(np.float32), affine)
