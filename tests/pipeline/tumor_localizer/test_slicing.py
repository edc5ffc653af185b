import numpy as np

from tests.pipeline.tumor_localizer.conftest import make_processed
from vb_desktop.pipeline.tumor_localizer.slicing import brain_slices


def processed(spacing=1.0):
    mask = np.zeros((20, 20, 10))
    mask[5:15, 5:15, 3:7] = 1  # 100 voxels a slice
    mask[5:7, 5:7, 7] = 1  # 4 voxels
    return make_processed(
        np.arange(mask.size, dtype=float).reshape(mask.shape), mask, np.diag([spacing, spacing, 1, 1])
    )


def test_only_slices_with_enough_brain_are_shown():
    assert brain_slices(processed(), 50) == (3, 4, 5, 6)
    assert brain_slices(processed(), 4) == (3, 4, 5, 6, 7)


def test_the_area_is_in_millimetres():
    assert brain_slices(processed(spacing=5.0), 100) == (3, 4, 5, 6, 7)
    assert brain_slices(processed(), 100.5) == ()


def test_a_slice_without_brain_is_never_shown():
    assert brain_slices(processed(), 0) == (3, 4, 5, 6, 7)
