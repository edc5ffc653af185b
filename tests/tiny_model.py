"""A model folder with a tiny untrained network, and a processed scan for it: seconds instead of minutes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor

from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network
from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.case import CLASSES, ProcessedScan, RefinedPrior, Transforms, Volume
from vb_desktop.pipeline.model_card import (
    Architecture,
    Calibration,
    GridCard,
    ModelCard,
    OutOfDistribution,
    TrainingData,
    Weights,
)

TINY_GRID = InputGrid(shape=(32, 32, 32), spacing_mm=6.0, origin_mm=(-93.0, -110.0, -80.0))
TINY = Architecture(
    backbone="densenet3d",
    backbone_options={"growth_rate": 4, "init_features": 4, "block_config": [1, 1, 1, 1]},
    head_options={"reduction": 1},
)
TEMPLATE_AFFINE = np.array([[4.0, 0, 0, -90], [0, 4, 0, -120], [0, 0, 4, -70], [0, 0, 0, 1]])


def write_tiny_model(
    folder: Path,
    *,
    seed: int = 0,
    further: dict[str, Tensor] | None = None,
    tensors: dict[str, Tensor] | None = None,
    **changes: Any,
) -> Path:
    """Write `weights.safetensors` and `model.json`.

    Args:
        folder: of the model.
        seed: of the weights.
        further: further tensors of the file.
        tensors: instead of the network's.
        changes: of the card.
    """
    torch.manual_seed(seed)
    data = save((build_network(TINY).state_dict() if tensors is None else tensors) | (further or {}))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "weights.safetensors").write_bytes(data)
    card = ModelCard(
        **{
            "name": folder.name,
            "kind": "diagnoser",
            "version": "1",
            "description": "tiny and untrained",
            "intended_use": "tests",
            "synthetic": True,
            "classes": CLASSES,
            "architecture": TINY,
            "input_grid": GridCard(
                shape=TINY_GRID.shape, spacing_mm=TINY_GRID.spacing_mm, origin_mm=TINY_GRID.origin_mm
            ),
            "training_data": TrainingData(description="none", cases=0, sha256="0" * 64, licence="none"),
            "calibration": Calibration(temperature=1.0, quantile90=0.9, cases=9, data="none"),
            "licence": "Apache-2.0",
            "weights": Weights(sha256=hashlib.sha256(data).hexdigest(), dtype="float32", parameters=0),
            "created": datetime(2026, 1, 1, tzinfo=UTC),
        }
        | changes
    )
    (folder / "model.json").write_text(card.model_dump_json(by_alias=True), encoding="utf-8")
    return folder


def ood_tensors(mean: float, deviation: float = 1.0) -> dict[str, Tensor]:
    """Statistics as a trained model brings them, the same for each feature."""
    n = 2 * build_network(TINY).backbone.channels
    return {"ood.mean": torch.full((n,), mean), "ood.std": torch.full((n,), deviation)}


OOD_CARD = OutOfDistribution(
    threshold=5.0, cases=9, description="for tests", ranges={"region_ml": (0.0, 1000.0), "brain_ml": (0.0, 10_000.0)}
)


def processed_phantom() -> tuple[ProcessedScan, RefinedPrior]:
    """A round brain with one bright ball right of the midline, on a template grid of 4 mm, and a prior around it."""
    shape = (46, 56, 44)
    mm = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), -1) * 4.0 + TEMPLATE_AFFINE[:3, 3]
    brain = (((mm - (0, -16, 6)) / (68, 86, 66)) ** 2).sum(-1) < 1
    ball = ((mm - (28, -16, 10)) ** 2).sum(-1) < 16**2
    z = np.random.default_rng(0).normal(0, 0.4, shape) + 4 * ball
    z = np.where(brain, z - z[brain].mean(), 0).astype(np.float32)
    prior = np.where(ball, 1.0, 0.0).astype(np.float32)
    volume, mask = Volume(z, TEMPLATE_AFFINE), Volume(brain.astype(np.uint8), TEMPLATE_AFFINE)
    scan = ProcessedScan(volume, mask, mask, volume, Transforms(Path(".")))
    return scan, RefinedPrior(volume.like(prior), volume.like(prior), 0.9)
