"""Whatever grid a scanner lays, the same anatomy comes back to the same place in the patient."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from known_brain import GRIDS, Patient

from vb_desktop.pipeline.case import Array, ProcessedScan, Scan, Transforms, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
from vb_desktop.pipeline.mri_processor.template import template
from vb_desktop.pipeline.mri_processor.way_back import points_to_native, to_native

MARKS = np.array([[24.0, -10.0, 8.0], [-30.0, 30.0, 20.0], [5.0, -60.0, -30.0]])


def ball(centre: Array, radius_mm: float = 9.0) -> Volume:
    """A ball in template space, float32."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in template().voxels.shape), indexing="ij"), -1)
    distance = np.linalg.norm(index - template().to_index(centre[None])[0], axis=-1)
    return template().like((distance < radius_mm).astype(np.float32))


def centroid(volume: Volume) -> Array:
    weight = volume.voxels.astype(np.float64)
    index = np.argwhere(weight > 0)
    weights = weight[weight > 0]
    return volume.to_mm((index * weights[:, None]).sum(axis=0)[None] / weights.sum())[0]


@pytest.fixture(scope="module", params=list(GRIDS))
def processed(
    request: pytest.FixtureRequest, patient: Patient, quick: Config, tmp_path_factory: pytest.TempPathFactory
) -> ProcessedScan:
    scan = Scan(volume=patient.scan(GRIDS[request.param](patient)))
    # A folder as users name them: ANTs would split its path at the comma and the brackets.
    return MRIProcessor(quick)(scan, tmp_path_factory.mktemp("case") / "scan [1], again")


def test_a_layer_comes_back_to_its_anatomy_within_1_mm(processed: ProcessedScan, patient: Patient) -> None:
    for mark, interpolation in zip(MARKS, ("linear", "nearest", "linear"), strict=True):
        native = processed.to_native(ball(mark), interpolation)
        assert native.voxels.shape == processed.native_grid.voxels.shape
        assert np.array_equal(native.affine, processed.native_grid.affine)
        assert np.linalg.norm(centroid(native) - patient.place(mark)) < 1.0, (mark, interpolation)


def test_points_go_where_layers_go(processed: ProcessedScan, patient: Patient) -> None:
    points = processed.points_to_native(MARKS)
    assert np.linalg.norm(points - patient.place(MARKS), axis=1).max() < 1.0
    for mark, point in zip(MARKS, points, strict=True):
        assert np.linalg.norm(centroid(processed.to_native(ball(mark))) - point) < 0.3


def test_the_scan_lies_on_the_template(processed: ProcessedScan) -> None:
    inside = processed.mask.voxels > 0
    assert processed.volume.voxels.shape == template().voxels.shape
    assert processed.volume.voxels.dtype == np.float32
    assert abs(processed.volume.voxels[inside].mean()) < 1e-3
    assert abs(processed.volume.voxels[inside].std() - 1) < 1e-3
    assert not processed.volume.voxels[~inside].any()
    assert np.corrcoef(processed.volume.voxels[inside], template().voxels[inside])[0, 1] > 0.9


def test_without_transforms_only_the_grid_changes() -> None:
    grid = Volume(
        np.zeros((50, 60, 40), np.float32), np.diag([3.0, 3.0, 4.0, 1.0]) + np.array([[0, 0, 0, -70.0]] * 3 + [[0] * 4])
    )
    none = Transforms(Path("nowhere"))
    assert np.linalg.norm(centroid(to_native(none, ball(MARKS[0]), grid)) - MARKS[0]) < 0.7
    assert np.array_equal(points_to_native(none, MARKS), MARKS)


def test_an_unknown_interpolation_is_refused() -> None:
    with pytest.raises(ValueError, match="interpolation must be one of"):
        to_native(Transforms(Path("nowhere")), template(), template(), "cubic")


def test_no_points_give_no_points() -> None:
    assert points_to_native(Transforms(Path("nowhere"), ("affine.mat",)), np.empty((0, 3))).shape == (0, 3)
