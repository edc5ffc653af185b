"""SyN (Avants 2008) to the template with ANTs: affine from the centres of mass, then the symmetric warp."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

import numpy as np

from vb_desktop.pipeline.case import Transforms, Volume
from vb_desktop.pipeline.config import RegistrationConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.grids import resample, world_grid
from vb_desktop.pipeline.mri_processor.transform_check import check

AFFINE, WARP, INVERSE_WARP = "affine.mat", "warp.nii.gz", "inverse_warp.nii.gz"
_KINDS = {"syn": "s", "affine": "a", "rigid": "r"}
_MARGIN_MM = 10.0
_LESION_RIM_MM = 3.0


class Registration(Protocol):
    """All that a registration must do."""

    def __call__(
        self,
        brain: Volume,
        mask: Volume,
        template: Volume,
        template_mask: Volume,
        folder: Path,
        lesion: Volume | None = None,
    ) -> Transforms:
        """Register a native brain (0 outside its mask) to the template and leave the transform files in `folder`.

        Where a lesion (native mask) is given, the template must not pull at it.
        """
        ...


class SyN:
    """ANTs' quick SyN: rigid, affine and symmetric warp by mutual information, the same at every run.

    The warp is estimated on a grid of `config.spacing_mm`; applied, it is as smooth as it was estimated. One thread and
    a seed make two runs identical.
    """

    def __init__(self, config: RegistrationConfig) -> None:
        self.config = config

    def __call__(
        self,
        brain: Volume,
        mask: Volume,
        template: Volume,
        template_mask: Volume,
        folder: Path,
        lesion: Volume | None = None,
    ) -> Transforms:
        """Register.

        Args:
            brain: native, after N4, 0 outside the mask.
            mask: native brain mask.
            template: template space.
            template_mask: template space.
            folder: the transform files are left here (made when missing).
            lesion: native mask of what the template has no counterpart of (Brett 2001): it and a rim of 3 mm don't
                count for the likeness, so that nothing pulls at them.

        Raises:
            ProcessingFailed: ANTs failed, or gave a transform that can't be true.
        """
        from vb_desktop.pipeline.mri_processor.ants_bridge import ants, scratch, to_ants

        # ANTs takes 0 as "seed from the clock".
        ants.config.set_ants_deterministic(True, seed_value=self.config.seed + 1)
        fixed = self._at_spacing(template, template_mask)
        if lesion is not None:
            brain = _filled(brain, mask, lesion)
        moving = self._at_spacing(_clipped(brain, mask), mask)
        counts = None if lesion is None else to_ants(_without(lesion, moving))
        folder.mkdir(parents=True, exist_ok=True)
        with scratch(folder) as temporary:
            prefix = str(temporary / "t")
            try:
                ants.registration(
                    fixed=to_ants(fixed),
                    moving=to_ants(moving),
                    moving_mask=counts,
                    type_of_transform=f"antsRegistrationSyNQuick[{_KINDS[self.config.kind]}]",
                    outprefix=prefix,
                )
            except RuntimeError as error:
                raise ProcessingFailed("mri_processor.registration", cause="ANTs gave up") from error
            finally:
                ants.config.set_ants_deterministic(False, seed_value=None)
            made = {AFFINE: "0GenericAffine.mat"}
            if self.config.kind == "syn":
                made |= {WARP: "1Warp.nii.gz", INVERSE_WARP: "1InverseWarp.nii.gz"}
            for name, theirs in made.items():
                if not Path(prefix + theirs).is_file():
                    raise ProcessingFailed("mri_processor.registration", cause="a transform is missing")
                shutil.move(prefix + theirs, folder / name)
        transforms = Transforms(folder, (AFFINE,), (AFFINE,), (True,))
        if self.config.kind == "syn":
            transforms = Transforms(folder, (WARP, AFFINE), (AFFINE, INVERSE_WARP), (True, False))
        check(transforms, mask, template_mask)
        return transforms

    def _at_spacing(self, brain: Volume, mask: Volume) -> Volume:
        """The brain on a grid of the registration's spacing along the world's axes."""
        affine, shape = world_grid(mask, self.config.spacing_mm, _MARGIN_MM)
        fine = Volume(_smoothed(brain, self.config.spacing_mm), brain.affine)
        return resample(fine, affine, shape)


def _smoothed(volume: Volume, spacing_mm: float) -> np.ndarray:
    """Against aliasing where the new grid is coarser."""
    from scipy import ndimage

    sigma = [0.5 * np.sqrt(max(0.0, (spacing_mm / s) ** 2 - 1.0)) * 0.85 for s in volume.spacing]
    return np.asarray(ndimage.gaussian_filter(volume.voxels.astype(np.float32), sigma), dtype=np.float32)


def _clipped(brain: Volume, mask: Volume) -> Volume:
    """Enhancing tumour and vessels are brighter than all of the template: cut off for the histogram's sake."""
    top = float(np.percentile(brain.voxels[mask.voxels > 0], 99.0))
    return brain.like(np.minimum(brain.voxels, top))


def _filled(brain: Volume, mask: Volume, lesion: Volume) -> Volume:
    """The brain with its median in the lesion: ANTs' start, the centre of mass, must not depend on it either."""
    inside = lesion.voxels > 0
    rest = brain.voxels[(mask.voxels > 0) & ~inside]
    if not rest.size:
        return brain
    return brain.like(np.where(inside, np.float32(np.median(rest)), brain.voxels))


def _without(lesion: Volume, grid: Volume) -> Volume:
    """1 where the likeness counts, 0 in the lesion and its rim, on the registration's grid."""
    from scipy import ndimage

    inside = resample(lesion, grid.affine, grid.voxels.shape).voxels > 0.5
    if not inside.any():
        return grid.like(np.ones(grid.voxels.shape, np.float32))
    away = ndimage.distance_transform_edt(~inside, sampling=grid.spacing)
    return grid.like((away > _LESION_RIM_MM).astype(np.float32))
