"""The training loop of the paper (Sec. 5): AdamW, cosine annealing with warm restarts, cross entropy; resumable."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.training.augmentation import augment
from vb_desktop.pipeline.training.checkpoint import load_checkpoint, save_checkpoint
from vb_desktop.pipeline.training.recipe import Recipe
from vb_desktop.pipeline.training.training_cases import TrainingCases


@dataclass(frozen=True, slots=True)
class EpochDone:
    """What an epoch came to: number from 1, mean loss, accuracy on the augmented training cases, seconds."""

    epoch: int
    loss: float
    accuracy: float
    seconds: float


def train_network(
    cases: TrainingCases,
    recipe: Recipe,
    *,
    checkpoint: Path | None = None,
    until_epoch: int | None = None,
    on_epoch: Callable[[EpochDone], None] = lambda _: None,
) -> tuple[VirtualBiopsyNet, list[float]]:
    """Train, from the checkpoint on where there is one.

    Every epoch draws its randomness from seed and number alone, so an interrupted run ends as an uninterrupted one.

    Args:
        cases: to learn from.
        recipe: how.
        checkpoint: written after each epoch.
        until_epoch: stop after this epoch although the recipe has more.
        on_epoch: listener.

    Returns:
        The network and the mean loss of each epoch.

    Raises:
        ValueError: the checkpoint is of another recipe or of other cases.
    """
    torch.manual_seed(recipe.seed)
    network = build_network(recipe.architecture)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    losses: list[float] = []
    told = {"recipe": recipe.plain(), "cases": cases.sha256}
    if checkpoint is not None and checkpoint.is_file():
        state = load_checkpoint(checkpoint, network, optimiser)
        if {key: state[key] for key in told} != told:
            raise ValueError(f"the checkpoint {checkpoint.name} must be of the same recipe and cases, got another one")
        losses = state["losses"]
    for epoch in range(len(losses), min(until_epoch or recipe.epochs, recipe.epochs)):
        started = time.perf_counter()
        loss, accuracy = _epoch(network, optimiser, cases, recipe, epoch)
        losses.append(loss)
        if checkpoint is not None:
            save_checkpoint(checkpoint, network, optimiser, {**told, "losses": losses})
        on_epoch(EpochDone(epoch + 1, loss, accuracy, time.perf_counter() - started))
    return network.eval(), losses


def learning_rate(recipe: Recipe, epoch: float) -> float:
    """Cosine annealing with warm restarts (Loshchilov 2017), T_mult 1; `epoch` from 0, fractional inside an epoch."""
    phase = (epoch % recipe.restart_epochs) / recipe.restart_epochs
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * phase))


def _epoch(
    network: VirtualBiopsyNet, optimiser: torch.optim.Optimizer, cases: TrainingCases, recipe: Recipe, epoch: int
) -> tuple[float, float]:
    rng = np.random.default_rng([recipe.seed, epoch])
    torch.manual_seed(int(rng.integers(2**31)))  # dropout
    order = rng.permutation(len(cases))
    steps = [order[i : i + recipe.batch] for i in range(0, len(order), recipe.batch)]
    total, right = 0.0, 0
    network.train()
    optimiser.zero_grad()
    for number, step in enumerate(steps):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(recipe, epoch + number / len(steps))
        images, priors, labels = _batch(cases, step, recipe, rng)
        logits = network(images, priors)
        loss = functional.cross_entropy(logits, labels, label_smoothing=recipe.label_smoothing)
        (loss / recipe.accumulate).backward()  # type: ignore[no-untyped-call]
        total += loss.item() * len(step)
        right += int((logits.argmax(1) == labels).sum())
        if (number + 1) % recipe.accumulate == 0 or number + 1 == len(steps):
            torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
            optimiser.step()
            optimiser.zero_grad()
    return total / len(cases), right / len(cases)


def _batch(
    cases: TrainingCases, numbers: Any, recipe: Recipe, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    images, priors, labels = [], [], []
    for number in numbers:
        image, prior, label = cases.case(int(number))
        image, prior = augment(
            rng, image, prior, rotate=recipe.rotate, mirror=recipe.mirror, noise=recipe.noise, gamma=recipe.gamma
        )
        images.append(torch.from_numpy(image)[None])
        priors.append(torch.from_numpy(prior)[None])
        labels.append(label)
    return torch.stack(images), torch.stack(priors), torch.tensor(labels)


def apply_network(network: VirtualBiopsyNet, cases: TrainingCases) -> tuple[np.ndarray[Any, Any], Tensor]:
    """Logits (N, K) and pooled features (N, 2C) of every case, without augmentation."""
    logits, embeddings = [], []
    network.eval()
    with torch.no_grad():
        for number in range(len(cases)):
            image, prior, _ = cases.case(number)
            features = network.backbone.features(torch.from_numpy(image)[None, None])
            cells = network.cells(torch.from_numpy(prior)[None, None], features)
            logits.append(network.head(features, cells))
            embeddings.append(network.embed(features, cells))
    return torch.cat(logits).numpy(), torch.cat(embeddings)
