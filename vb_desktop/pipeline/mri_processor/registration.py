"""SyN (Avants 2008) to the template with ANTs: affine from the centres of mass, then the symmetric warp."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Transforms, Volume
from vb_desktop.pipeline.config import RegistrationConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.grids import resample, world_grid
from vb_desktop.pipeline.mri_processor.jacobian import jacobian

AFFINE, WARP, INVERSE_WARP = "affine.mat", "warp.nii.gz", "inverse_warp.nii.gz"
MOST_FOLDED = 0.001
_MARGIN_MM = 10.0


class Registration(Protocol):
    """All that a registration must do."""

    def __call__(
        self, brain: Volume, mask: Volume, template: Volume, template_mask: Volume, folder: Path
    ) -> Transforms:
        """Register a native brain (0 outside its mask) to the template and leave the transform files in `folder`."""
        ...


class SyN:
    """ANTs' quick SyN: rigid, affine and symmetric warp by mutual information, the same at every run.

    The warp is estimated on a grid of `config.spacing_mm`; applied, it is as smooth as it was estimated. One thread and
    a seed make two runs identical.
    """

    def __init__(self, config: RegistrationConfig) -> None:
        self.config = config

    def __call__(
        self, brain: Volume, mask: Volume, template: Volume, template_mask: Volume, folder: Path
    ) -> Transforms:
        """Register.

        Args:
            brain: native, after N4, 0 outside the mask.
            mask: native brain mask.
            template: template space.
            template_mask: template space.
            folder: the transform files are left here (made when missing).

        Raises:
            ProcessingFailed: ANTs failed, or the warp is not finite or folds the brain.
        """
        from vb_desktop.pipeline.mri_processor.ants_bridge import ants, scratch, to_ants

        # ANTs takes 0 as "seed from the clock".
        ants.config.set_ants_deterministic(True, seed_value=self.config.seed + 1)
        kind = "antsRegistrationSyNQuick[s]" if self.config.kind == "syn" else "antsRegistrationSyNQuick[a]"
        folder.mkdir(parents=True, exist_ok=True)
        with scratch(folder) as temporary:
            prefix = str(temporary / "t")
            try:
                ants.registration(
                    fixed=to_ants(self._at_spacing(template, template_mask)),
                    moving=to_ants(self._at_spacing(_clipped(brain, mask), mask)),
                    type_of_transform=kind,
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
        _check(transforms, template_mask)
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


def _check(transforms: Transforms, template_mask: Volume) -> None:
    for name in (*transforms.forward, *transforms.inverse):
        path = transforms.folder / name
        if name.endswith(".nii.gz") and not np.isfinite(np.asarray(nib.load(path).dataobj)).all():
            raise ProcessingFailed("mri_processor.registration", cause="the warp is not finite")
        if path.stat().st_size == 0:
            raise ProcessingFailed("mri_processor.registration", cause="a transform is empty")
    share = folded_share(transforms, template_mask)
    if share > MOST_FOLDED:
        raise ProcessingFailed("mri_processor.registration", cause=f"the warp folds {100 * share:.1f} % of the brain")


def folded_share(transforms: Transforms, template_mask: Volume) -> float:
    """Share of the template's brain where the warp folds (Jacobian determinant <= 0)."""
    determinant = jacobian(transforms)
    if determinant is None:
        return 0.0
    inside = resample(template_mask, determinant.affine, determinant.voxels.shape, order=0).voxels > 0
    return float((determinant.voxels[inside] <= 0).mean())
