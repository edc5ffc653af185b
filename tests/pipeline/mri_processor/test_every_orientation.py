"""However the voxels of a file are laid, a place in the patient goes to the template and back within half a voxel.

Each of the 48 axis codes and some oblique grids is written as NIfTI, imported, really processed (rigid), and three
marks are followed. The template's and N4's grids are coarse here, so that each takes about half a second.
"""

from __future__ import annotations

from itertools import permutations, product
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from known_brain import Patient, grid_around, turned

from vb_desktop.pipeline.case import Array, ProcessedScan, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.mri_processor import bias_field, mri_processor
from vb_desktop.pipeline.mri_processor.grids import resample
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
from vb_desktop.pipeline.mri_processor.template import template, template_mask
from vb_desktop.pipeline.mri_processor.way_back import to_template
from vb_desktop.pipeline.scan_import.open_scan import open_scan

MARKS = np.array([[-38.0, -20.0, 12.0], [30.0, 25.0, 20.0], [6.0, -62.0, -22.0]])
"""Template mm: left, right front, lower back. No two of them are mirror images of each other."""
SPACING = (4.0, 3.5, 5.0)
CODES = ["".join(code) for axes in permutations(("RL", "AP", "SI")) for code in product(*axes)]
OBLIQUE = list(np.random.default_rng(3).uniform(-28, 28, (5, 3)))


@pytest.fixture(scope="module")
def still() -> Patient:
    """The template's brain, turned and shifted but not scaled, so that a rigid registration can find it."""
    matrix = np.eye(4)
    matrix[:3, :3] = turned((9.0, -6.0, 5.0))
    matrix[:3, 3] = (22.0, -31.0, 14.0)
    return Patient(matrix)


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> Volume:
    """The template on a grid of 3 mm and N4 on one of 4 mm."""
    affine = template().affine @ np.diag([3.0, 3.0, 3.0, 1.0])
    shape = tuple(n // 3 for n in template().voxels.shape)
    grid = resample(template(), affine, shape)
    mask = resample(template_mask(), affine, shape, order=0)
    monkeypatch.setattr(mri_processor, "template", lambda: grid)
    monkeypatch.setattr(mri_processor, "template_mask", lambda: mask.like(mask.voxels.astype(np.uint8)))
    monkeypatch.setattr(bias_field, "_GRID_MM", 4.0)
    return grid


@pytest.fixture(scope="module")
def rigid() -> Config:
    return Config().changed(
        input__space="skull-stripped", registration__kind="rigid", registration__spacing_mm=4.0,
        bias_field__shrink=2, bias_field__iterations=(1,),
    )  # fmt: skip


def blob(grid: Volume, centre: Array) -> Volume:
    """A Gaussian blob (sigma 6 mm) at a place in millimetres."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in grid.voxels.shape), indexing="ij"), -1).reshape(-1, 3)
    distance = np.linalg.norm(grid.to_mm(index) - centre, axis=1).reshape(grid.voxels.shape)
    return grid.like(np.exp(-0.5 * (distance / 6.0) ** 2).astype(np.float32))


def centre_of(volume: Volume) -> Array:
    index = np.argwhere(volume.voxels > 0.02)
    weight = volume.voxels[tuple(index.T)].astype(np.float64)
    place: Array = volume.to_mm((index * weight[:, None]).sum(axis=0)[None] / weight.sum())[0]
    return place


def written(volume: Volume, code: str, path: Path) -> Path:
    """As a NIfTI file whose voxels are laid along the axes of `code`."""
    image = nib.Nifti1Image(volume.voxels, volume.affine)
    turn = nib.orientations.ornt_transform(nib.io_orientation(volume.affine), nib.orientations.axcodes2ornt(code))
    image = image.as_reoriented(turn)
    assert "".join(nib.aff2axcodes(image.affine)) == code
    image.set_qform(image.affine, 1)
    image.set_sform(image.affine, 1)
    image.header.set_xyzt_units("mm")
    nib.save(image, path)
    return path


def assert_there_and_back(patient: Patient, grid: Volume, code: str, config: Config, there: Volume, work: Path) -> None:
    scan = open_scan(written(patient.scan(grid), code, work / "t1ce.nii.gz"))
    assert nib.aff2axcodes(scan.volume.affine) == ("R", "A", "S")
    processed = MRIProcessor(config)(scan, work)
    for n, mark in enumerate(MARKS):
        place = patient.place(mark)
        marked = open_scan(written(blob(grid, place), code, work / f"mark{n}.nii.gz")).volume
        assert voxels_apart(marked, centre_of(marked), place) < 0.5, "import"
        in_template = to_template(processed.transforms, marked, there)
        centre = centre_of(in_template)
        assert np.linalg.norm(centre - mark) < 4.0, "registration"  # left is left, front is front
        assert_back(processed, in_template, centre, place)


def assert_back(processed: ProcessedScan, in_template: Volume, centre: Array, place: Array) -> None:
    as_point = processed.points_to_native(centre[None])[0]
    as_layer = centre_of(processed.to_native(in_template))
    assert voxels_apart(processed.native_grid, as_point, place) < 0.5, "point"
    assert voxels_apart(processed.native_grid, as_layer, place) < 0.5, "layer"


def voxels_apart(grid: Volume, one: Array, other: Array) -> float:
    """The largest distance along a voxel axis, in voxels."""
    return float(np.abs(grid.to_index(one[None]) - grid.to_index(other[None])).max())


@pytest.mark.parametrize("code", CODES)
def test_every_axis_code_comes_back(still: Patient, rigid: Config, coarse: Volume, tmp_path: Path, code: str) -> None:
    assert_there_and_back(still, grid_around(still, SPACING, np.eye(3)), code, rigid, coarse, tmp_path)


@pytest.mark.parametrize("angles", OBLIQUE, ids=lambda angles: "_".join(f"{a:.0f}" for a in angles))
def test_oblique_grids_come_back(still: Patient, rigid: Config, coarse: Volume, tmp_path: Path, angles: Array) -> None:
    grid = grid_around(still, SPACING, turned((float(angles[0]), float(angles[1]), float(angles[2]))))
    code = CODES[int(abs(angles[0]) * 7) % len(CODES)]
    assert_there_and_back(still, grid, code, rigid, coarse, tmp_path)


def test_the_codes_are_all_48() -> None:
    assert len(set(CODES)) == 48
