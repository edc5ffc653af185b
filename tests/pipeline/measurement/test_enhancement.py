"""Rings, solid and hardly enhancing regions drawn into the template; shift of a midline that a warp moves."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vb_desktop.pipeline.case import ProcessedScan, Transforms
from vb_desktop.pipeline.measurement import midline_shift as shift_module
from vb_desktop.pipeline.measurement.enhancement import enhancement
from vb_desktop.pipeline.measurement.midline_shift import midline_shift
from vb_desktop.pipeline.mri_processor.template import template, template_mask

CENTRE = (30.0, -10.0, 20.0)


@cache
def away() -> np.ndarray:
    """Distance from CENTRE, mm, on the template's grid."""
    grid = template()
    x, y, z = (grid.affine[a, 3] + np.arange(grid.voxels.shape[a]) - CENTRE[a] for a in range(3))
    return np.sqrt(x[:, None, None] ** 2 + y[None, :, None] ** 2 + z[None, None, :] ** 2)


@cache
def noise() -> np.ndarray:
    return np.random.default_rng(3).normal(0, 3, template().voxels.shape).astype(np.float32)


def processed(voxels: np.ndarray, forward: tuple[str, ...] = ()) -> ProcessedScan:
    inside = template_mask().voxels > 0
    volume = template().like(np.where(inside, voxels + noise(), 0).astype(np.float32))
    return ProcessedScan(
        volume=volume,
        mask=template_mask(),
        native_mask=template_mask(),
        native_grid=volume,
        transforms=Transforms(Path("."), forward=forward),
    )


def measured(bright: tuple[float, float] | None, radius: float = 20.0, gap: bool = False) -> dict[str, Any]:
    """A region of `radius`, in it a shell from bright[0] to bright[1] mm that enhances around a dark core."""
    distance = away()
    voxels = np.array(template().voxels)
    voxels[distance < radius] = 150
    if bright is not None:
        shell = (distance >= bright[0]) & (distance < bright[1])
        if gap:
            shell[:, 105:111, :] = False
        voxels[shell] = 400
        voxels[distance < bright[0]] = 60
    region = distance < radius
    value = enhancement(processed(voxels), region, float(region.sum()) / 1000).value
    assert isinstance(value, dict)
    return value


def test_a_shell_is_a_ring_with_the_volumes_it_was_drawn_with() -> None:
    value = measured((10.0, 14.0))
    assert value["pattern"] == "ring"
    assert value["core_ml"] == pytest.approx(4 / 3 * np.pi * 1.0**3, rel=0.05)
    assert value["enhancing_ml"] == pytest.approx(4 / 3 * np.pi * (1.4**3 - 1.0**3), rel=0.05)


def test_a_ring_with_a_small_gap_is_a_ring() -> None:
    assert measured((10.0, 14.0), gap=True)["pattern"] == "ring"


def test_a_ball_is_solid() -> None:
    value = measured((0.0, 12.0))
    assert value["pattern"] == "solid"
    assert value["core_share"] < 0.02
    assert value["enhancing_ml"] == pytest.approx(4 / 3 * np.pi * 1.2**3, rel=0.05)


def test_a_dark_region_hardly_enhances() -> None:
    value = measured(None)
    assert value["pattern"] == "hardly"
    assert value["enhancing_ml"] < 0.2


def test_without_white_matter_to_compare_with_nothing_is_said() -> None:
    scan = processed(np.array(template().voxels))
    bare = ProcessedScan(scan.volume, scan.mask.like(np.zeros_like(scan.mask.voxels)), scan.native_mask,
                         scan.native_grid, scan.transforms)  # fmt: skip
    assert enhancement(bare, away() < 15, 14.0).value == "not_assessed"


def test_a_shift_of_the_middle_alone_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The patient is turned by 8 degrees, and the middle of the brain pushed 6 mm to the left."""
    turn = np.radians(8)
    turned = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])

    def to_native(self: ProcessedScan, xyz: np.ndarray) -> np.ndarray:
        y = xyz[:, 1]
        pushed = np.where((y > -30) & (y < 30), -6.0, 0.0)
        return (xyz + np.stack([pushed, 0 * y, 0 * y], axis=1)) @ turned.T + [5.0, -3.0, 2.0]

    monkeypatch.setattr(ProcessedScan, "points_to_native", to_native)
    found = midline_shift(processed(np.array(template().voxels), ("warp.nii.gz", "affine.mat")))
    assert found.value["shift_mm"] == pytest.approx(6.0, abs=0.1)
    assert found.value["towards"] == "left"
    assert found.value["at"] in shift_module.MIDDLE


@pytest.mark.parametrize("forward", [(), ("affine.mat",)])
def test_without_a_warp_the_shift_is_not_assessed(forward: tuple[str, ...]) -> None:
    assert midline_shift(processed(np.array(template().voxels), forward)).value == "not_assessed"
