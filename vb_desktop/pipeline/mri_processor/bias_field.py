"""N4 bias field correction inside the brain (Tustison 2010), with ANTs."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.config import BiasFieldConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.grids import resample, world_grid

_GRID_MM = 1.0
_MARGIN_MM = 4.0


def correct(brain: Volume, mask: Volume, config: BiasFieldConfig) -> Volume:
    """Divide the brain by its smooth bias field.

    The field is estimated on a 1 mm grid along the world's axes, so that `config.shrink` means the same for thick
    slices and for 0.5 mm voxels, and is then divided out on the scan's own grid.

    Args:
        brain: native grid, >= 0 in the mask, 0 outside.
        mask: native grid.
        config: N4's settings.

    Returns:
        float32 on the native grid, 0 outside the mask.

    Raises:
        ProcessingFailed: N4 gave no usable field.
    """
    from vb_desktop.pipeline.mri_processor.ants_bridge import ants, from_ants, to_ants

    affine, shape = world_grid(mask, _GRID_MM, _MARGIN_MM)
    # Weighted by the mask, so that the zeros outside don't darken the rim.
    weight = resample(mask, affine, shape)
    inside = weight.voxels > 0.5
    values = resample(brain, affine, shape).voxels
    values = np.where(inside, values / np.maximum(weight.voxels, 0.5), 0).astype(np.float32)
    field = from_ants(
        ants.n4_bias_field_correction(
            to_ants(Volume(values, affine)),
            mask=to_ants(Volume((inside & (values > 0)).astype(np.float32), affine)),
            shrink_factor=config.shrink,
            convergence={"iters": list(config.iterations), "tol": config.tolerance},
            return_bias_field=True,
        )
    )
    if not np.isfinite(field.voxels).all() or float(field.voxels.min()) <= 0:
        raise ProcessingFailed("mri_processor.bias_field")
    native_field = resample(field, brain.affine, brain.voxels.shape).voxels
    on = (mask.voxels > 0) & (native_field > 0)
    corrected = brain.voxels.astype(np.float32, copy=True)
    corrected[on] /= native_field[on]
    return brain.like(corrected)
