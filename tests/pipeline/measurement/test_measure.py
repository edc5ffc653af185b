"""Spheres and ellipsoids of known size on every kind of grid."""

from __future__ import annotations

import numpy as np
import pytest

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.measurement.measure import axial_axis, measure

ISOTROPIC = ((1.0, 1.0, 1.0), (0, 0, 0), (0, 1, 2), (1, 1, 1))
GRIDS = {
    "isotropic": ISOTROPIC,
    "thick slices 3 mm": ((0.9, 0.9, 3.0), (0, 0, 0), (0, 1, 2), (1, 1, 1)),
    "thick slices 6 mm": ((0.7, 0.7, 6.0), (0, 0, 0), (0, 1, 2), (1, 1, 1)),
    "flipped": ((1.0, 1.2, 1.5), (0, 0, 0), (0, 1, 2), (-1, -1, 1)),
    "sagittal order": ((1.5, 1.0, 1.0), (0, 0, 0), (1, 2, 0), (1, -1, 1)),
    "oblique": ((1.0, 1.0, 1.0), (18, 9, 4), (0, 1, 2), (1, 1, 1)),
    "oblique, thick slices": ((0.9, 0.9, 4.0), (15, 0, 0), (0, 1, 2), (1, 1, 1)),
    "oblique, thick slices 6 mm": ((0.7, 0.7, 6.0), (14, 6, 3), (0, 1, 2), (1, 1, 1)),
}


def affine_of(spacing, angles, order, signs, middle, shape):
    """Voxel axis order[i] runs along patient axis i."""
    x, y, z = np.radians(angles)
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    axes = np.eye(3)[:, list(order)] * np.array(signs)
    affine = np.eye(4)
    affine[:3, :3] = about_z @ about_y @ about_x @ axes @ np.diag(spacing)
    affine[:3, 3] = np.array(middle) - affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return affine


def ellipsoid(grid: str, centre, radii, soft: bool = False) -> Volume:
    """Prior of an ellipsoid: 1 inside and 0 outside, or falling smoothly through 0.5 at its surface."""
    spacing, angles, order, signs = GRIDS[grid]
    shape = tuple(round(62 / mm) for mm in spacing)
    affine = affine_of(spacing, angles, order, signs, np.array(centre) + 3.3, shape)
    volume = Volume(np.zeros(shape, np.float32), affine)
    points = volume.to_mm(np.moveaxis(np.indices(shape), 0, -1).reshape(-1, 3))
    away = np.linalg.norm((points - centre) / radii, axis=-1).reshape(shape)
    prior = 1 / (1 + np.exp(np.clip(10 * (away - 1), -50, 50))) if soft else away < 1
    return volume.like(prior.astype(np.float32))


def values(region: Volume, mni: Volume | None = None) -> dict:
    return {item.id: item.value for item in measure(region, region, mni)}


def near(measured: float, true: float, voxel: float, voxels: float = 0.5) -> bool:
    return abs(measured - true) <= max(0.02 * true, voxel * voxels)


@pytest.mark.parametrize("soft", [False, True], ids=["binary", "smooth"])
@pytest.mark.parametrize("grid", GRIDS)
def test_a_sphere_is_measured_within_2_percent_or_half_a_voxel(grid: str, soft: bool) -> None:
    centre, radius = np.array([21.3, -14.2, 8.7]), 19.0
    region = ellipsoid(grid, centre, radius, soft)
    found = values(region)
    # Real priors are smooth. The longest line over the steps of a binary one is up to a voxel too long.
    voxels = 0.5 if soft else 1.0
    in_plane = max(np.delete(region.spacing, axial_axis(region)))
    assert found["volume"] == pytest.approx(4 / 3 * np.pi * radius**3 / 1000, rel=0.02)
    assert found["regions"] == 1
    assert near(found["diameter_long"], 2 * radius, in_plane, voxels)
    assert near(found["diameter_perp"], 2 * radius, in_plane, voxels)
    for extent in found["axes"]:
        assert near(extent, 2 * radius, max(region.spacing), voxels)
    assert np.allclose(found["location"]["native_mm"], centre, atol=0.3)


@pytest.mark.parametrize("grid", ["isotropic", "thick slices 3 mm", "thick slices 6 mm", "flipped", "sagittal order"])
def test_an_ellipsoid_has_its_axes_along_the_patient(grid: str) -> None:
    centre, radii = np.array([-25.0, 10.0, 30.0]), np.array([22.0, 13.0, 17.0])
    region = ellipsoid(grid, centre, radii, soft=True)
    found = values(region)
    assert found["volume"] == pytest.approx(4 / 3 * np.pi * radii.prod() / 1000, rel=0.02)
    assert near(found["diameter_long"], 44.0, max(np.delete(region.spacing, axial_axis(region))))
    assert near(found["diameter_perp"], 26.0, max(np.delete(region.spacing, axial_axis(region))))
    for extent, true in zip(found["axes"], 2 * radii, strict=True):
        assert near(extent, true, max(region.spacing))


