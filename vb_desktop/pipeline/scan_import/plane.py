"""Names of planes, and how a slice of each is turned for the screen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vb_desktop.pipeline.case import Array

_PLANES = ("sagittal", "coronal", "axial")  # by the axis of the patient that the normal follows
_OBLIQUE_DEGREES = 10.0
_SAME_DIRECTION = 0.005
# Radiological convention, LPS: what points to the right and to the bottom of the screen.
_SCREEN = {
    "sagittal": ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),  # anterior on the left, head up
    "coronal": ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),  # the patient's right on the left, head up
    "axial": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),  # the patient's right on the left, anterior up
}


def plane_of(orientations: Sequence[tuple[float, ...] | None]) -> str:
    """Axial, coronal or sagittal, with "oblique" before it from 10 degrees on; "mixed"; empty if unknown.

    Args:
        orientations: Image Orientation (Patient) of the slices.
    """
    given = list({orientation for orientation in orientations if orientation})
    if not given:
        return ""
    axes = np.array(given, dtype=np.float64).reshape(-1, 2, 3)
    if np.abs(axes - axes[0]).max() > _SAME_DIRECTION:
        return "mixed"
    normal = np.cross(axes[0, 0], axes[0, 1])
    length = float(np.linalg.norm(normal))
    if length < 1e-6:
        return ""
    along = np.abs(normal) / length
    axis = int(np.argmax(along))
    degrees = float(np.degrees(np.arccos(np.clip(along[axis], 0, 1))))
    return f"oblique {_PLANES[axis]}" if degrees >= _OBLIQUE_DEGREES else _PLANES[axis]


def turn_for_screen(
    pixels: Array, spacing: tuple[float, float], orientation: tuple[float, ...]
) -> tuple[Array, tuple[float, float]]:
    """A slice as a radiologist expects it on the screen; it is turned by right angles and mirrored only.

    Args:
        pixels: (rows, columns).
        spacing: distance of rows, of columns, mm.
        orientation: Image Orientation (Patient), LPS: along a row, along a column.

    Returns:
        The slice with the patient's right on the left, or anterior on the left if it is sagittal; and its spacing.
    """
    plane = plane_of([orientation]).removeprefix("oblique ")
    if plane not in _SCREEN:
        return pixels, spacing
    across, down = (np.array(direction) for direction in _SCREEN[plane])
    row, column = np.array(orientation[:3]), np.array(orientation[3:])
    if abs(row @ across) < abs(column @ across):
        pixels, spacing, row, column = pixels.T, (spacing[1], spacing[0]), column, row
    if row @ across < 0:
        pixels = pixels[:, ::-1]
    if column @ down < 0:
        pixels = pixels[::-1]
    return pixels, spacing
