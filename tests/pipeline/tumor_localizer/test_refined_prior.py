import numpy as np
import pytest
import torch

from tests.pipeline.tumor_localizer.conftest import make_box
from vb_desktop.pipeline.config import CoarseConfig, RefineConfig
from vb_desktop.pipeline.tumor_localizer.coarse_prior import coarse_prior
from vb_desktop.pipeline.tumor_localizer.refined_prior import adaptive_tau, refined_prior
from vb_desktop.pipeline.tumor_localizer.voxel_features import FEATURES, voxel_features


@pytest.fixture
def coarse(blob_scan):
    """Boxes that are too small: they miss a third of the ball's radius."""
    return coarse_prior(
        [make_box(k, 29, 38, 20, 29) for k in range(21, 28)], blob_scan.mask, CoarseConfig(dilation_mm=1)
    )


def test_union_can_only_add(blob_scan, coarse):
    refined = refined_prior(blob_scan, coarse, RefineConfig())
    assert (refined.volume.voxels >= coarse.volume.voxels).all()
    assert (refined.volume.voxels > 0.5).sum() > (coarse.volume.voxels > 0.5).sum()
    np.testing.assert_array_equal(refined.volume.voxels, np.maximum(coarse.volume.voxels, refined.mlp.voxels))


def test_intersection_can_only_take_away_and_mlp_stands_alone(blob_scan, coarse):
    tight = refined_prior(blob_scan, coarse, RefineConfig(mode="intersection"))
    assert (tight.volume.voxels <= coarse.volume.voxels).all()
    alone = refined_prior(blob_scan, coarse, RefineConfig(mode="mlp"))
    np.testing.assert_array_equal(alone.volume.voxels, alone.mlp.voxels)


def test_the_mlp_finds_what_the_boxes_missed(blob_scan, coarse):
    ball = ((np.indices((48, 48, 48)) - np.array([33, 24, 24]).reshape(3, 1, 1, 1)) ** 2).sum(axis=0) <= 36
    found = refined_prior(blob_scan, coarse, RefineConfig()).mlp.voxels > 0.5
    assert (found & ball).sum() > 0.9 * ball.sum()


def test_nothing_is_added_beyond_reach_or_outside_the_brain(blob_scan, coarse):
    refined = refined_prior(blob_scan, coarse, RefineConfig(reach_mm=0))
    assert (refined.mlp.voxels[coarse.volume.voxels <= 0.02] == 0).all()
    wide = refined_prior(blob_scan, coarse, RefineConfig(reach_mm=40))
    assert wide.volume.voxels[blob_scan.mask.voxels == 0].max() == 0


def test_the_same_seed_gives_the_same_bytes(blob_scan, coarse):
    first = refined_prior(blob_scan, coarse, RefineConfig(seed=3))
    torch.manual_seed(99)
    torch.rand(5)
    second = refined_prior(blob_scan, coarse, RefineConfig(seed=3))
    other = refined_prior(blob_scan, coarse, RefineConfig(seed=4))
    assert first.volume.voxels.tobytes() == second.volume.voxels.tobytes()
    assert first.mlp.voxels.tobytes() != other.mlp.voxels.tobytes()


def test_training_leaves_torch_as_it_was(blob_scan, coarse):
    threads, state = torch.get_num_threads(), torch.random.get_rng_state()
    refined_prior(blob_scan, coarse, RefineConfig())
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.random.get_rng_state(), state)


def test_tau_adapts_where_smoothing_left_no_example(blob_scan):
    thin = coarse_prior([make_box(24, 30, 37, 21, 28)], blob_scan.mask, CoarseConfig(sigma_mm=3, dilation_mm=2))
    assert thin.volume.voxels.max() < 0.8
    refined = refined_prior(blob_scan, thin, RefineConfig(tau=0.8))
    assert 0 < refined.tau <= 0.8 * thin.volume.voxels.max()
    assert np.isfinite(refined.volume.voxels).all() and refined.mlp.voxels.any()


def test_adaptive_tau_by_hand():
    prior = np.array([0, 0, 0.1, 0.5, 0.9, 1.0], np.float32)
    assert adaptive_tau(prior, 0.7, 2) == pytest.approx(0.7)
    assert adaptive_tau(prior, 0.95, 2) == pytest.approx(0.8)
    lowered = adaptive_tau(prior, 0.95, 3)
    assert lowered == pytest.approx(0.5, abs=1e-5) and np.count_nonzero(prior > lowered) == 3
    assert adaptive_tau(np.zeros(10, np.float32), 0.9, 3) == 0


def test_too_little_brain_leaves_the_coarse_prior(blob_scan):
    speck = coarse_prior([make_box(24, 33, 34, 24, 25)], blob_scan.mask, CoarseConfig(sigma_mm=0, dilation_mm=0))
    refined = refined_prior(blob_scan, speck, RefineConfig())
    np.testing.assert_array_equal(refined.volume.voxels, speck.volume.voxels)
    assert not refined.mlp.voxels.any()


def test_features_know_the_mirrored_side(blob_scan):
    features = voxel_features(blob_scan.volume, blob_scan.mask.voxels)
    where = np.zeros(blob_scan.mask.voxels.shape, int)
    where[blob_scan.mask.voxels > 0] = np.arange(len(features))
    right, left = where[33, 24, 24], where[47 - 33, 24, 24]
    mirror = features[:, FEATURES.index("mirror_2")]
    assert features.dtype == np.float32 and features.shape[1] == len(FEATURES)
    assert mirror[right] > 1 and mirror[left] == pytest.approx(-mirror[right], rel=1e-3)
    assert features[right, 0] == blob_scan.volume.voxels[33, 24, 24]


def test_a_brain_off_the_middle_of_the_grid_is_mirrored_about_x_zero(blob_scan):
    full = voxel_features(blob_scan.volume, blob_scan.mask.voxels)
    volume, mask = blob_scan.volume, blob_scan.mask
    padded = np.pad(volume.voxels, ((9, 2), (0, 0), (0, 0)))
    affine = volume.affine.copy()
    affine[0, 3] -= 9
    moved = voxel_features(type(volume)(padded, affine), np.pad(mask.voxels, ((9, 2), (0, 0), (0, 0))))
    column = FEATURES.index("mirror_4")
    np.testing.assert_allclose(moved[:, column], full[:, column], atol=0.02)
