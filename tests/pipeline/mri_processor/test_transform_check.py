"""A transform that is empty, folding or absurd is an error with its sentence, never a silent result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from known_brain import turned

from vb_desktop.pipeline.case import Array, Transforms
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.ants_bridge import ants
from vb_desktop.pipeline.mri_processor.template import template_mask
from vb_desktop.pipeline.mri_processor.transform_check import check

GRID = template_mask().affine @ np.diag([6.0, 6.0, 6.0, 1.0])
SHAPE = (33, 39, 32)


def affine_file(path: Path, linear: Array, shift: Array | None = None) -> None:
    """A RAS affine from the template to the native space, as ANTs writes it."""
    lps = np.diag([-1.0, -1.0, 1.0])
    transform = ants.create_ants_transform(
        transform_type="AffineTransform",
        dimension=3,
        matrix=lps @ linear @ lps,
        translation=lps @ (np.zeros(3) if shift is None else shift),
    )
    ants.write_transform(transform, str(path))


def bump(height_mm: float = 6.0) -> Array:
    """A smooth displacement in the middle of the brain; (I, J, K, 3), RAS."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in SHAPE), indexing="ij"), -1)
    far = np.linalg.norm(index - np.array(SHAPE) / 2, axis=-1)
    return np.exp(-0.5 * (far / 5.0) ** 2)[..., None] * np.array([height_mm, 0.5 * height_mm, 0.0])


def warp_file(path: Path, displacement: Array) -> None:
    vectors = (displacement * (-1, -1, 1)).astype(np.float32)[:, :, :, None, :]
    image = nib.Nifti1Image(vectors, GRID)
    image.header.set_intent("vector")
    nib.save(image, path)


@pytest.fixture
def good(tmp_path: Path) -> Transforms:
    """As they should be: a bit smaller, a bit turned, warped by 6 mm."""
    affine_file(tmp_path / "affine.mat", turned((10.0, -4.0, 5.0)) @ np.diag([0.92, 0.88, 0.85]))
    warp_file(tmp_path / "warp.nii.gz", bump())
    warp_file(tmp_path / "inverse_warp.nii.gz", -bump())
    return Transforms(tmp_path, ("warp.nii.gz", "affine.mat"), ("affine.mat", "inverse_warp.nii.gz"), (True, False))


def test_a_good_one_passes(good: Transforms) -> None:
    check(good, template_mask(), template_mask())


def emptied(folder: Path) -> None:
    (folder / "inverse_warp.nii.gz").write_bytes(b"")


def torn(folder: Path) -> None:
    path = folder / "warp.nii.gz"
    path.write_bytes(path.read_bytes()[:2000])


def nonsense(folder: Path) -> None:
    (folder / "affine.mat").write_bytes(b"no transform at all" * 20)


def not_finite(folder: Path) -> None:
    field = bump()
    field[10, 10, 10] = np.nan
    warp_file(folder / "warp.nii.gz", field)


def folding(folder: Path) -> None:
    field = np.zeros((*SHAPE, 3))
    field[12:20, :, :, 0] = -7.0 * np.arange(8)[:, None, None]
    warp_file(folder / "warp.nii.gz", field)
    (folder / "inverse_warp.nii.gz").unlink()


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (lambda f: (f / "affine.mat").unlink(), "a transform is empty"),
    "emptied": (emptied, "a transform is empty"),
    "torn": (torn, "a transform can't be read"),
    "nonsense": (nonsense, "a transform can't be read"),
    "not finite": (not_finite, "not finite"),
    "no displacement": (lambda f: warp_file(f / "warp.nii.gz", 0 * bump()), "the warp is empty"),
    "too far": (lambda f: warp_file(f / "warp.nii.gz", bump(70.0)), "moves a point by"),
    "no way back": (lambda f: warp_file(f / "inverse_warp.nii.gz", bump(20.0)), "miss each other"),
    "mirrored": (lambda f: affine_file(f / "affine.mat", np.diag([-1.0, 1.0, 1.0])), "mirrors the head"),
    "shrunk": (lambda f: affine_file(f / "affine.mat", np.diag([0.5, 0.9, 0.9])), "scales the head by 0.50"),
    "grown": (lambda f: affine_file(f / "affine.mat", np.diag([0.9, 0.9, 1.7])), "scales the head by 0.90 to 1.70"),
    "affine not finite": (lambda f: affine_file(f / "affine.mat", np.diag([np.nan, 1.0, 1.0])), "affine is not finite"),
    "sheared": (
        lambda f: affine_file(f / "affine.mat", np.array([[1, 0.45, 0], [0, 1, 0], [0, 0, 1.0]])),
        "shears the head by 24 degrees",
    ),
    "upside down": (lambda f: affine_file(f / "affine.mat", turned((180.0, 0.0, 0.0))), "turns the head by 180"),
    "elsewhere": (lambda f: affine_file(f / "affine.mat", np.eye(3), np.array([0.0, 0.0, 150.0])), "beside the brain"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_one_is_an_error(good: Transforms, kind: str) -> None:
    breaking, sentence = BROKEN[kind]
    breaking(good.folder)
    with pytest.raises(ProcessingFailed, match=sentence) as error:
        check(good, template_mask(), template_mask())
    assert error.value.message.id == "mri_processor.registration" and error.value.advice()


def test_a_folding_warp_is_an_error(good: Transforms) -> None:
    folding(good.folder)
    one_way = Transforms(good.folder, good.forward, ("affine.mat",), (True,))
    with pytest.raises(ProcessingFailed, match=r"folds \d+\.\d % of the brain"):
        check(one_way, template_mask(), template_mask())
