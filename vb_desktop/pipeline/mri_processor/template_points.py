"""From a point of the scan to the template, without ANTs: for what is said under the mouse, a point at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Array, Transforms

_LPS = np.array([-1.0, -1.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class _Affine:
    """y = matrix x + offset, LPS millimetres."""

    matrix: Array
    offset: Array

    def __call__(self, lps: Array) -> Array:
        return np.asarray(lps @ self.matrix.T + self.offset)


@dataclass(frozen=True, slots=True, eq=False)
class _Warp:
    """y = x + displacement(x), LPS millimetres; nothing is displaced outside of the field."""

    field: Array
    to_index: Array

    def __call__(self, lps: Array) -> Array:
        from scipy.ndimage import map_coordinates

        index = (lps * _LPS) @ self.to_index[:3, :3].T + self.to_index[:3, 3]
        moved = [map_coordinates(self.field[..., n], index.T, order=1, mode="constant") for n in range(3)]
        return np.asarray(lps + np.stack(moved, axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class TemplatePoints:
    """The way of points into the template: the transforms that bring images back, applied to points."""

    steps: tuple[_Affine | _Warp, ...]

    @classmethod
    def of(cls, transforms: Transforms) -> TemplatePoints:
        """Read the transforms of a case.

        Raises:
            OSError: a file is missing.
            ValueError: a file is not what ANTs writes.
        """
        inverted = transforms.inverse_inverted or (False,) * len(transforms.inverse)
        steps = [
            _affine(transforms.folder / name, is_inverted) if name.endswith(".mat") else _warp(transforms.folder / name)
            for name, is_inverted in zip(transforms.inverse, inverted, strict=True)
        ]
        return cls(tuple(steps))

    def __call__(self, xyz: Array) -> Array:
        """Native points (N, 3), RAS+ mm -> template points (N, 3), RAS+ mm."""
        lps = np.asarray(xyz, dtype=np.float64) * _LPS
        for step in self.steps:
            lps = step(lps)
        return np.asarray(lps * _LPS)


def _affine(path: Path, is_inverted: bool) -> _Affine:
    """ITK's y = A (x - c) + t + c, or its inverse."""
    from scipy.io import loadmat

    raw = loadmat(path)
    kind = next((name for name in raw if name.startswith(("AffineTransform", "MatrixOffset"))), None)
    if kind is None or "fixed" not in raw:
        raise ValueError(f"{path.name} holds no affine transform")
    values, centre = raw[kind].ravel().astype(np.float64), raw["fixed"].ravel().astype(np.float64)
    matrix = values[:9].reshape(3, 3)
    offset = values[9:12] + centre - matrix @ centre
    if is_inverted:
        matrix = np.linalg.inv(matrix)
        offset = -matrix @ offset
    return _Affine(matrix, offset)


def _warp(path: Path) -> _Warp:
    image = nib.load(path)
    field = np.asarray(image.dataobj, dtype=np.float32)
    if field.ndim != 5 or field.shape[3:] != (1, 3):
        raise ValueError(f"{path.name} holds no displacement field")
    return _Warp(field[:, :, :, 0, :], np.linalg.inv(image.affine))
