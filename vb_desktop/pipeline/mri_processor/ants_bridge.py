"""The one place where a Volume becomes an ANTs image and RAS becomes LPS; the only file that imports ANTs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import Array, Volume

# ITK counts threads once, when it is first used. More than one makes SyN differ from run to run.
os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = "1"

import ants

__all__ = ["ants", "flip_lps", "from_ants", "readable_by_ants", "scratch", "to_ants"]

_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def to_ants(volume: Volume) -> Any:
    """An ANTs image (float32, LPS) with the same voxels in the same place."""
    affine = _LPS @ volume.affine
    spacing = volume.spacing
    return ants.from_numpy(
        np.ascontiguousarray(volume.voxels, dtype=np.float32),
        origin=tuple(affine[:3, 3]),
        spacing=spacing,
        direction=affine[:3, :3] / np.asarray(spacing),
    )


def from_ants(image: Any) -> Volume:
    """A Volume (float32, RAS+) with the same voxels in the same place."""
    affine = np.eye(4)
    affine[:3, :3] = np.asarray(image.direction) * np.asarray(image.spacing)
    affine[:3, 3] = image.origin
    return Volume(np.asarray(image.numpy(), dtype=np.float32), _LPS @ affine)


def flip_lps(xyz: Array) -> Array:
    """Points (N, 3) from RAS+ mm to LPS+ mm, or back."""
    flipped: Array = np.asarray(xyz, dtype=np.float64) * np.array([-1.0, -1.0, 1.0])
    return flipped


@contextmanager
def scratch(near: Path) -> Iterator[Path]:
    """A folder for ANTs' files with a name that ANTs can parse; gone afterwards.

    It lies in `near`, where it is swept up with the rest when the process is killed, if that name can be parsed.
    """
    where = near if _parsable(near) else None
    with TemporaryDirectory(prefix="ants-", dir=where, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def readable_by_ants(folder: Path, names: tuple[str, ...]) -> Iterator[list[str]]:
    """Paths of transform files that ANTs can parse: a comma or bracket in a case folder's name would confuse it."""
    if _parsable(folder):
        yield [str(folder / name) for name in names]
        return
    with scratch(folder) as copies:
        yield [str(shutil.copy(folder / name, copies / name)) for name in names]


def _parsable(folder: Path) -> bool:
    return not set(str(folder)) & set("[],")
