import numpy as np
import pytest

from tests.pipeline.tumor_localizer.conftest import make_box
from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.config import CoarseConfig
from vb_desktop.pipeline.tumor_localizer.coarse_prior import bridges, coarse_prior


def brain(shape=(30, 30, 30), spacing=1.0):
    return Volume(np.ones(shape, np.uint8), np.diag([spacing, spacing, spacing, 1.0]))


def slab(k0=8, k1=22, **ranges):
    return [make_box(k, 10, 20, 10, 20, **ranges) for k in range(k0, k1)]


def prior(boxes, mask=None, **settings):
    return coarse_prior(boxes, mask or brain(), CoarseConfig(**settings)).volume.voxels


def test_without_smoothing_and_dilation_the_stack_is_the_boxes():
    expected = np.zeros((30, 30, 30), np.float32)
    expected[10:20, 10:20, 8:22] = 1
    np.testing.assert_array_equal(prior(slab(), sigma_mm=0, dilation_mm=0), expected)


def test_dilation_is_a_ball_in_millimetres():
    one = prior([make_box(15, 15, 16, 15, 16)], sigma_mm=0, dilation_mm=2)
    distance = np.sqrt(((np.indices(one.shape) - 15) ** 2).sum(axis=0))
    np.testing.assert_array_equal(one, (distance <= 2).astype(np.float32))


def test_smoothing_crosses_one_half_at_the_edge_of_the_box():
    line = prior([make_box(k, 10, 20, 0, 30) for k in range(30)], sigma_mm=2, dilation_mm=0)[:, 15, 15]
    # Half a voxel inside and outside the edge at 10: Phi(-+0.25), Phi the normal distribution.
    assert line[9] == pytest.approx(0.4013, abs=0.01)
    assert line[10] == pytest.approx(0.5987, abs=0.01)


@pytest.mark.parametrize("sigma_mm, dilation_mm", [(2.0, 2.0), (3.0, 0.0), (2.0, 4.0)])
def test_the_prior_is_the_same_in_millimetres_on_a_coarser_grid(sigma_mm, dilation_mm):
    fine = prior(
        [make_box(k, 21, 39, 24, 36) for k in range(21, 36)],
        brain((60, 60, 60)),
        sigma_mm=sigma_mm,
        dilation_mm=dilation_mm,
    )
    coarse = prior(
        [make_box(k, 7, 13, 8, 12) for k in range(7, 12)],
        brain((20, 20, 20), 3.0),
        sigma_mm=sigma_mm,
        dilation_mm=dilation_mm,
    )
    np.testing.assert_allclose(coarse, fine.reshape(20, 3, 20, 3, 20, 3).mean(axis=(1, 3, 5)), atol=1e-5)


def test_anisotropic_voxels_are_dilated_by_the_same_millimetres():
    mask = Volume(np.ones((30, 30, 10), np.uint8), np.diag([1.0, 1, 3, 1]))
    one = coarse_prior([make_box(5, 14, 17, 14, 17)], mask, CoarseConfig(sigma_mm=0, dilation_mm=3)).volume.voxels
    assert np.flatnonzero(one[15, 15] == 1).tolist() == [4, 5, 6]
    assert np.flatnonzero(one[:, 15, 5] == 1).tolist() == list(range(11, 20))


def test_the_prior_lies_in_the_brain_and_in_zero_to_one():
    mask = brain()
    mask.voxels[:, :, 15:] = 0
    values = prior(slab(), mask)
    assert values[:, :, 15:].max() == 0
    assert values.dtype == np.float32 and values.min() >= 0 and 0.9 < values.max() <= 1


def test_boxes_at_the_border_stay_in_the_volume():
    assert prior([make_box(0, 0, 5, 25, 30)], gap_mm=0).shape == (30, 30, 30)


def test_missing_slices_are_filled_by_interpolation_up_to_the_gap():
    below, above = make_box(10, 10, 14, 10, 14), make_box(13, 13, 17, 10, 20)
    middle = bridges([below, above], 1.0, 2.0)
    assert [(b.k, b.i0, b.i1, b.j0, b.j1) for b in middle] == [(11, 11, 15, 10, 16), (12, 12, 16, 10, 18)]
    assert bridges([below, above], 1.0, 1.9) == []
    assert bridges([below, above], 3.0, 5.0) == []


def test_boxes_that_do_not_meet_are_not_joined():
    assert bridges([make_box(10, 0, 5, 0, 5), make_box(13, 20, 25, 0, 5)], 1.0, 10.0) == []


def test_a_lesion_is_bridged_although_another_has_a_box_there():
    lesions = [make_box(10, 0, 5, 0, 5), make_box(11, 20, 25, 0, 5), make_box(12, 0, 5, 0, 5)]
    assert [(b.k, b.i0) for b in bridges(lesions, 1.0, 6.0)] == [(11, 0)]


def test_no_box_is_no_prior():
    with pytest.raises(ValueError, match="at least one"):
        prior([])
