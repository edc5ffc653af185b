"""Slices into a stack: their order and the affine of their positions and orientations (DICOM PS3.3 C.7.6.2.1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.dicom_frame import Frame

_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_SAME_PLACE_MM = 0.01
_UNEVEN_SHARE, _UNEVEN_MM = 0.05, 0.03  # positions are written with two or three decimals by some scanners


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Parallel, evenly spaced slices; slanted where the gantry was tilted.

    Attributes:
        frames: in the order of the slice index k, along the normal of the slices.
        affine: float64 (4, 4), (column i, row j, slice k) -> RAS+ mm.
        shape: columns, rows, slices.
        slant: degrees between the way from slice to slice and the normal of the slices.
    """

    frames: tuple[Frame, ...]
    affine: Array
    shape: tuple[int, int, int]
    slant: float = 0.0

    @property
    def is_tilted(self) -> bool:
        """Whether the slant is more than an uncertainty of the positions."""
        return self.slant > limits.SKEW_DEGREES

    @property
    def distance_mm(self) -> float:
        """Between neighbouring slices, along their normal."""
        return float(np.linalg.norm(self.affine[:3, 2]) * np.cos(np.radians(self.slant)))


def stack(frames: Sequence[Frame]) -> Stack:
    """Order the slices and say where they lie.

    Raises:
        UnreadableScan: no geometry, slices that differ in size or direction, several at one place, missing, unevenly
            spaced slices, or a slant that is no gantry tilt.
    """
    positions, rows, columns, (row_mm, column_mm) = _common_plane(frames)
    normal = np.cross(rows, columns)
    depth = positions @ normal
    order = np.argsort(depth, kind="stable")
    positions, depth = positions[order], depth[order]
    _check_spacing(depth)
    step = (positions[-1] - positions[0]) / (len(frames) - 1)
    slant = np.degrees(np.arccos(np.clip(step @ normal / np.linalg.norm(step), -1, 1)))
    if slant > limits.TILT_DEGREES:
        raise UnreadableScan("scan_import.tilt", degrees=f"{slant:.1f}", most=f"{limits.TILT_DEGREES:.0f}")
    off_line = np.linalg.norm(positions - (positions[0] + np.arange(len(frames))[:, None] * step), axis=1)
    if off_line.max() > max(_UNEVEN_SHARE * float(np.linalg.norm(step)), 0.1):
        raise _uneven(np.diff(depth))
    affine = np.eye(4)
    affine[:3, 0] = rows * column_mm  # i counts columns: one step along a row
    affine[:3, 1] = columns * row_mm
    affine[:3, 2] = step
    affine[:3, 3] = positions[0]
    ordered = tuple(frames[n] for n in order)
    return Stack(ordered, _LPS_TO_RAS @ affine, (ordered[0].columns, ordered[0].rows, len(ordered)), float(slant))


def count_positions(frames: Sequence[Frame]) -> int:
    """How many different places the frames have; frames without a place count one each."""
    placed = {_place(frame) for frame in frames}
    return len(placed - {None}) + sum(_place(frame) is None for frame in frames)


def _place(frame: Frame) -> tuple[float, ...] | None:
    if frame.position is None or frame.orientation is None:
        return None
    return tuple(round(x, 1) for x in frame.position + frame.orientation)


def _common_plane(frames: Sequence[Frame]) -> tuple[Array, Array, Array, tuple[float, float]]:
    if len({(frame.rows, frame.columns) for frame in frames}) > 1:
        raise UnreadableScan("scan_import.sizes")
    if not all(frame.position and frame.orientation and frame.pixel_spacing for frame in frames):
        raise UnreadableScan("scan_import.no_geometry")
    if len(frames) < 2:
        raise UnreadableScan("scan_import.few_slices", count=len(frames), least=limits.LEAST_SLICES)
    orientations = np.array([frame.orientation for frame in frames], dtype=np.float64).reshape(-1, 2, 3)
    lengths = np.linalg.norm(orientations, axis=2)
    if np.abs(lengths - 1).max() > 0.01 or np.abs((orientations[:, 0] * orientations[:, 1]).sum(axis=1)).max() > 0.01:
        raise UnreadableScan("scan_import.no_geometry")
    if np.abs(orientations - orientations[0]).max() > 0.005:
        raise UnreadableScan("scan_import.orientations")
    spacing = np.array([frame.pixel_spacing for frame in frames], dtype=np.float64)
    if spacing.min() <= 1e-4:
        raise UnreadableScan("scan_import.no_geometry")
    if not np.allclose(spacing, spacing[0], rtol=1e-3):
        raise UnreadableScan("scan_import.sizes")
    rows, columns = np.median(orientations, axis=0)  # one wrong frame shall not turn the stack
    rows, columns = rows / np.linalg.norm(rows), columns / np.linalg.norm(columns)
    positions = np.array([frame.position for frame in frames], dtype=np.float64)
    row_mm, column_mm = np.median(spacing, axis=0)
    return positions, rows, columns, (float(row_mm), float(column_mm))


def _check_spacing(depth: Array) -> None:
    steps = np.diff(depth)
    apart = steps[steps > _SAME_PLACE_MM]
    if len(apart) < len(steps):
        raise UnreadableScan("scan_import.duplicates", count=len(depth), positions=len(apart) + 1)
    usual = float(np.median(steps))
    tolerance = max(_UNEVEN_SHARE * usual, _UNEVEN_MM)
    if np.abs(steps - usual).max() <= tolerance:
        return
    multiples = np.round(steps / usual)
    if multiples.min() >= 1 and (np.abs(steps - multiples * usual) <= multiples * tolerance).all():
        raise UnreadableScan("scan_import.missing_slices", count=int((multiples - 1).sum()))
    raise _uneven(steps)


def _uneven(steps: Array) -> UnreadableScan:
    return UnreadableScan("scan_import.uneven", least=f"{steps.min():.2f}", most=f"{steps.max():.2f}")
