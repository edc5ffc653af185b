import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from vb_desktop.pipeline.training.recipe import PRESETS, Recipe
from vb_desktop.pipeline.training.train_network import EpochDone, apply_network, learning_rate, train_network
from vb_desktop.pipeline.training.training_cases import PRIOR_LEVELS, TrainingCases

RECIPE = dataclasses.replace(PRESETS["smoke"], epochs=4, restart_epochs=4, learning_rate=5e-3, rotate=0.0)


def easy_cases(n: int = 16) -> TrainingCases:
    """Four classes that differ in how bright the marked cube is."""
    rng = np.random.default_rng(0)
    images = rng.normal(0, 1, (n, 32, 32, 32)).astype(np.float16)
    priors = np.zeros(images.shape, np.uint8)
    labels = np.arange(n) % 4
    for number, label in enumerate(labels):
        images[number, 8:24, 8:24, 8:24] += np.float16(4 * (label - 1.5))
        priors[number, 8:24, 8:24, 8:24] = PRIOR_LEVELS
    return TrainingCases(images, priors, labels, "0" * 64)


def test_the_loss_falls() -> None:
    heard: list[EpochDone] = []
    network, losses = train_network(easy_cases(), RECIPE, on_epoch=heard.append)
    assert losses[-1] < losses[0] - 0.1
    assert [done.epoch for done in heard] == [1, 2, 3, 4]
    assert not network.training


def test_an_interrupted_training_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    cases = easy_cases(8)
    whole, losses = train_network(cases, RECIPE)
    checkpoint = tmp_path / "checkpoint.safetensors"
    train_network(cases, RECIPE, checkpoint=checkpoint, until_epoch=2)
    heard: list[EpochDone] = []
    resumed, again = train_network(cases, RECIPE, checkpoint=checkpoint, on_epoch=heard.append)
    assert [done.epoch for done in heard] == [3, 4]
    assert again == losses
    expected = whole.state_dict()
    assert all(torch.equal(value, expected[key]) for key, value in resumed.state_dict().items())


def test_a_checkpoint_of_another_recipe_or_cohort_is_refused(tmp_path: Path) -> None:
    cases, checkpoint = easy_cases(4), tmp_path / "checkpoint.safetensors"
    train_network(cases, RECIPE, checkpoint=checkpoint, until_epoch=1)
    with pytest.raises(ValueError, match="same recipe"):
        train_network(cases, dataclasses.replace(RECIPE, seed=1), checkpoint=checkpoint)
    with pytest.raises(ValueError, match="same recipe"):
        train_network(dataclasses.replace(cases, sha256="1" * 64), RECIPE, checkpoint=checkpoint)


def test_the_seed_decides() -> None:
    cases = easy_cases(4)
    one, two, other = (
        train_network(cases, dataclasses.replace(RECIPE, seed=seed), until_epoch=1)[1] for seed in (0, 0, 1)
    )
    assert one == two != other


def test_learning_rate_restarts() -> None:
    paper = Recipe()
    assert learning_rate(paper, 0) == learning_rate(paper, 10) == 5e-5
    assert learning_rate(paper, 5) == pytest.approx(2.5e-5)
    assert learning_rate(paper, 9.999) < 1e-9


def test_the_papers_recipe_has_no_deviation_and_others_name_theirs() -> None:
    assert Recipe().deviations() == []
    assert "learning_rate: 0.001 (paper: 5e-05)" in PRESETS["laptop"].deviations()
    assert any(line.startswith("backbone_options") for line in PRESETS["laptop"].deviations())


def test_applying_gives_a_row_for_each_case() -> None:
    cases = easy_cases(4)
    network, _ = train_network(cases, RECIPE, until_epoch=1)
    logits, embedded = apply_network(network, cases)
    assert logits.shape == (4, 4) and embedded.shape == (4, 2 * network.backbone.channels)
    assert np.array_equal(logits, apply_network(network, cases)[0])
