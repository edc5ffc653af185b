"""How a volume lies on the screen."""

from __future__ import annotations

import numpy as np
import pytest
from phantom_case import CENTRE, MNI_AFFINE, NATIVE_AFFINE, SHAPE, boxes, oblique_affine

from napari_plugin.box_polygons import mni_polygon, native_polygon
from napari_plugin.display_grid import DisplayGrid, from_napari, to_napari
from vb_desktop.pipeline.case import Volume


def volume(affine: np.ndarray) -> Volume:
    return Volume(np.zeros(SHAPE, np.float32), affine)


def test_world_is_patient_millimetres_where_the_scan_is_not_oblique() -> None:
    grid = DisplayGrid.of(volume(NATIVE_AFFINE))
    assert grid.scale == (4.0, 3.0, 3.0)
    assert grid.translate == (-30.0, -60.0, -50.0)
    assert grid.obliquity_deg == pytest.approx(0, abs=1e-4)


def test_an_oblique_scan_keeps_its_spacing_and_its_centre() -> None:
    tilted = volume(oblique_affine(14))
    grid = DisplayGrid.of(tilted)
    assert grid.obliquity_deg == pytest.approx(14)
    assert grid.scale == pytest.approx((4.0, 3.0, 3.0))
    half = (np.array(SHAPE) - 1) / 2
    shown = np.array(grid.translate) + np.array(grid.scale) * half[::-1]
    assert shown == pytest.approx(tilted.to_mm(half[None])[0][::-1])


def test_napari_order_is_the_transpose_without_a_copy() -> None:
    voxels = np.arange(24).reshape(2, 3, 4)
    assert to_napari(voxels)[3, 2, 1] == voxels[1, 2, 3]
    assert np.shares_memory(from_napari(to_napari(voxels)), voxels)
    assert (from_napari(to_napari(voxels)) == voxels).all()


def test_a_box_covers_whole_voxels() -> None:
    box = boxes()[0]
    polygon = mni_polygon(box)
    assert (polygon[:, 0] == box.k).all()
    assert (polygon[:, 1].min(), polygon[:, 1].max()) == (box.j0 - 0.5, box.j1 - 0.5)
    assert (polygon[:, 2].min(), polygon[:, 2].max()) == (box.i0 - 0.5, box.i1 - 0.5)


def test_a_native_polygon_lies_where_its_millimetres_say() -> None:
    """The phantom's boxes cover the same voxels in both spaces."""
    for box in boxes():
        assert native_polygon(box, volume(NATIVE_AFFINE)) == pytest.approx(mni_polygon(box))


def test_a_tilted_box_is_shown_on_the_slice_nearest_to_it() -> None:
    tilted = volume(oblique_affine(14))
    box = boxes()[4]
    index = tilted.to_index(np.array(box.native_corners_mm))
    polygon = native_polygon(box, tilted)
    assert (polygon[:, 0] == round(index[:, 2].mean())).all()
    assert polygon[:, 1:] == pytest.approx(index[:, 1::-1])
    assert box.k == CENTRE[2]


def test_a_box_above_the_scan_is_shown_on_its_last_slice() -> None:
    far = boxes()[0].model_copy(update={"native_corners_mm": ((0, 0, 900), (1, 0, 900), (1, 1, 900), (0, 1, 900))})
    assert (native_polygon(far, volume(MNI_AFFINE))[:, 0] == SHAPE[2] - 1).all()
