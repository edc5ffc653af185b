"""Can this be how a head lies and differs from the template? An absurd transform is an error, never a silent result.

The limits are wide. 18 patients and 5 other heads had scales of 0.78 to 1.00, turns of 1 to 19 degrees, axes at most 7
degrees off the right angle, displacements up to 15 mm, and ways there and back that meet within 0.3 mm.
"""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
from nibabel.filebasedimages import ImageFileError
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Transforms, Volume
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.grids import resample
from vb_desktop.pipeline.mri_processor.jacobian import jacobian

SCALES = (0.6, 1.6)
MOST_TURN_DEGREES = 60.0
MOST_SHEAR_DEGREES = 20.0
MOST_DISPLACEMENT_MM = 50.0
MOST_DISAGREEMENT_MM = 2.0
MOST_FOLDED = 0.001
CENTRE_MARGIN_MM = 20.0

WARP_ENDING = ".nii.gz"


def check(transforms: Transforms, mask: Volume, template_mask: Volume) -> None:
    """Look at everything that can be wrong with the files of a registration.

    Args:
        transforms: template to native in `forward`, and back in `inverse`.
        mask: native brain mask.
        template_mask: template space.

    Raises:
        ProcessingFailed: a file is missing, empty or unreadable; the affine mirrors, shears, turns, scales or shifts
            the head more than heads differ; the warp is not finite, folds, moves a point too far, or is not undone by
            its inverse.
    """
    for name in {*transforms.forward, *transforms.inverse}:
        path = transforms.folder / name
        if not path.is_file() or path.stat().st_size == 0:
            raise _failed("a transform is empty")
    for name in (name for name in transforms.forward if not name.endswith(WARP_ENDING)):
        _check_affine(_affine(transforms.folder / name), mask, template_mask)
    warps = [
        _Field(transforms.folder / name)
        for names in (transforms.forward, transforms.inverse)
        for name in names
        if name.endswith(WARP_ENDING)
    ]
    for warp in warps:
        warp.check()
    if len(warps) == 2:
        _check_inverse(warps[0], warps[1], template_mask)
    share = folded_share(transforms, template_mask)
    if share > MOST_FOLDED:
        raise _failed(f"the warp folds {100 * share:.1f} % of the brain")


def folded_share(transforms: Transforms, template_mask: Volume) -> float:
    """Share of the template's brain where the warp folds (Jacobian determinant <= 0)."""
    determinant = jacobian(transforms)
    if determinant is None:
        return 0.0
    inside = resample(template_mask, determinant.affine, determinant.voxels.shape, order=0).voxels > 0
    return float((determinant.voxels[inside] <= 0).mean())


class _Field:
    """A displacement field of ANTs: LPS vectors on a grid."""

    def __init__(self, path: Path) -> None:
        try:
            image = nib.load(path)
            vectors = np.asarray(image.dataobj, dtype=np.float32)
        except (OSError, EOFError, ValueError, ImageFileError) as error:
            raise _failed("a transform can't be read") from error
        if vectors.ndim != 5 or vectors.shape[3:] != (1, 3):
            raise _failed("a transform can't be read")
        self.ras = vectors[:, :, :, 0] * np.array([-1, -1, 1], np.float32)
        self.grid = Volume(np.broadcast_to(np.float32(0), vectors.shape[:3]), np.asarray(image.affine, np.float64))

    def check(self) -> None:
        if not np.isfinite(self.ras).all():
            raise _failed("the warp is not finite")
        farthest = float(np.linalg.norm(self.ras, axis=-1).max())
        if farthest == 0:
            raise _failed("the warp is empty")
        if farthest > MOST_DISPLACEMENT_MM:
            raise _failed(f"the warp moves a point by {farthest:.0f} mm")

    def move(self, xyz: Array) -> Array:
        """RAS points (N, 3) -> where the field takes them."""
        index = self.grid.to_index(xyz).T
        moves = [ndimage.map_coordinates(self.ras[..., axis], index, order=1) for axis in range(3)]
        moved: Array = xyz + np.stack(moves, axis=-1)
        return moved


def _check_affine(matrix: Array, mask: Volume, template_mask: Volume) -> None:
    """`matrix` (4, 4) maps RAS points of the template to the native space."""
    linear = matrix[:3, :3]
    if not np.isfinite(matrix).all():
        raise _failed("the affine is not finite")
    if np.linalg.det(linear) <= 0:
        raise _failed("the affine mirrors the head")
    left, scales, right = np.linalg.svd(linear)
    if not SCALES[0] <= scales.min() <= scales.max() <= SCALES[1]:
        raise _failed(f"the affine scales the head by {scales.min():.2f} to {scales.max():.2f}")
    axes = linear / np.linalg.norm(linear, axis=0)
    shear = np.degrees(np.arcsin(np.clip(np.abs(axes.T @ axes - np.eye(3)).max(), 0, 1)))
    if shear > MOST_SHEAR_DEGREES:
        raise _failed(f"the affine shears the head by {shear:.0f} degrees")
    turn = np.degrees(np.arccos(np.clip((np.trace(left @ right) - 1) / 2, -1, 1)))
    if turn > MOST_TURN_DEGREES:
        raise _failed(f"the affine turns the head by {turn:.0f} degrees")
    centre = template_mask.to_mm(np.argwhere(template_mask.voxels > 0).mean(axis=0)[None])
    there = centre @ linear.T + matrix[:3, 3]
    index = np.argwhere(mask.voxels > 0)
    low, high = index.min(axis=0), index.max(axis=0)
    nearest = mask.to_mm(np.clip(mask.to_index(there), low, high))
    if np.linalg.norm(nearest - there) > CENTRE_MARGIN_MM:
        raise _failed("the affine puts the template beside the brain")


def _check_inverse(forward: _Field, inverse: _Field, template_mask: Volume) -> None:
    inside = np.argwhere(template_mask.voxels > 0)
    points = template_mask.to_mm(inside[:: max(1, len(inside) // 2000)])
    apart = float(np.median(np.linalg.norm(inverse.move(forward.move(points)) - points, axis=1)))
    if apart > MOST_DISAGREEMENT_MM:
        raise _failed(f"the ways there and back miss each other by {apart:.1f} mm")


def _affine(path: Path) -> Array:
    """ANTs' linear transform as a RAS matrix (4, 4), whatever kind ANTs wrote (affine or rigid)."""
    from vb_desktop.pipeline.mri_processor.ants_bridge import ants, flip_lps

    try:
        transform = ants.read_transform(str(path))
        corners = np.vstack([np.zeros(3), 100.0 * np.eye(3)])
        moved = flip_lps(np.array([transform.apply_to_point(tuple(corner)) for corner in flip_lps(corners)]))
    except (RuntimeError, ValueError) as error:
        raise _failed("a transform can't be read") from error
    matrix = np.eye(4)
    matrix[:3, :3] = (moved[1:] - moved[0]).T / 100.0
    matrix[:3, 3] = moved[0]
    return matrix


def _failed(cause: str) -> ProcessingFailed:
    return ProcessingFailed("mri_processor.registration", cause=cause)
