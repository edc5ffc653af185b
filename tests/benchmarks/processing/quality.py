"""How good both recipes' results are: brain masks, likeness to the template, what became of the tumour, folding."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat

from tests.benchmarks.processing.cases import BenchmarkCase, tumour
from tests.benchmarks.processing.store import read_volume, reference_folder
from vb_desktop.pipeline.case import Array, Transforms, Volume
from vb_desktop.pipeline.mri_processor.grids import resample
from vb_desktop.pipeline.mri_processor.jacobian import jacobian
from vb_desktop.pipeline.mri_processor.overlap import dice, mutual_information
from vb_desktop.pipeline.mri_processor.template import template, template_mask
from vb_desktop.pipeline.mri_processor.way_back import points_to_native, to_template

POINTS = 20000
LABELS = {"core": (1, 4), "whole": (1, 2, 4)}


@dataclass(frozen=True, slots=True)
class WarpQuality:
    """Of one recipe on one case.

    Attributes:
        overlap: Dice of the brain mask after the warp with the template's.
        information: mutual information with the template where it and both recipes have brain, but no tumour; nats.
        information_whole: the same with the tumour.
        tumour_ml: "core" and "whole" -> millilitres after the warp.
        tumour_ratio: the same divided by what the recipe's own affine alone would make of it.
        folded: points of the warp's grid in the brain with a Jacobian determinant <= 0.
        least_jacobian: in the brain.
    """

    overlap: float
    information: float
    information_whole: float
    tumour_ml: dict[str, float]
    tumour_ratio: dict[str, float]
    folded: int
    least_jacobian: float


def head_quality(case: BenchmarkCase, mode: str) -> dict[str, Any]:
    """Dice of the brain masks of the two recipes, both volumes, and the template overlap after all stages."""
    folder = reference_folder() / case.name
    reference, ours = (
        read_volume(folder / name) for name in ("reference_mask.nii.gz", f"ours_{mode}/native_mask.nii.gz")
    )
    chain = folder / f"ours_{mode}_chain" / "template_mask.nii.gz"
    return {
        "dice": dice(reference, ours),
        "reference_ml": float((reference.voxels > 0).sum()) * reference.voxel_ml,
        "ours_ml": float((ours.voxels > 0).sum()) * ours.voxel_ml,
        "template_overlap": dice(read_volume(chain), template_mask()) if chain.is_file() else None,
    }


def tumour_quality(case: BenchmarkCase, mode: str = "default") -> dict[str, Any]:
    """Both recipes' warps side by side, and the distance between them.

    `information_of_same` is `information` where both warps carry the image that the reference's N4 made: what is left
    of the difference is the warp's.
    """
    folder = reference_folder() / case.name
    kept = folder / f"ours_{mode}"
    sides = {
        "reference": (
            Transforms(folder / "reference_transforms", ("warp.nii.gz", "affine.mat")),
            read_volume(folder / "reference_processed.nii.gz"),
            read_volume(folder / "reference_template_mask.nii.gz"),
        ),
        "ours": (
            _transforms(kept),
            read_volume(kept / "processed.nii.gz"),
            read_volume(kept / "template_mask.nii.gz"),
        ),
    }
    labels = tumour(case)
    native = read_volume(folder / "input.nii.gz")
    warped = {side: _warped(native, labels, transforms) for side, (transforms, _, _) in sides.items()}
    # A voxel outside a recipe's brain mask has no grey value, only the 0 that stands for the mean.
    brain = (template_mask().voxels > 0) & (sides["reference"][2].voxels > 0) & (sides["ours"][2].voxels > 0)
    clear = brain & ~(warped["reference"]["whole"] | warped["ours"]["whole"])
    result: dict[str, Any] = {
        side: asdict(_quality(native, labels, *sides[side], warped[side], brain, clear)) for side in sides
    }
    distances = _distances(sides["reference"][0], sides["ours"][0])
    corrected = read_volume(folder / "reference_corrected.nii.gz")
    for side, (transforms, _, _) in sides.items():
        same = to_template(transforms, corrected, template()).voxels
        result[side]["information_of_same"] = mutual_information(same[clear], template().voxels[clear])
    result["displacement_mm"] = {"median": float(np.median(distances)), "p95": float(np.percentile(distances, 95))}
    return result


def _quality(
    native: Volume,
    labels: Array,
    transforms: Transforms,
    processed: Volume,
    mask: Volume,
    warped: dict[str, Array],
    brain: Array,
    clear: Array,
) -> WarpQuality:
    ml = {part: float(warped[part].sum()) * template().voxel_ml for part in LABELS}
    # The affine maps points of the template to the native scan: its determinant is native per template volume.
    affine = next(name for name in transforms.forward if name.endswith(".mat"))
    parameters = next(value for name, value in loadmat(transforms.folder / affine).items() if "Affine" in name)
    scale = abs(float(np.linalg.det(parameters.ravel()[:9].reshape(3, 3))))
    native_ml = {part: float(np.isin(labels, values).sum()) * native.voxel_ml for part, values in LABELS.items()}
    determinant = jacobian(transforms)
    assert determinant is not None
    inside = resample(template_mask(), determinant.affine, determinant.voxels.shape, order=0).voxels > 0
    return WarpQuality(
        overlap=dice(mask, template_mask()),
        information=mutual_information(processed.voxels[clear], template().voxels[clear]),
        information_whole=mutual_information(processed.voxels[brain], template().voxels[brain]),
        tumour_ml=ml,
        tumour_ratio={part: ml[part] / (native_ml[part] / scale) for part in LABELS},
        folded=int((determinant.voxels[inside] <= 0).sum()),
        least_jacobian=float(determinant.voxels[inside].min()),
    )


def _warped(native: Volume, labels: Array, transforms: Transforms) -> dict[str, Array]:
    """Tumour part -> bool on the template's grid."""
    return {
        part: to_template(transforms, native.like(np.isin(labels, values).astype(np.float32)), template()).voxels > 0.5
        for part, values in LABELS.items()
    }


def _distances(one: Transforms, other: Transforms) -> Array:
    """Where two recipes take the same points of the template's brain: distances in the native scan, mm, (N,)."""
    inside = np.argwhere(template_mask().voxels > 0)
    chosen = inside[np.random.default_rng(0).choice(len(inside), POINTS, replace=False)]
    points = template().to_mm(chosen)
    apart = points_to_native(one, points) - points_to_native(other, points)
    distances: Array = np.linalg.norm(apart, axis=1)
    return distances


def _transforms(folder: Path) -> Transforms:
    forward, inverse, inverted = json.loads((folder / "transforms.json").read_text())
    return Transforms(folder, tuple(forward), tuple(inverse), tuple(inverted))
