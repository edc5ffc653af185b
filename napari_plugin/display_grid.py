"""How a volume lies on the screen: napari order (z, y, x), millimetres, and the radiological convention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import Array, Volume

AXIS_LABELS = ("z", "y", "x")
UNITS = ("mm", "mm", "mm")

RADIOLOGICAL = ("up", "left")
"""Of `camera.orientation2d`: y grows upwards, x to the left, so the patient's right is at the left of the screen."""


@dataclass(frozen=True, slots=True, eq=False)
class DisplayGrid:
    """A voxel-aligned grid for napari, which ignores rotations out of the shown plane.

    World coordinates are RAS+ millimetres in the order (z, y, x): exact where the scan is not oblique. An oblique scan
    is shown on its own voxels, unrotated about its centre, and `obliquity_deg` says by how much it is oblique.

    Attributes:
        scale: edge of a voxel along z, y, x in mm.
        translate: world position of the first voxel's centre, (z, y, x) in mm.
        obliquity_deg: largest angle between a voxel axis and the patient's axis that it stands for.
    """

    scale: tuple[float, float, float]
    translate: tuple[float, float, float]
    obliquity_deg: float

    @classmethod
    def of(cls, volume: Volume) -> DisplayGrid:
        """The grid for a volume in closest canonical RAS."""
        spacing = np.array(volume.spacing)
        half = (np.array(volume.voxels.shape) - 1) / 2
        origin = volume.to_mm(half[None])[0] - spacing * half
        z, y, x = (float(value) for value in origin[::-1])
        k, j, i = (float(value) for value in spacing[::-1])
        return cls((k, j, i), (z, y, x), obliquity_deg(volume.affine))

    def layer_options(self) -> dict[str, Any]:
        """What places a layer: the keyword arguments that every layer of the volume takes."""
        return {"scale": self.scale, "translate": self.translate, "units": UNITS, "axis_labels": AXIS_LABELS}


def obliquity_deg(affine: Array) -> float:
    """Largest angle between a voxel axis and its patient axis, in degrees, for an affine in closest canonical RAS."""
    axes = affine[:3, :3] / np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    return float(np.degrees(np.arccos(np.clip(np.abs(np.diag(axes)), 0.0, 1.0))).max())


def to_napari(voxels: Array) -> Array:
    """(I, J, K) -> (z, y, x), without a copy."""
    return voxels.transpose(2, 1, 0)


def from_napari(data: Array) -> Array:
    """(z, y, x) -> (I, J, K), without a copy."""
    return data.transpose(2, 1, 0)
