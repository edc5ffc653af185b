"""The MNI152 2009 template at 1 mm that nilearn ships: 197 x 233 x 189, RAS, skull stripped."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.errors import ProcessingFailed

TEMPLATE_NAME = "MNI152 2009a symmetric, T1, 1 mm (nilearn)"
_FILE = "mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"


@cache
def template() -> Volume:
    """The T1 brain: float32 (197, 233, 189), 1 mm, MNI space.

    Raises:
        ProcessingFailed: nilearn is not installed completely.
    """
    # Read directly: importing nilearn.datasets costs seconds and is not needed for one file.
    spec = find_spec("nilearn")
    path = Path(spec.origin).parent / "datasets" / "data" / _FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ProcessingFailed("mri_processor.no_template", name=TEMPLATE_NAME)
    image = nib.load(path)
    voxels = np.asarray(image.dataobj).astype(np.float32)
    voxels.setflags(write=False)
    return Volume(voxels, np.asarray(image.affine, dtype=np.float64))


@cache
def template_mask() -> Volume:
    """Where the template's brain is: uint8 on its grid, holes filled."""
    from scipy import ndimage

    filled = ndimage.binary_fill_holes(template().voxels > 0).astype(np.uint8)
    filled.setflags(write=False)
    return template().like(filled)
