"""Batches of augmented cases; what a batch holds depends on seed, epoch and case alone, so a run can be repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from vb_desktop.pipeline.training.diagnoser.augmentation import augment
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

Key = tuple[int, int]


class AugmentedCases(Dataset[tuple[Tensor, Tensor, int]]):
    """(epoch, number of the case) -> image and prior, float32 (1, I, J, K), and class."""

    def __init__(self, data: TrainingSet, recipe: DiagnoserRecipe) -> None:
        """Cases and recipe."""
        self.data, self.recipe = data, recipe

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, key: Key) -> tuple[Tensor, Tensor, int]:
        epoch, number = key
        rng = np.random.default_rng([self.recipe.seed, epoch, number])
        image, prior = augment(rng, *self.data.inputs(number, self.recipe.localization), self.recipe)
        return torch.from_numpy(image)[None], torch.from_numpy(prior)[None], int(self.data.labels[number])


class EpochSampler(Sampler[Any]):
    """The cases of an epoch in an order drawn from seed and epoch; each device takes its share."""

    def __init__(self, numbers: Sequence[int], seed: int, *, epoch: int = 0, rank: int = 0, world: int = 1) -> None:
        """Args.

        Args:
            numbers: of the cases.
            seed: of the order.
            epoch: to begin with; Lightning calls `set_epoch`.
            rank: number of the device.
            world: how many devices there are.
        """
        self.numbers, self.seed, self.epoch, self.rank, self.world = list(numbers), seed, epoch, rank, world

    def set_epoch(self, epoch: int) -> None:
        """Which epoch is next."""
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-len(self.numbers) // self.world)

    def __iter__(self) -> Iterator[Key]:
        order = np.random.default_rng([self.seed, self.epoch]).permutation(self.numbers)
        padded = np.resize(order, len(self) * self.world)  # every device must take the same number of steps
        return iter([(self.epoch, int(number)) for number in padded[self.rank :: self.world]])


def training_loader(
    data: TrainingSet,
    numbers: Sequence[int],
    recipe: DiagnoserRecipe,
    *,
    epoch: int = 0,
    rank: int = 0,
    world: int = 1,
    workers: int = 0,
) -> DataLoader[Any]:
    """Batches of the cases `numbers`.

    A last batch of one case is left out: batch normalisation has nothing to go by there.
    """
    sampler = EpochSampler(numbers, recipe.seed, epoch=epoch, rank=rank, world=world)
    return DataLoader(
        AugmentedCases(data, recipe),
        batch_size=recipe.batch,
        sampler=sampler,
        num_workers=workers,
        drop_last=len(sampler) > recipe.batch and len(sampler) % recipe.batch == 1,
    )
