"""SyN: repeatable, leaves nothing behind, and says so when it failed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from known_brain import GRIDS, Patient

from vb_desktop.pipeline.case import Scan, Transforms, Volume
from vb_desktop.pipeline.config import Config, RegistrationConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.jacobian import jacobian
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
from vb_desktop.pipeline.mri_processor.registration import SyN
from vb_desktop.pipeline.mri_processor.template import template, template_mask
from vb_desktop.pipeline.mri_processor.transform_check import folded_share


def warp_file(folder: Path, displacement_ras: np.ndarray, affine: np.ndarray) -> Transforms:
    """A displacement field as ANTs writes it: vectors in LPS."""
    image = nib.Nifti1Image((displacement_ras * (-1, -1, 1)).astype(np.float32)[:, :, :, None, :], affine)
    image.header.set_intent("vector")
    nib.save(image, folder / "warp.nii.gz")
    return Transforms(folder, ("warp.nii.gz", "affine.mat"), ("affine.mat", "inverse_warp.nii.gz"), (True, False))


def test_the_jacobian_of_a_known_displacement(tmp_path: Path) -> None:
    affine = np.array([[0, 2.0, 0, -10], [-2.0, 0, 0, 20], [0, 0, 3.0, 5], [0, 0, 0, 1]])
    grid = Volume(np.zeros((9, 10, 11), np.float32), affine)
    index = np.stack(np.meshgrid(*(np.arange(n) for n in grid.voxels.shape), indexing="ij"), -1).reshape(-1, 3)
    change = np.array([[0.10, 0.05, 0.0], [0.0, -0.20, 0.1], [0.02, 0.0, 0.30]])
    transforms = warp_file(tmp_path, (grid.to_mm(index) @ change.T).reshape(9, 10, 11, 3), affine)
    determinant = jacobian(transforms)
    assert determinant is not None
    assert np.allclose(determinant.voxels, np.linalg.det(np.eye(3) + change), atol=1e-4)


def test_a_folding_warp_is_noticed(tmp_path: Path) -> None:
    affine = template().affine @ np.diag([4.0, 4.0, 4.0, 1.0])
    shape = (50, 59, 48)
    displacement = np.zeros((*shape, 3))
    displacement[20:30, :, :, 0] = -2.0 * 4.0 * np.arange(10)[:, None, None]
    assert folded_share(warp_file(tmp_path, displacement, affine), template_mask()) > 0.1
    assert folded_share(warp_file(tmp_path, np.zeros((*shape, 3)), affine), template_mask()) == 0.0


@pytest.mark.slow
def test_syn_twice_is_the_same_to_the_last_bit_and_leaves_no_temporary_file(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    brain = patient.scan(GRIDS["oblique"](patient))
    mask = brain.like((brain.voxels > 0).astype(np.uint8))
    once, again = (
        SyN(RegistrationConfig(spacing_mm=4))(brain, mask, template(), template_mask(), tmp_path / name)
        for name in "ab"
    )
    for name in once.forward + once.inverse:
        assert (once.folder / name).read_bytes() == (again.folder / name).read_bytes()
    assert list(temporary.iterdir()) == []
    assert {path.name for path in once.folder.iterdir()} == set(once.forward + once.inverse)
    warp = np.asarray(nib.load(once.folder / "warp.nii.gz").dataobj)
    assert np.abs(warp).max() > 0.1
    determinant = jacobian(once)
    assert determinant is not None and determinant.voxels.min() > 0


def test_a_brain_that_ends_up_beside_the_template_is_refused(patient: Patient, quick: Config, tmp_path: Path) -> None:
    def badly(brain: Volume, mask: Volume, template: Volume, template_mask: Volume, folder: Path) -> Transforms:
        return Transforms(folder)  # as if both lay in one space, which they don't

    with pytest.raises(ProcessingFailed, match="overlap by 0"):
        MRIProcessor(quick, registration=badly)(Scan(volume=patient.scan(GRIDS["straight"](patient))), tmp_path)
