"""Is this one 3D MRI of a head? Shape, grid and values, whatever the file format."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import import limits

_LABEL_VALUES = 8


def check_shape(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """One volume of a sensible size; trailing axes of length 1 are dropped.

    Raises:
        UnreadableScan: 2D, 4D, too few slices or too large.
    """
    trimmed = list(shape)
    while len(trimmed) > 3 and trimmed[-1] == 1:
        trimmed.pop()
    if len(trimmed) > 3:
        raise UnreadableScan("scan_import.four_d", count=int(np.prod(trimmed[3:], dtype=object)))
    if len(trimmed) < 3 or 1 in trimmed:
        raise UnreadableScan("scan_import.two_d", shape=_by(shape))
    check_size(trimmed[0], trimmed[1], trimmed[2])
    if min(trimmed) < limits.LEAST_SLICES:
        raise UnreadableScan("scan_import.few_slices", count=min(trimmed), least=limits.LEAST_SLICES)
    return trimmed[0], trimmed[1], trimmed[2]


def check_size(*shape: int) -> None:
    """The limits on memory.

    Raises:
        UnreadableScan: an axis or the whole is too large.
    """
    if max(shape) > limits.AXIS_VOXELS or np.prod(shape, dtype=object) > limits.VOLUME_VOXELS:
        raise UnreadableScan(
            "scan_import.image_too_large",
            shape=_by(shape),
            axis_limit=limits.AXIS_VOXELS,
            gb_limit=limits.VOLUME_BYTES >> 30,
        )


def check_grid(shape: tuple[int, int, int], affine: Array) -> tuple[Message, ...]:
    """The grid is rectangular and of the size of a head.

    Args:
        shape: voxels along I, J, K.
        affine: finite (4, 4), voxel index -> mm.

    Returns:
        What the reader must know.

    Raises:
        UnreadableScan: skewed axes or an absurd field of view.
    """
    edges = np.linalg.norm(affine[:3, :3], axis=0)
    sides = edges * np.array(shape)
    least, most = limits.FIELD_OF_VIEW_MM
    if not ((sides >= least) & (sides <= most)).all():
        size = " x ".join(f"{side:.4g}" for side in sides)
        raise UnreadableScan("scan_import.field_of_view", size=size, least=f"{least:.0f}", most=f"{most:.0f}")
    degrees = skew_degrees(affine)
    if degrees > limits.SKEW_DEGREES:
        raise UnreadableScan("scan_import.skewed", degrees=f"{degrees:.1f}")
    remarks: tuple[Message, ...] = ()
    away = float(np.linalg.norm(affine[:3, :3] @ ((np.array(shape) - 1) / 2) + affine[:3, 3]))
    if away > limits.FAR_OFF_MM:
        remarks += (Message("scan_import.far_off", {"mm": f"{away:.0f}"}),)
    if edges.max() > limits.THICK_SLICES_MM:
        remarks += (Message("scan_import.thick_slices", {"mm": f"{edges.max():.1f}"}),)
    return remarks


def skew_degrees(affine: Array) -> float:
    """Largest deviation of two axes from a right angle, in degrees."""
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    cosines = np.abs(axes.T @ axes)[np.triu_indices(3, 1)]
    return float(np.degrees(np.arcsin(np.clip(cosines, 0, 1))).max())


def check_voxels(voxels: Array) -> tuple[Array, tuple[Message, ...]]:
    """The values are those of an MRI.

    Args:
        voxels: float32 (I, J, K); changed in place where it holds a few invalid numbers.

    Returns:
        The voxels with invalid numbers set to 0, and what the reader must know.

    Raises:
        UnreadableScan: many invalid numbers, all zero, constant, a segmentation or a CT.
    """
    remarks: tuple[Message, ...] = ()
    bad = ~np.isfinite(voxels)
    count = int(np.count_nonzero(bad))
    if count > limits.NOT_FINITE_SHARE * voxels.size:
        raise UnreadableScan("scan_import.not_finite", percent=f"{100 * count / voxels.size:.3g}")
    if count:
        voxels[bad] = 0
        remarks = (Message("scan_import.filled", {"count": count}),)
    low, high = float(voxels.min()), float(voxels.max())
    if low == high:
        raise UnreadableScan("scan_import.all_zero" if low == 0 else "scan_import.constant")
    if looks_like_ct(voxels):
        raise UnreadableScan("scan_import.looks_like_ct")
    values = _few_values(voxels)
    if values:
        raise UnreadableScan("scan_import.labels", count=values)
    return voxels, remarks


def looks_like_ct(voxels: Array) -> bool:
    """Whether much of the image lies at the Hounsfield value of air (or of the padding round it) and little just above.

    A CT stored with an offset of 1000 can't be told from an MRI this way. A phase image has values everywhere.
    """
    sample = voxels.ravel(order="K")[:: max(1, voxels.size // 1_000_000)]
    least = float(sample.min())
    air = float(np.mean((sample > -1050) & (sample < -950)))
    padding = float(np.mean(sample == least)) if -4100 < least <= -1000 else 0.0
    between = float(np.mean((sample > -800) & (sample < -300)))
    tissue = float(np.mean((sample > -200) & (sample < 200)))
    return max(air, padding) > 0.05 and between < 0.05 and tissue > 0.02


def _few_values(voxels: Array) -> int:
    """How many different values there are, if they are as few as in a segmentation; else 0."""
    found: set[float] = set()
    for plane in np.moveaxis(voxels, -1, 0):
        found.update(np.unique(plane).tolist())
        if len(found) > _LABEL_VALUES:
            return 0
    return len(found)


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(str(n) for n in shape)
