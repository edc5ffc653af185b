"""A brain whose place in the world is known: the template, turned, scaled and shifted by a known affine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.mri_processor.template import template


def turned(degrees: tuple[float, float, float]) -> Array:
    """Rotation about the world's x, y and z axis, one after the other."""
    matrix = np.eye(3)
    for axis, angle in enumerate(np.radians(degrees)):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        matrix = turn @ matrix
    return matrix


@dataclass(frozen=True)
class Patient:
    """The template's brain somewhere else in the world: template mm -> patient mm."""

    matrix: Array

    def place(self, xyz: Array) -> Array:
        return np.asarray(xyz) @ self.matrix[:3, :3].T + self.matrix[:3, 3]

    def scan(self, grid: Volume) -> Volume:
        """The patient's brain seen on a grid."""
        step = np.linalg.inv(template().affine) @ np.linalg.inv(self.matrix) @ grid.affine
        voxels = ndimage.affine_transform(
            template().voxels, step[:3, :3], step[:3, 3], grid.voxels.shape, order=1, output=np.float32
        )
        return grid.like(np.where(voxels < 1, 0, voxels))


def grid_around(patient: Patient, spacing: tuple[float, float, float], axes: Array) -> Volume:
    """A grid of `spacing` mm along the columns of `axes` that holds the whole brain."""
    size = np.array([200.0, 240.0, 200.0])
    shape = tuple(int(n) for n in np.ceil((np.abs(np.linalg.inv(axes)) @ size) / np.array(spacing)))
    affine = np.eye(4)
    affine[:3, :3] = axes * np.array(spacing)
    middle = patient.place(np.array([0.0, -18.0, 10.0]))
    affine[:3, 3] = middle - affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return Volume(np.zeros(shape, np.float32), affine)


GRIDS: dict[str, Callable[[Patient], Volume]] = {
    "straight": lambda p: grid_around(p, (2.0, 2.0, 2.0), np.eye(3)),
    "oblique": lambda p: grid_around(p, (2.0, 2.0, 2.0), turned((18.0, 12.0, -15.0))),
    "left-handed": lambda p: grid_around(p, (2.0, 2.0, 2.0), np.diag([-1.0, 1.0, 1.0])),
    "anisotropic": lambda p: grid_around(p, (1.5, 1.5, 3.0), np.eye(3)),
}
