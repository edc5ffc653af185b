"""Between native and template space with the transforms recorded at processing."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Array, Transforms, Volume
from vb_desktop.pipeline.mri_processor.grids import resample

_INTERPOLATORS = {"linear": ("linear", 1), "nearest": ("nearestNeighbor", 0)}


def to_template(transforms: Transforms, volume: Volume, grid: Volume, interpolation: str = "linear") -> Volume:
    """Carry a native volume to the template's grid; arguments and result as in `to_native`."""
    return _carry(transforms, transforms.forward, None, volume, grid, interpolation)


def to_native(transforms: Transforms, volume: Volume, native_grid: Volume, interpolation: str = "linear") -> Volume:
    """Bring a template-space volume back to a native grid (inverse SyN, then inverse affine).

    Args:
        transforms: of the case.
        volume: template space.
        native_grid: the grid to fill; its voxels are not looked at.
        interpolation: "linear" or "nearest".

    Returns:
        float32 voxels on the native grid; 0 where the template does not reach.
    """
    return _carry(transforms, transforms.inverse, transforms.inverse_inverted, volume, native_grid, interpolation)


def points_to_native(transforms: Transforms, xyz_ras: Array) -> Array:
    """Template points (N, 3), RAS+ mm -> native points (N, 3), RAS+ mm."""
    xyz = np.asarray(xyz_ras, dtype=np.float64).reshape(-1, 3)
    if not transforms.forward or not len(xyz):
        return xyz.copy()
    import pandas  # type: ignore[import-untyped]

    from vb_desktop.pipeline.mri_processor.ants_bridge import ants, flip_lps, readable_by_ants

    # ANTs' image transforms map points of the target to points of the source: points travel with the forward list.
    with readable_by_ants(transforms.folder, transforms.forward) as paths:
        table = pandas.DataFrame(flip_lps(xyz), columns=["x", "y", "z"])
        moved = ants.apply_transforms_to_points(3, table, paths, whichtoinvert=[False] * len(paths))
    return flip_lps(moved[["x", "y", "z"]].to_numpy())


def _carry(
    transforms: Transforms,
    names: tuple[str, ...],
    inverted: tuple[bool, ...] | None,
    volume: Volume,
    grid: Volume,
    interpolation: str,
) -> Volume:
    if interpolation not in _INTERPOLATORS:
        raise ValueError(f"interpolation must be one of {sorted(_INTERPOLATORS)}, got {interpolation!r}")
    name, order = _INTERPOLATORS[interpolation]
    if not names:
        return resample(volume, grid.affine, grid.voxels.shape, order)

    from vb_desktop.pipeline.mri_processor.ants_bridge import ants, readable_by_ants, to_ants

    with readable_by_ants(transforms.folder, names) as paths:
        moved = ants.apply_transforms(
            to_ants(grid),
            to_ants(volume),
            paths,
            interpolator=name,
            whichtoinvert=list(inverted or [False] * len(names)),
            singleprecision=True,
        )
    return grid.like(np.asarray(moved.numpy(), dtype=np.float32))
