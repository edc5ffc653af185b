from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.pipeline.training.localizer.test_pool import patient
from vb_desktop.pipeline.model_card import DetectorCard
from vb_desktop.pipeline.training.localizer.augment_slices import SliceAugmenter
from vb_desktop.pipeline.training.localizer.choose_settings import HeldOutCase, choose_settings, fit_logistic
from vb_desktop.pipeline.training.localizer.detector_recipe import PRESETS
from vb_desktop.pipeline.training.localizer.slice_sampler import OFFSETS, SliceSampler
from vb_desktop.pipeline.training.localizer.train_detector import detector_loss, learning_rate, train_detector
from vb_desktop.pipeline.tumor_localizer.detector_boxes import find_regions
from vb_desktop.pipeline.tumor_localizer.detector_grid import LOWEST, SHAPE
from vb_desktop.pipeline.tumor_localizer.detector_network import CHANNELS

RECIPE = replace(PRESETS["smoke"], epochs=2)


@pytest.fixture(scope="module")
def sampler():
    return SliceSampler([patient(0)], [], real_share=1.0, tumour_share=0.8)


def test_an_interrupted_training_ends_as_an_uninterrupted_one(sampler, tmp_path):
    whole, losses = train_detector(sampler, RECIPE, cases="x")
    path = tmp_path / "state.safetensors"

    class Stop(Exception):
        pass

    def stop(done):
        raise Stop

    with pytest.raises(Stop):
        train_detector(sampler, RECIPE, cases="x", checkpoint=path, on_epoch=stop)
    resumed, again = train_detector(sampler, RECIPE, cases="x", checkpoint=path)
    assert again == pytest.approx(losses, rel=1e-4)
    for key, value in whole.state_dict().items():
        assert torch.allclose(value.float(), resumed.state_dict()[key].float(), atol=1e-4), key
    with pytest.raises(ValueError):
        train_detector(sampler, RECIPE, cases="others", checkpoint=path)


def test_batches_are_finite_and_have_tumour_in_them(sampler):
    channels, wanted = sampler.batch(8, np.random.default_rng(0), torch.Generator().manual_seed(0))
    assert channels.shape == (8, CHANNELS, *SHAPE[:2]) and wanted.shape == (8, 4, *SHAPE[:2])
    assert channels.isfinite().all() and set(wanted.unique().tolist()) <= {0.0, 1.0}
    assert (wanted[:, 0].sum((1, 2)) > 0).sum() >= 4
    assert (wanted[:, 0] <= wanted[:, 1] + 1e-6).float().mean() > 0.99


def test_augmentation_leaves_the_outside_outside_and_changes_the_inside():
    window = torch.full((6, len(OFFSETS), 80, 96), LOWEST)
    window[:, :, 20:60, 20:70] = 0.5
    none = torch.zeros_like(window)
    changed = SliceAugmenter(torch.Generator().manual_seed(1)).intensities(window.clone(), none, none, none)
    assert (changed[:, :, :20] == LOWEST).all() and changed[:, :, 25:55, 25:65].std() > 0.05
    again = SliceAugmenter(torch.Generator().manual_seed(1)).intensities(window.clone(), none, none, none)
    assert torch.equal(changed, again)


def test_the_loss_is_small_when_right_and_ignores_what_is_unsure():
    wanted = torch.zeros(2, 4, 8, 8)
    wanted[:, 3] = 1
    wanted[0, :3, 2:6, 2:6] = 1
    right = (wanted[:, :3] - 0.5) * 40
    presence = torch.tensor([20.0, -20.0])
    assert detector_loss(right, presence, wanted) < 0.05 < 1 < detector_loss(-right, -presence, wanted)
    wrong = right.clone()
    wrong[1, :, 0, 0] = 20
    assert detector_loss(wrong, presence, wanted) > 0.2
    unsure = wanted.clone()
    unsure[1, 3, 0, 0] = 0
    assert detector_loss(wrong, presence, unsure) < 0.05


def test_the_learning_rate_rises_and_falls():
    rates = [learning_rate(RECIPE, x / 20) for x in range(21)]
    assert np.argmax(rates) == 2 and rates[0] < 0.1 * max(rates) and rates[-1] < 1e-6


def held_out(name, fold, true_at, false_at=None):
    truth = np.zeros(SHAPE, bool)
    truth[true_at] = True
    core = np.where(truth, 0.45, 0.02).astype(np.float32)
    core[tuple(slice(s.start + 1, s.stop - 1) for s in true_at)] = 0.95
    if false_at is not None:
        core[false_at] = 0.65
    brain = np.zeros(SHAPE, bool)
    brain[5:75, 5:90, 5:75] = True
    return HeldOutCase(name, fold, core, core, brain, truth)


def test_the_settings_take_the_tumour_and_leave_the_false_regions():
    large, small = (slice(50, 62), slice(40, 52), slice(30, 42)), (slice(20, 23), slice(60, 63), slice(50, 55))
    cases = [held_out(f"c{n}", n % 2, large, small) for n in range(6)]
    card = choose_settings(cases, 3)
    assert isinstance(card, DetectorCard) and card.networks == 3
    assert card.threshold in (0.3, 0.4)  # only there the box reaches the core's edge
    found = find_regions(cases[0].core, cases[0].whole, cases[0].brain, card)
    assert len(found) == 1 and (found[0].mask & cases[0].truth).any() and found[0].confidence > 0.7


def test_the_logistic_fit_is_calibrated_on_what_it_saw():
    rng = np.random.default_rng(0)
    x = rng.normal(0, 1, (2000, 2))
    y = rng.uniform(size=2000) < 1 / (1 + np.exp(-(0.5 + 1.5 * x[:, 0])))
    intercept, weights = fit_logistic(x, y.astype(float))
    assert intercept == pytest.approx(0.5, abs=0.2) and weights[0] == pytest.approx(1.5, abs=0.3)
    assert abs(weights[1]) < 0.2
    assert fit_logistic(np.zeros((0, 6)), np.zeros(0)) == (0.0, [0.0] * 6)
