"""The network, the recipe and the cases as Lightning wants them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytorch_lightning as lightning
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader

from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network
from vb_desktop.pipeline.training.diagnoser.learning_rate import learning_rate_share
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe
from vb_desktop.pipeline.training.diagnoser.training_loader import training_loader
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

Batch = tuple[Tensor, Tensor, Tensor]


class DiagnoserModule(lightning.LightningModule):
    """AdamW, the schedule, cross entropy with label smoothing (paper, Sec. 5), and what the backbone adds to the loss.

    Attributes:
        network: float32 weights, drawn from the recipe's seed.
        losses: mean training loss of each epoch so far (of this device's cases).
        accuracies: share of the augmented training cases that were told right, of each epoch so far.
    """

    def __init__(self, data: TrainingSet, numbers: Sequence[int], recipe: DiagnoserRecipe, *, workers: int = 0) -> None:
        """Build the network.

        Args:
            data: all cases.
            numbers: of those to learn from.
            recipe: how to train.
            workers: processes that read ahead.
        """
        super().__init__()
        self.data, self.numbers, self.recipe, self.workers = data, list(numbers), recipe, workers
        torch.manual_seed(recipe.seed)
        self.network = build_network(recipe.architecture)
        self.losses: list[float] = []
        self.accuracies: list[float] = []
        self._sums = (0.0, 0.0, 0.0)

    @property
    def mixed(self) -> bool:
        """Whether the network computes in half precision, where the channels had better come last."""
        return "mixed" in str(self.trainer.precision)

    def train_dataloader(self) -> DataLoader[Any]:
        """This device's batches, beginning with the epoch that the training is at."""
        trainer = self.trainer
        return training_loader(
            self.data,
            self.numbers,
            self.recipe,
            # What `current_epoch` says after a resume too, but that comes after the readers have begun.
            epoch=trainer.fit_loop.epoch_progress.current.processed,  # type: ignore[attr-defined]
            rank=trainer.global_rank,
            world=trainer.world_size,
            workers=self.workers,
        )

    def configure_optimizers(self) -> Any:
        """AdamW, and the learning rate at every step."""
        recipe = self.recipe
        batches = len(training_loader(self.data, self.numbers, recipe, world=self.trainer.world_size))
        steps = -(-batches // recipe.accumulate)
        optimiser = torch.optim.AdamW(self.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: learning_rate_share(recipe, step / steps))
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def on_fit_start(self) -> None:
        """Lay the weights out for the matrix units."""
        if self.mixed:
            self.network.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """Loss of a batch: images and priors (B, 1, D, H, W), classes (B,)."""
        image, prior, label = batch
        # What draws while training (dropout) begins anew at each batch: a resumed run draws as an undisturbed one.
        parts = (self.recipe.seed, self.current_epoch, batch_idx, self.global_rank)
        torch.manual_seed(int(np.random.SeedSequence(parts).generate_state(1)[0]))
        if self.mixed:
            image = image.contiguous(memory_format=torch.channels_last_3d)
        logits = self.network(image, prior)
        loss = functional.cross_entropy(logits.float(), label, label_smoothing=self.recipe.label_smoothing)
        told = (loss.item() * len(label), float((logits.argmax(1) == label).sum()), float(len(label)))
        self._sums = tuple(a + b for a, b in zip(self._sums, told, strict=True))  # type: ignore[assignment]
        further = self.network.auxiliary_loss(image, prior)
        return loss if further is None else loss + further

    def on_train_epoch_end(self) -> None:
        """Note what the epoch came to."""
        loss, right, cases = self._sums
        self._sums = (0.0, 0.0, 0.0)
        self.losses.append(loss / cases)
        self.accuracies.append(right / cases)
        self.log_dict({"loss": self.losses[-1], "accuracy": self.accuracies[-1]}, sync_dist=True)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the record of the epochs."""
        checkpoint["vb_epochs"] = {"losses": list(self.losses), "accuracies": list(self.accuracies)}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take the record of the epochs back."""
        told = checkpoint["vb_epochs"]
        self.losses, self.accuracies = list(told["losses"]), list(told["accuracies"])
