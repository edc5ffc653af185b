"""Where a region lies: shares, contact, distances; on the shipped atlas and on oblique and thick grids."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.measurement.location import ELOQUENT, NOT_IN_ATLAS, atlas, gap_mm, location
from vb_desktop.pipeline.measurement.structures import BY_CODE, STRUCTURES, codes_of
from vb_desktop.pipeline.mri_processor.template import template

SHARED = atlas()


def ball(centre: tuple[float, float, float], radius: float) -> np.ndarray:
    x, y, z = (SHARED.affine[a, 3] + np.arange(SHARED.voxels.shape[a]) - centre[a] for a in range(3))
    return x[:, None, None] ** 2 + y[None, :, None] ** 2 + z[None, None, :] ** 2 < radius**2


def found(centre: tuple[float, float, float], radius: float) -> dict[str, Any]:
    return {item.id: item.value for item in location(ball(centre, radius), SHARED)}


def test_the_atlas_lies_on_the_templates_grid_and_holds_every_structure() -> None:
    grid = template()
    assert atlas().voxels.shape == grid.voxels.shape
    assert np.array_equal(atlas().affine, grid.affine)
    assert set(np.unique(atlas().voxels).astype(int)) == {0, *(structure.code for structure in STRUCTURES)}


def test_left_and_right_of_the_atlas_are_the_patients() -> None:
    for structure in STRUCTURES:
        middle = float(SHARED.affine[0, 3] + np.nonzero(SHARED.voxels == structure.code)[0].mean())
        assert (middle < -2) == (structure.side == "left"), structure
        assert (middle > 2) == (structure.side == "right"), structure


def test_the_atlas_lies_on_the_templates_tissue() -> None:
    """Ventricles on dark fluid, deep white matter on the brightest tissue."""
    t1 = template().voxels
    fluid = np.median(t1[np.isin(atlas().voxels, codes_of("lateral_ventricle"))])
    white = np.median(t1[np.isin(atlas().voxels, codes_of("deep_white_matter"))])
    thalamus = np.median(t1[np.isin(atlas().voxels, codes_of("thalamus"))])
    assert fluid < 0.6 * thalamus < thalamus < white


@pytest.mark.parametrize(
    ("centre", "structure", "side"),
    [
        ((12.0, -19.0, 8.0), "thalamus", "right"),
        ((-12.0, -19.0, 8.0), "thalamus", "left"),
        ((0.0, -28.0, -30.0), "brainstem", "middle"),
        ((-26.0, 2.0, 2.0), "putamen", "left"),
        ((35.0, 45.0, 15.0), "frontal_lobe", "right"),
        ((-50.0, -20.0, -20.0), "temporal_lobe", "left"),
        ((25.0, -65.0, -35.0), "cerebellum", "right"),
        ((-15.0, -85.0, 10.0), "occipital_lobe", "left"),
    ],
)
def test_a_region_is_told_by_the_structure_that_holds_most_of_it(
    centre: tuple[float, float, float], structure: str, side: str
) -> None:
    first = found(centre, 5.0)["structures"][0]
    assert (first["structure"], first["side"]) == (structure, side)
    assert first["share"] > 0.5


def test_shares_come_to_one_where_none_is_left_out() -> None:
    shares = [entry["share"] for entry in found((12.0, -19.0, 8.0), 7.0)["structures"]]
    assert sum(shares) == pytest.approx(1.0, abs=0.1)
    assert shares == sorted(shares, reverse=True)


def test_a_thalamic_region_touches_the_ventricle_and_is_far_from_the_motor_cortex() -> None:
    values = found((9.0, -18.0, 9.0), 8.0)
    assert values["ventricle_distance"]["distance_mm"] == 0.0
    rows = {row["structure"]: row for row in values["eloquent"]}
    assert rows["thalamus"]["side"] == "right" and rows["thalamus"]["share"] > 0.3
    assert rows["motor_cortex"]["side"] == "right" and rows["motor_cortex"]["distance_mm"] > 20
    assert rows["broca_area"]["side"] == "left"


def test_what_the_atlas_lacks_is_not_assessed() -> None:
    rows = {row["structure"]: row for row in found((12.0, -19.0, 8.0), 5.0)["eloquent"]}
    assert set(rows) == {name for name, _ in ELOQUENT} | set(NOT_IN_ATLAS)
    for name in NOT_IN_ATLAS:
        assert rows[name]["distance_mm"] == "not_assessed"


def test_a_scan_that_does_not_reach_a_structure_says_so() -> None:
    codes = atlas()
    cut = np.where(np.isin(codes.voxels, codes_of("lateral_ventricle", "third_ventricle")), codes.voxels, 0)
    upper = Volume(cut[:, :, 80:].astype(np.float32), codes.affine + np.array([[0, 0, 0, 0]] * 4))
    region = np.zeros(upper.voxels.shape, bool)
    region[100, 100, 10] = True
    values = {item.id: item.value for item in location(region, upper)}
    assert all(row["distance_mm"] == "not_assessed" for row in values["eloquent"])


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (0.7, 0.7, 6.0), (1.0, 1.2, 1.5)])
def test_the_gap_between_two_boxes_is_measured_face_to_face(spacing: tuple[float, float, float]) -> None:
    one = np.argwhere(np.ones((2, 2, 2)))
    step = np.array(spacing)
    assert gap_mm(one, one + np.array([2, 0, 0]), step) == 0.0
    assert gap_mm(one, one + np.array([6, 0, 0]), step) == pytest.approx(4 * spacing[0])
    assert gap_mm(one, one + np.array([2, 2, 5]), step) == pytest.approx(3 * spacing[2])
    assert gap_mm(one, one + np.array([5, 6, 0]), step) == pytest.approx(np.hypot(3 * spacing[0], 4 * spacing[1]))


def test_codes_are_unique_and_fit_into_a_byte() -> None:
    codes = [structure.code for structure in STRUCTURES]
    assert len(set(codes)) == len(codes) == len(BY_CODE)
    assert 0 < min(codes) and max(codes) < 256