def test_diameters_of_a_turned_ellipse_are_found_along_its_own_axes() -> None:
    region = ellipsoid("isotropic", np.zeros(3), np.array([1.0, 1.0, 1.0]))
    points = region.to_mm(np.moveaxis(np.indices(region.voxels.shape), 0, -1).reshape(-1, 3))
    turn = np.radians(35)
    turned = points @ np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    inside = np.linalg.norm(turned / [22, 10, 12], axis=-1).reshape(region.voxels.shape) < 1
    found = values(region.like(inside.astype(np.float32)))
    assert near(found["diameter_long"], 44.0, 1.0, voxels=1.0)
    assert near(found["diameter_perp"], 20.0, 1.0, voxels=1.0)


def test_a_one_voxel_region_has_the_size_of_the_voxel() -> None:
    voxels = np.zeros((9, 9, 9), np.float32)
    voxels[4, 4, 4] = 1
    found = values(Volume(voxels, np.diag([2.0, 2.0, 5.0, 1.0])))
    assert found["volume"] == pytest.approx(0.02)
    assert found["regions"] == 0  # smaller than 0.1 mL
    assert found["axes"] == [2.0, 2.0, 5.0]


def test_the_perpendicular_is_not_drawn_across_a_gap() -> None:
    voxels = np.zeros((60, 40, 5), np.float32)
    voxels[5:55, 5:11, 2] = 1  # two bars, 50 and 46 mm long, joined at one end
    voxels[9:55, 29:35, 2] = 1
    voxels[49:55, 5:35, 2] = 1
    found = values(Volume(voxels, np.diag([1.0, 1.0, 1.0, 1.0])))
    assert found["diameter_long"] > 54
    assert found["diameter_perp"] < 45


@pytest.mark.parametrize(("x", "side"), [(30.0, "right"), (-30.0, "left")])
def test_the_side_is_the_patients(x: float, side: str) -> None:
    region = ellipsoid("flipped", np.array([x, 0.0, 0.0]), 12.0)
    found = values(region, ellipsoid("isotropic", np.array([x, 0.0, 0.0]), 12.0))
    assert found["side"]["side"] == side
    assert not found["side"]["crosses_midline"]
    assert found["side"][f"{side}_share"] == 1.0
    assert found["midline_distance"] == pytest.approx(30.0, abs=0.2)
    assert found["location"]["mni_mm"][0] == pytest.approx(x, abs=0.2)


def test_a_region_over_the_midline_crosses_it() -> None:
    region = ellipsoid("isotropic", np.array([4.0, 0.0, 0.0]), 12.0)
    side = values(region, region)["side"]
    assert side["crosses_midline"]
    assert side["side"] == "right"
    assert side["left_share"] + side["right_share"] == pytest.approx(1.0)


def test_without_mni_space_the_side_is_not_guessed() -> None:
    found = values(ellipsoid("isotropic", np.array([30.0, 0.0, 0.0]), 12.0))
    assert "side" not in found and "midline_distance" not in found
    assert found["location"]["mni_mm"] == "not_assessed"


def test_two_regions_are_counted_and_the_largest_is_measured() -> None:
    one = ellipsoid("isotropic", np.zeros(3), 12.0)
    points = one.to_mm(np.moveaxis(np.indices(one.voxels.shape), 0, -1).reshape(-1, 3))
    other = (np.linalg.norm(points - [20.0, 18.0, 0.0], axis=-1) < 8).reshape(one.voxels.shape)
    found = values(one.like(np.maximum(one.voxels, other).astype(np.float32)))
    assert found["regions"] == 2
    assert found["volume"] == pytest.approx(4 / 3 * np.pi * (12**3 + 8**3) / 1000, rel=0.02)
    assert near(found["diameter_long"], 24.0, 1.0, voxels=1.0)


def test_an_empty_region_has_volume_0_and_nothing_else() -> None:
    region = Volume(np.full((8, 8, 8), 0.5, np.float32), np.eye(4))
    assert values(region, region) == {"volume": 0.0, "regions": 0}


def test_oblique_slices_are_named_in_the_method() -> None:
    region = ellipsoid("oblique, thick slices", np.zeros(3), 15.0)
    method = next(item.method for item in measure(region, region, None) if item.id == "diameter_long")
    assert "oblique by 15 degrees" in method


def test_a_region_on_another_grid_is_refused() -> None:
    region = ellipsoid("isotropic", np.zeros(3), 10.0)
    with pytest.raises(ValueError, match="grid of scan"):
        measure(region, ellipsoid("oblique", np.zeros(3), 10.0), None)
