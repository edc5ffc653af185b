"""Training of one network of the slice detector: AdamW, cosine, BCE and Dice, moving average; resumable."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from vb_desktop.pipeline.mri_processor.compute_device import multiplies_bfloat16
from vb_desktop.pipeline.training.checkpoint import load_checkpoint, save_checkpoint
from vb_desktop.pipeline.training.localizer.detector_recipe import DetectorRecipe
from vb_desktop.pipeline.training.localizer.slice_sampler import SliceSampler
from vb_desktop.pipeline.tumor_localizer.detector_network import SliceNet, build_slice_net

_WEIGHTS = (1.0, 0.5, 0.3)  # of core, whole and enhancing in the loss
_PRESENCE_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class EpochDone:
    """What an epoch came to: number from 1, mean loss, seconds."""

    epoch: int
    loss: float
    seconds: float


def train_detector(
    sampler: SliceSampler,
    recipe: DetectorRecipe,
    *,
    cases: str,
    start: SliceNet | None = None,
    checkpoint: Path | None = None,
    on_epoch: Callable[[EpochDone], None] = lambda _: None,
) -> tuple[SliceNet, list[float]]:
    """Train one network, from its checkpoint on where there is one.

    Where the processor has bfloat16 units the convolutions run in bfloat16 (the result then depends on the machine).
    Every epoch draws its randomness from seed and number alone.

    Args:
        sampler: of the training slices.
        recipe: how.
        start: weights to begin with.
        cases: what the sampler holds, as a hash; a checkpoint of other cases is refused.
        checkpoint: written after each epoch.
        on_epoch: listener.

    Returns:
        The moving average of the network, and the mean loss of each epoch.

    Raises:
        ValueError: the checkpoint is of another recipe or of other cases.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        live = build_slice_net(recipe.network).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if start is not None:
            live.load_state_dict(start.state_dict())
        mean = deepcopy(live).requires_grad_(False)
        both = nn.ModuleDict({"live": live, "mean": mean})
        optimiser = torch.optim.AdamW(live.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
        losses: list[float] = []
        weights = {key: value for key, value in recipe.plain().items() if key != "calibration"}
        told = {"recipe": weights, "cases": cases}
        if checkpoint is not None and checkpoint.is_file():
            state = load_checkpoint(checkpoint, both, optimiser)
            if {key: state[key] for key in told} != told:
                raise ValueError(f"the checkpoint {checkpoint.name} must be of the same recipe and cases")
            losses = state["losses"]
        for epoch in range(len(losses), recipe.epochs):
            started = time.perf_counter()
            losses.append(_epoch(live, mean, optimiser, sampler, recipe, epoch))
            if checkpoint is not None:
                save_checkpoint(checkpoint, both, optimiser, {**told, "losses": losses})
            on_epoch(EpochDone(epoch + 1, losses[-1], time.perf_counter() - started))
    return mean.eval(), losses


def learning_rate(recipe: DetectorRecipe, done: float) -> float:
    """`done` in [0, 1]: a linear rise over the first tenth, then a cosine down to 0."""
    if done < 0.1:
        return recipe.learning_rate * (0.02 + 0.98 * done / 0.1)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * (done - 0.1) / 0.9))


def detector_loss(marks: Tensor, presence: Tensor, wanted: Tensor) -> Tensor:
    """BCE and Dice of core, whole and enhancing where there is something to learn, and BCE of presence.

    Args:
        marks: logits (B, 3, I, J).
        presence: logits (B,).
        wanted: (B, 4, I, J): three masks, and where to learn.
    """
    learn = wanted[:, 3:]
    total = torch.zeros(())
    for n, weight in enumerate(_WEIGHTS):
        logits, target = marks[:, n : n + 1].float(), wanted[:, n : n + 1]
        bce = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
        p, t = logits.sigmoid() * learn, target * learn
        dice = 1 - (2 * (p * t).sum() + 20) / (p.sum() + t.sum() + 20)  # over the batch: most slices have no tumour
        total = total + weight * (4 * (bce * learn).sum() / learn.sum().clamp(min=1) + dice)
    there = (wanted[:, 0] * wanted[:, 3]).sum((1, 2)) >= 5
    return total + _PRESENCE_WEIGHT * functional.binary_cross_entropy_with_logits(presence.float(), there.float())


def _epoch(
    live: SliceNet,
    mean: SliceNet,
    optimiser: torch.optim.Optimizer,
    sampler: SliceSampler,
    recipe: DetectorRecipe,
    epoch: int,
) -> float:
    rng = np.random.default_rng([recipe.seed, epoch])
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    torch.manual_seed(int(rng.integers(2**31)))  # dropout
    total = 0.0
    live.train()
    for step in range(recipe.steps):
        done = (epoch * recipe.steps + step) / (recipe.epochs * recipe.steps)
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(recipe, done)
        channels, wanted = sampler.batch(recipe.batch, rng, generator)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=multiplies_bfloat16()):
            marks, presence = live(channels.to(memory_format=torch.channels_last))
        loss = detector_loss(marks, presence, wanted)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(live.parameters(), recipe.clip)
        optimiser.step()
        _follow(
            mean, live, min(recipe.averaging, (epoch * recipe.steps + step + 1) / (epoch * recipe.steps + step + 10))
        )
        total += float(loss.detach())
    return total / recipe.steps


@torch.no_grad()
def _follow(mean: SliceNet, live: SliceNet, averaging: float) -> None:
    for slow, fast in zip(mean.state_dict().values(), live.state_dict().values(), strict=True):
        if slow.is_floating_point():
            slow.lerp_(fast, 1 - averaging)
        else:
            slow.copy_(fast)
