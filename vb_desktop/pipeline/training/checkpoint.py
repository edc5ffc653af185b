"""State of an interrupted training as one safetensors file: weights, optimiser, and how far it got. No pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

from vb_desktop.pipeline.atomic import atomic_path


class HasState(Protocol):
    """An optimiser, or several that give their state as one."""

    def state_dict(self) -> dict[str, Any]:
        """Moments by number, and groups of parameters."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> None:
        """The same way back."""
        ...


def save_checkpoint(path: Path, network: nn.Module, optimiser: HasState, state: dict[str, Any]) -> None:
    """Write atomically. `state` is plain JSON: epoch, losses, recipe."""
    tensors = {f"network.{key}": value.contiguous() for key, value in network.state_dict().items()}
    for index, values in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{key}": torch.as_tensor(value).contiguous() for key, value in values.items()}
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, {"state": json.dumps(state)})


def load_checkpoint(path: Path, network: nn.Module, optimiser: HasState) -> dict[str, Any]:
    """Restore network and optimiser; returns the state that was saved with them."""
    with safe_open(path, framework="pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}
        state: dict[str, Any] = json.loads(file.metadata()["state"])
    network.load_state_dict({k.removeprefix("network."): v for k, v in tensors.items() if k.startswith("network.")})
    moments: dict[int, dict[str, Any]] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser."):
            _, index, name = key.split(".", 2)
            moments.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})
    return state
