"""The MNI152 2009 template at 1 mm that nilearn ships: 197 x 233 x 189, RAS, skull stripped."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.errors import ProcessingFailed

TEMPLATE_NAME = "MNI152 2009a symmetric, T1, 1 mm (nilearn)"


@cache
def template() -> Volume:
    """The T1 brain: float32 (197, 233, 189), 1 mm, MNI space.

    Raises:
        ProcessingFailed: nilearn is not installed completely.
    """
    t1 = template_map("t1")
    if t1 is None:
        raise ProcessingFailed("mri_processor.no_template", name=TEMPLATE_NAME)
    t1.voxels.setflags(write=False)
    return t1


def template_map(kind: Literal["t1", "gm", "wm"]) -> Volume | None:
    """A map of the template as the file holds it: float32 in [0, 255], 1 mm, MNI space; None where nilearn lacks it."""
    # Read directly: importing nilearn.datasets costs seconds and is not needed for one file.
    spec = find_spec("nilearn")
    name = f"mni_icbm152_{kind}_tal_nlin_sym_09a_converted.nii.gz"
    path = Path(spec.origin).parent / "datasets" / "data" / name if spec and spec.origin else None
    if path is None or not path.is_file():
        return None
    image = nib.load(path)
    return Volume(np.asarray(image.dataobj).astype(np.float32), np.asarray(image.affine, dtype=np.float64))


@cache
def template_mask() -> Volume:
    """Where the template's brain is: uint8 on its grid, holes filled."""
    from scipy import ndimage

    filled = ndimage.binary_fill_holes(template().voxels > 0).astype(np.uint8)
    filled.setflags(write=False)
    return template().like(filled)
