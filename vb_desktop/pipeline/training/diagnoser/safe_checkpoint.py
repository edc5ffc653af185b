"""Lightning's checkpoints as one safetensors file instead of a pickle: tensors, and the tree that they hang in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from pytorch_lightning.plugins.io import CheckpointIO
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.errors import TrainingRefused

FORMAT = "vb-desktop training checkpoint 1"


class SafeCheckpointIO(CheckpointIO):
    """Writes and reads the whole state of a training: weights, optimiser, schedule, loops."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write atomically."""
        tensors: dict[str, torch.Tensor] = {}
        tree = _without_tensors(checkpoint, tensors)
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(path) as temporary:
            save_file(tensors, temporary, {"format": FORMAT, "tree": json.dumps(tree)})

    def load_checkpoint(self, path: Any, map_location: Any = None, weights_only: bool | None = None) -> dict[str, Any]:
        """Read it back.

        Raises:
            TrainingRefused: the file is damaged or was not written by `save_checkpoint`.
        """
        try:
            with safe_open(path, framework="pt") as file:
                told = file.metadata() or {}
                if told.get("format") != FORMAT:
                    raise TrainingRefused("training.foreign_checkpoint", name=Path(path).name)
                tensors = {key: file.get_tensor(key) for key in file.keys()}
            found: dict[str, Any] = _with_tensors(json.loads(told["tree"]), tensors)
            return found
        except (OSError, SafetensorError, ValueError, LookupError) as error:
            raise TrainingRefused("training.foreign_checkpoint", name=Path(path).name) from error

    def remove_checkpoint(self, path: Any) -> None:
        """Delete it."""
        Path(path).unlink(missing_ok=True)


def _without_tensors(node: Any, tensors: dict[str, torch.Tensor]) -> Any:
    """JSON of a tree; keys of mappings may be numbers, so mappings become lists of pairs."""
    if isinstance(node, torch.Tensor):
        name = f"t{len(tensors)}"
        tensors[name] = node.detach().cpu().clone().contiguous()
        return {"tensor": name}
    if isinstance(node, Mapping):
        pairs = [[_key(key), _without_tensors(value, tensors)] for key, value in node.items()]
        return {"pairs": pairs}
    if isinstance(node, tuple):
        return {"tuple": [_without_tensors(value, tensors) for value in node]}
    if isinstance(node, list):
        return [_without_tensors(value, tensors) for value in node]
    if node is None or isinstance(node, bool | int | float | str):
        return node
    raise TypeError(f"a checkpoint must hold plain values and tensors, got {type(node).__name__}")


def _key(key: Any) -> Any:
    if not isinstance(key, int | str):
        raise TypeError(f"a key must be a number or a text, got {type(key).__name__}")
    return key


def _with_tensors(node: Any, tensors: Mapping[str, torch.Tensor]) -> Any:
    if isinstance(node, list):
        return [_with_tensors(value, tensors) for value in node]
    if isinstance(node, dict):
        ((kind, value),) = node.items()
        if kind == "tensor":
            return tensors[value]
        if kind == "tuple":
            return tuple(_with_tensors(part, tensors) for part in value)
        return {key: _with_tensors(part, tensors) for key, part in value}
    return node
