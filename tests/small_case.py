"""The project's small case: the demo scan, which is synthetic, without its skull, on a 3 mm grid, cropped to the brain.

A run of it takes seconds, so that it can be killed and repeated a hundred times. It is made anew by whoever needs it.
"""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
from scipy import ndimage

from vb_desktop.assets import asset
from vb_desktop.pipeline.case_folder import read_volume

SPACING_MM = 3
MARGIN = 2
"""Voxels of air round the brain."""
OPTIONS = (
    "--input-space", "skull-stripped", "--set", "registration.spacing_mm=4", "--set", "bias_field.shrink=8",
    "--set", "bias_field.iterations=[5, 5]", "--set", "refine.epochs=5",
)  # fmt: skip
"""Of `vb-desktop run`: no step is left out, but a 3 mm scan has nothing that finer ones could follow."""


def write_small_scan(path: Path) -> Path:
    """Write the scan as NIfTI (float32, native space of the demo scan) and return its path."""
    scan, brain = read_volume(asset("demo/scan.nii.gz")), read_volume(asset("demo/case/brain_mask.nii.gz"))
    inside = brain.voxels > 0
    voxels = np.where(inside, scan.voxels, 0).astype(np.float32)
    n = SPACING_MM
    shape = [size // n * n for size in voxels.shape]
    voxels, inside = (a[: shape[0], : shape[1], : shape[2]] for a in (voxels, inside))
    blocks = (shape[0] // n, n, shape[1] // n, n, shape[2] // n, n)
    small = voxels.reshape(blocks).mean(axis=(1, 3, 5))
    small[inside.reshape(blocks).mean(axis=(1, 3, 5)) < 0.5] = 0
    box = ndimage.find_objects((small > 0).astype(np.uint8))[0]
    small = np.pad(small[box], MARGIN)
    first = np.array([s.start for s in box]) - MARGIN
    affine = scan.affine @ np.diag([n, n, n, 1.0])
    affine[:3, 3] = scan.to_mm(np.array([first * n + (n - 1) / 2]))[0]
    image = nib.Nifti1Image(small.astype(np.float32), affine)
    image.header["descrip"] = b"SYNTHETIC Virtual Biopsy demo, 3 mm"
    image.header.set_xyzt_units("mm")
    path.parent.mkdir(parents=True, exist_ok=True)
    nib.save(image, path)
    return path
