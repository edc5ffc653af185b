"""Small scans, and cohorts of them laid out in several ways."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import nibabel as nib
import numpy as np

SHAPE = (40, 44, 36)
AFFINE = np.diag([4.0, 4.0, 4.0, 1.0])
AFFINE[:3, 3] = [-80, -88, -72]


def put(path: Path, seed: int | str, affine: np.ndarray = AFFINE) -> Path:
    """A head of sorts; scans of different seeds differ."""
    rng = np.random.default_rng(crc32(str(seed).encode()))
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, n) for n in SHAPE], indexing="ij"))
    head = np.where((grid**2).sum(axis=0) < 0.9, 100 + 20 * grid[0] + rng.normal(0, 5, SHAPE), 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    nib.save(nib.Nifti1Image(head.astype(np.int16), affine), path)
    return path


def empty(path: Path) -> Path:
    """A file whose name is all that counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path
