"""The script that draws the demo scan, in parts; and the scan itself as it is committed."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from scipy import ndimage

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Volume

SCRIPT = Path(__file__).resolve().parents[2] / "installer" / "make_demo_case.py"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return run_path(str(SCRIPT))


def test_the_committed_scan_says_that_it_is_synthetic(script: dict[str, Any]) -> None:
    for name, kind in (("scan", np.int16), ("truth", np.uint8)):
        image = nib.load(asset(f"demo/{name}.nii.gz"))
        assert image.header["descrip"].item() == script["DESCRIPTION"]
        assert image.get_data_dtype() == kind
        assert nib.aff2axcodes(image.affine) == ("R", "A", "S")
        assert np.allclose(image.header.get_zooms(), 1.0)
    assert asset("demo/scan.nii.gz").stat().st_size < 6e6
    assert str(script["SEED"]) in asset("demo/README.md").read_text(encoding="utf-8")


def test_the_committed_tumour_is_one_deep_enhancing_ring_on_the_right() -> None:
    scan, truth = nib.load(asset("demo/scan.nii.gz")), nib.load(asset("demo/truth.nii.gz"))
    voxels, drawn = np.asarray(scan.dataobj, dtype=np.float32), np.asarray(truth.dataobj) > 0
    assert np.array_equal(scan.affine, truth.affine)
    assert ndimage.label(drawn)[1] == 1
    assert 10 < drawn.sum() / 1000 < 25  # mL
    head = np.argwhere(ndimage.gaussian_filter(voxels, 2) > 40)
    middle, centre = (head.min(axis=0) + head.max(axis=0)) / 2, np.argwhere(drawn).mean(axis=0)
    assert 8 < centre[0] - middle[0] < 35
    core = ndimage.binary_erosion(drawn, iterations=7)
    rim = drawn & ~ndimage.binary_erosion(drawn, iterations=3)
    around = ndimage.binary_dilation(drawn, iterations=6) & ~ndimage.binary_dilation(drawn, iterations=2)
    assert np.median(voxels[rim]) > 1.5 * np.median(voxels[around]) > 1.5 * np.median(voxels[core])


def test_a_tube_follows_its_line_with_its_radius(script: dict[str, Any]) -> None:
    grid = Volume(np.zeros((40, 40, 40), np.float32), np.diag([1.0, 1.0, 1.0, 1.0]))
    field = np.zeros((40, 40, 40), np.float32)
    script["tube"](field, grid, np.array([[5.0, 20.0, 20.0], [35.0, 20.0, 20.0]]), 3.0)
    for i in (8, 20, 32):
        assert field[i].sum() == pytest.approx(np.pi * 3.0**2, rel=0.15)
        assert np.allclose(ndimage.center_of_mass(field[i]), (20, 20), atol=0.1)
    assert not field[:, :14].any()


def test_tissue_is_pushed_away_from_the_tumour(script: dict[str, Any]) -> None:
    grid = Volume(np.zeros((60, 60, 60), np.float32), np.eye(4))
    wall = grid.voxels.copy()
    wall[45] = 1.0
    (moved,) = script["push"](grid, [wall], np.array([30.0, 30.0, 30.0]))
    assert 48 <= np.argmax(moved[:, 30, 30]) <= 52
    assert np.argmax(moved[:, 0, 0]) == 45


def test_noise_is_smooth_standardised_and_seeded(script: dict[str, Any]) -> None:
    once, again, other = (script["noise"]((40, 50, 30), 6.0, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert once.shape == (40, 50, 30)
    assert np.array_equal(once, again) and not np.array_equal(once, other)
    assert abs(once.mean()) < 1e-4 and abs(once.std() - 1) < 1e-4
    assert np.abs(np.diff(once, axis=0)).mean() < 0.3


def test_the_same_scan_is_the_same_file(script: dict[str, Any], tmp_path: Path) -> None:
    volume = Volume(np.arange(60.0).reshape(3, 4, 5), np.eye(4))
    for name in ("a", "b"):
        script["save"](volume, np.int16, tmp_path / f"{name}.nii.gz")
    assert (tmp_path / "a.nii.gz").read_bytes() == (tmp_path / "b.nii.gz").read_bytes()
    assert np.array_equal(nib.load(tmp_path / "a.nii.gz").get_fdata(), volume.voxels)
