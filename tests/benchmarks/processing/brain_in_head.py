"""A whole head with a known tumour: a skull-stripped BraTS brain set into a real head in place of its own brain.

A synthetic combination: the affine fit leaves seams, and scalp and tumour are of two people. It is needed because no
whole head with an enhancing tumour is among the data.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from tests.benchmarks.processing.cases import case_named, load
from tests.benchmarks.processing.store import read_volume, reference_folder
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.mri_processor.input_space import mask_of_stripped

HEAD, BRAIN = "seg3D_MR", "BraTS2021_00006"
_LEVELS = (5.0, 25.0, 50.0, 75.0, 95.0)


def brain_in_head() -> Volume:
    """The head of seg3D_MR with the brain of BraTS2021_00006 (affine fit), on the head's grid.

    Raises:
        FileNotFoundError: the reference mask of the head is not there yet.
    """
    head = load(case_named(HEAD))
    own = read_volume(reference_folder() / HEAD / "reference_mask.nii.gz").voxels > 0
    brain, inside = _fitted(load(case_named(BRAIN)), head, own)
    brain = _matched(brain, inside, head.voxels, own)
    rim = ndimage.binary_dilation(own, iterations=2) & ~own
    fluid = float(np.median(head.voxels[rim]))
    inside &= ndimage.binary_dilation(own, iterations=1)  # the skull stays whole
    emptied = np.where(own & ~inside, fluid, head.voxels)
    weight = ndimage.gaussian_filter(inside.astype(np.float32), 0.7)
    return head.like((weight * np.where(inside, brain, emptied) + (1 - weight) * emptied).astype(np.float32))


def _fitted(brain: Volume, head: Volume, own: Array) -> tuple[Array, Array]:
    """The brain and its mask on the head's grid after an affine registration to the head's own brain."""
    from vb_desktop.pipeline.mri_processor.ants_bridge import ants, to_ants

    grid = to_ants(head)
    ants.config.set_ants_deterministic(True, seed_value=1)
    try:
        made = ants.registration(to_ants(head.like(head.voxels * own)), to_ants(brain), "antsRegistrationSyNQuick[a]")
    finally:
        ants.config.set_ants_deterministic(False, seed_value=None)
    moved = ants.apply_transforms(grid, to_ants(brain), made["fwdtransforms"]).numpy()
    mask = ants.apply_transforms(grid, to_ants(mask_of_stripped(brain)), made["fwdtransforms"]).numpy()
    return moved, mask > 0.5


def _matched(brain: Array, inside: Array, head: Array, own: Array) -> Array:
    """The brain with the grey values of the head's own brain; what is brighter goes on with the last slope."""
    x, y = (np.percentile(values, _LEVELS) for values in (brain[inside], head[own]))
    beyond = brain - x[-1]
    slope = (y[-1] - y[1]) / (x[-1] - x[1])
    matched: Array = np.where(beyond > 0, y[-1] + slope * beyond, np.interp(brain, x, y))
    return matched
