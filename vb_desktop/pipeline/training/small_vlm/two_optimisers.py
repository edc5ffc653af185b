"""Muon for the matrices of the blocks, AdamW for the rest: fewer steps than AdamW alone, at a little more work each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

_ELSEWHERE = 100_000  # numbers of AdamW's parameters in the joint state
_LARGEST = 600  # orthogonalising a matrix costs the cube of its shorter edge


class TwoOptimisers:
    """Both as one, for the training loop and its checkpoint.

    Args:
        network: to train.
        learning_rate: of AdamW; Muon's steps are scaled to the same size.
        weight_decay: of matrices.
    """

    def __init__(self, network: nn.Module, learning_rate: float, weight_decay: float) -> None:
        inner, matrices, rest = [], [], []
        for name, parameter in network.named_parameters():
            if not parameter.requires_grad:
                continue
            if parameter.ndim != 2:
                rest.append(parameter)
            elif (".blocks." in name or ".layers." in name) and min(parameter.shape) <= _LARGEST:
                inner.append(parameter)
            else:
                matrices.append(parameter)
        self.muon = torch.optim.Muon(inner, lr=learning_rate, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw")
        groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": rest, "weight_decay": 0.0}]
        self.adam = torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.98), fused=True)

    def set_rate(self, learning_rate: float) -> None:
        """For the next step."""
        for optimiser in self._both():
            for group in optimiser.param_groups:
                group["lr"] = learning_rate

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for optimiser in self._both():
            optimiser.zero_grad()

    def step(self) -> None:
        """One step of each."""
        for optimiser in self._both():
            optimiser.step()

    def state_dict(self) -> dict[str, Any]:
        """The moments of both, told apart by their numbers."""
        adam = {_ELSEWHERE + number: moments for number, moments in self.adam.state_dict()["state"].items()}
        return {"state": {**self.muon.state_dict()["state"], **adam}, "param_groups": []}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The same way back."""
        muon = {number: moments for number, moments in state["state"].items() if number < _ELSEWHERE}
        adam = {number - _ELSEWHERE: moments for number, moments in state["state"].items() if number >= _ELSEWHERE}
        for optimiser, moments in ((self.muon, muon), (self.adam, adam)):
            optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})

    def _both(self) -> Iterator[Optimizer]:
        yield self.muon
        yield self.adam
