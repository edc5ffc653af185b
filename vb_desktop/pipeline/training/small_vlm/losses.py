"""Losses of the small VLM: the answer's form, its coordinates, its likelihood, and the vision tower's own map."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from vb_desktop.pipeline.training.small_vlm.architecture import MERGE, PATCH, SIDE
from vb_desktop.pipeline.training.small_vlm.sequences import CELL, Batch

_SOFT = 1.5  # steps; a coordinate one step off is nearly right


class MapHead(nn.Module):
    """Reads the tumour's map off the vision tower while it is trained; thrown away afterwards."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.patch = nn.Linear(width, (PATCH // CELL) ** 2)
        self.token = nn.Linear(width, (PATCH * MERGE // CELL) ** 2)

    def forward(self, last_hidden: Tensor, merged: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """Logits (B, cells, cells) from the patches, and the same from the merged tokens."""
        tokens, inner, cells = SIDE // PATCH // MERGE, PATCH // CELL, SIDE // CELL
        fine = self.patch(last_hidden).view(count, tokens, tokens, MERGE, MERGE, inner, inner)
        fine = fine.permute(0, 1, 3, 5, 2, 4, 6).reshape(count, cells, cells)
        coarse = self.token(merged).view(count, tokens, tokens, MERGE * inner, MERGE * inner)
        return fine, coarse.permute(0, 1, 3, 2, 4).reshape(count, cells, cells)


def form_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Cross entropy of the tokens around the numbers."""
    return functional.cross_entropy(logits.flatten(0, 1), batch.plain.flatten(), ignore_index=-100)


def coordinate_loss(logits: Tensor, batch: Batch, numbers: Tensor) -> Tensor:
    """Soft cross entropy over neighbouring coordinates, plus the distance of the expected coordinate."""
    at = batch.coordinate >= 0
    if not at.any():
        return logits.sum() * 0
    chosen, target = logits[at].float(), batch.coordinate[at]
    steps = torch.arange(len(numbers))
    soft = torch.softmax(-0.5 * ((steps[None] - target[:, None]) / _SOFT) ** 2, dim=1)
    within = torch.log_softmax(chosen[:, numbers], dim=1)
    mass = torch.logsumexp(chosen, 1) - torch.logsumexp(chosen[:, numbers], 1)
    expected = (within.exp() * steps).sum(1)
    distance = functional.smooth_l1_loss(expected / 10, target / 10)
    return -(soft * within).sum(1).mean() + mass.mean() + distance


def likelihood_loss(logits: Tensor, batch: Batch, likelihoods: Tensor) -> Tensor:
    """Expected Brier score of the likelihood that is said, so that the likeliest token is the posterior.

    It is linear in the tokens' probabilities: the best answer is the one token nearest to the share of tumours among
    such pictures, which a cross entropy on 0 and 1 would not give.
    """
    chosen = logits[:, batch.likelihood_at].float()
    shares = torch.softmax(chosen[:, likelihoods], dim=1)
    values = torch.linspace(0, 1, len(likelihoods))
    brier = (shares * (values[None] - batch.truth[:, None]) ** 2).sum(1)
    mass = torch.logsumexp(chosen, 1) - torch.logsumexp(chosen[:, likelihoods], 1)
    return brier.mean() + 0.1 * mass.mean()


def map_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Cross entropy and Dice of the tumour's map."""
    target = batch.fine
    entropy = functional.binary_cross_entropy_with_logits(logits, target, pos_weight=torch.tensor(3.0))
    share = torch.sigmoid(logits)
    meet, both = (share * target).sum((1, 2)), share.sum((1, 2)) + target.sum((1, 2))
    return entropy + (1 - (2 * meet + 4) / (both + 4)).mean()
