"""A synthetic patient's brain in a whole head with skull and scalp, in a random pose, as a scanner would lay it.

The head is that of the demo case, which is the mean of many people; its brain is taken out and the patient's put in by
the demo case's own way from template to native space.
"""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
from scipy import ndimage
from scipy.spatial.transform import Rotation

from vb_desktop.assets import asset
from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.cohort.synthesize import DESCRIPTION, SyntheticPatient
from vb_desktop.pipeline.errors import CohortError
from vb_desktop.pipeline.mri_processor.template import template
from vb_desktop.pipeline.training.synthetic_tumour import uniform

TURN_DEGREES = 8.0
SHIFT_MM = 6.0
IN_PLANE_MM = (0.85, 1.05)
SLICE_MM = (1.0, 2.5)
_SHARED_RIM_MM = 0.8


def draw_head(patient: SyntheticPatient, seed: int) -> Volume:
    """The patient's whole head: int16 voxels, anisotropic, axial slices, RAS+.

    Raises:
        CohortError: the demo case, whose head is used, is not there.
    """
    number = int(patient.truth["cohort"]["number"])
    rng = np.random.default_rng([seed, number, 1])
    head, brain, mask = _in_head(patient)
    inside = mask > 0.9
    brain = brain / float(np.percentile(brain[inside], 75))
    shell = head.voxels / float(np.percentile(head.voxels[inside], 75))
    weight = ndimage.gaussian_filter(mask, _SHARED_RIM_MM) * (mask > 0.05)
    image = weight * brain + (1 - weight) * shell
    return _posed(rng, head.like(image.astype(np.float32)))


def write_head(path: Path, patient: SyntheticPatient, seed: int) -> None:
    """Draw and write the whole head."""
    head = draw_head(patient, seed)
    image = nib.Nifti1Image(head.voxels, head.affine)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = DESCRIPTION
    with atomic_path(path) as temporary:
        nib.save(image, temporary)


def _in_head(patient: SyntheticPatient) -> tuple[Volume, Array, Array]:
    """The demo's head; the patient's brain and its soft mask on the head's grid."""
    from vb_desktop.pipeline.stage_files import read_processed

    folder = asset("demo/case")
    if not (folder / "case.json").is_file():
        raise CohortError("cohort.no_head")
    demo = read_processed(folder)
    scan = template().like(patient.scan.astype(np.float32))
    mask = template().like((patient.scan > 0).astype(np.float32))
    return demo.native_grid, demo.to_native(scan).voxels, demo.to_native(mask).voxels


def _posed(rng: np.random.Generator, head: Volume) -> Volume:
    """Another pose in the scanner, other voxels."""
    turn = Rotation.from_euler("xyz", rng.uniform(-TURN_DEGREES, TURN_DEGREES, 3), degrees=True).as_matrix()
    spacing = np.array([uniform(rng, IN_PLANE_MM)] * 2 + [uniform(rng, SLICE_MM)])
    middle = head.to_mm(np.array([[(n - 1) / 2 for n in head.voxels.shape]]))[0]
    pose = np.eye(4)  # scanner -> head
    pose[:3, :3] = turn
    pose[:3, 3] = middle - turn @ (middle + rng.uniform(-SHIFT_MM, SHIFT_MM, 3))
    extent = np.array(head.voxels.shape) * head.spacing + 2 * SHIFT_MM
    shape = np.ceil(extent / spacing).astype(int)
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = middle - spacing * (shape - 1) / 2
    step = np.linalg.inv(head.affine) @ pose @ affine
    smooth = ndimage.gaussian_filter(head.voxels, np.clip(0.42 * (spacing / head.spacing - 1), 0, None))
    voxels = ndimage.affine_transform(smooth, step[:3, :3], step[:3, 3], tuple(shape), order=1)
    noise = rng.uniform(0.01, 0.03)
    real = voxels + noise * rng.standard_normal(voxels.shape, dtype=np.float32)
    noisy = np.hypot(real, noise * rng.standard_normal(voxels.shape, dtype=np.float32))
    return Volume(np.clip(600 * noisy, 0, 32767).astype(np.int16), affine)
