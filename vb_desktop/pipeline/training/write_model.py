"""From a trained network to a model folder: calibration, distance statistics, metrics, card, weights."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save
from torch import Tensor

from vb_desktop.pipeline.adaptive_diagnoser import calibration
from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.model_card import (
    Calibration,
    GridCard,
    Metric,
    ModelCard,
    OutOfDistribution,
    TrainingData,
    Weights,
)
from vb_desktop.pipeline.models import CARD
from vb_desktop.pipeline.training.recipe import Recipe
from vb_desktop.pipeline.training.train_network import apply_network
from vb_desktop.pipeline.training.training_cases import TrainingCases

DEMONSTRATION = "Demonstration model, trained on synthetic cases: not for clinical use."
INTENDED_USE = (
    "Trying out the program and its way of working. Not for clinical use: it has never seen a patient, and nothing is "
    "known of its accuracy on patients."
)


def write_model(
    folder: Path,
    network: VirtualBiopsyNet,
    *,
    recipe: Recipe,
    grid: InputGrid,
    training: TrainingCases,
    calibrating: TrainingCases,
    testing: TrainingCases,
    losses: list[float],
    version: str,
    known_limits: Sequence[str] = (),
) -> ModelCard:
    """Round the weights to half precision, measure what ships, and write `weights.safetensors` and `model.json`.

    Args:
        folder: of the model; made where it is missing.
        network: trained; its weights are rounded in place, so that the figures are those of the shipped weights.
        recipe: of the training.
        grid: the network's.
        training: the training cases, for the distance statistics.
        calibrating: held-out cases for temperature, conformal quantile and distance threshold.
        testing: further held-out cases for the metrics.
        losses: mean training loss of each epoch.
        version: of the model.
        known_limits: what was seen to go wrong, for the card.
    """
    _round_to_half(network)
    _, embedded = apply_network(network, training)
    mean, deviation = embedded.mean(0), embedded.std(0)
    logits, embedded = apply_network(network, calibrating)
    temperature = calibration.fit_temperature(logits, calibrating.labels)
    p = calibration.softmax(logits, temperature)
    quantile = calibration.conformal_quantile(p, calibrating.labels)
    threshold = float(np.quantile(calibration.distance_from_training(embedded, mean, deviation).numpy(), 0.99))
    metrics = _metrics(network, testing, temperature, quantile, (mean, deviation, threshold))

    half = {key: value.half() if value.is_floating_point() else value for key, value in network.state_dict().items()}
    data = save({key: value.contiguous() for key, value in half.items()} | {"ood.mean": mean, "ood.std": deviation})
    held_out = "synthetic cases drawn as the training cases were, with another seed"
    card = ModelCard(
        name=folder.name,
        kind="diagnoser",
        version=version,
        description=f"{DEMONSTRATION} 3D DenseNet with Masked Channel Attention (paper, Eq. 6-9).",
        intended_use=INTENDED_USE,
        synthetic=True,
        classes=CLASSES,
        architecture=recipe.architecture,
        input_grid=GridCard(shape=grid.shape, spacing_mm=grid.spacing_mm, origin_mm=grid.origin_mm),
        training_data=TrainingData(
            description="Synthetic T1-CE brains with one tumour each, drawn by vb_desktop.pipeline.training from the "
            "MNI152 template (nilearn) and signs from the literature; no patient data.",
            cases=len(training),
            per_class={name: int((training.labels == k).sum()) for k, name in enumerate(CLASSES)},
            sha256=training.sha256,
            licence="Apache-2.0; template: MNI152 (ICBM 2009, free to use with its notice)",
        ),
        recipe=recipe.plain() | {"loss_per_epoch": [round(loss, 4) for loss in losses]},
        deviations=[
            *recipe.deviations(),
            "data: synthetic cases instead of ICT-MRI; one split instead of five folds",
            "network: transitions 2 and 3 don't pool, so that a feature cell is 16 mm instead of 64 mm",
        ],
        metrics=metrics,
        known_limits=list(known_limits),
        calibration=Calibration(temperature=temperature, quantile90=quantile, cases=len(calibrating), data=held_out),
        out_of_distribution=OutOfDistribution(
            threshold=threshold,
            cases=len(calibrating),
            description="root mean square of the standardised features, averaged over the map and inside the prior; "
            "the limit is the 99th percentile of held-out synthetic cases",
        ),
        licence="Apache-2.0",
        weights=Weights(
            sha256=hashlib.sha256(data).hexdigest(),
            dtype="float16 (statistics of the features: float32)",
            parameters=sum(parameter.numel() for parameter in network.parameters()),
        ),
        created=datetime.now(UTC).replace(microsecond=0),
    )
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_path(folder / card.weights.file) as temporary:
        temporary.write_bytes(data)
    write_text(folder / CARD, card.model_dump_json(indent=2, by_alias=True) + "\n")
    return card


def _round_to_half(network: VirtualBiopsyNet) -> None:
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(tensor.half().float())


def _metrics(
    network: VirtualBiopsyNet,
    cases: TrainingCases,
    temperature: float,
    quantile: float,
    ood: tuple[Tensor, Tensor, float],
) -> list[Metric]:
    logits, embedded = apply_network(network, cases)
    p, labels = calibration.softmax(logits, temperature), cases.labels
    data = "held-out synthetic cases (not patients)"
    said = p.argmax(1)
    sets = [calibration.prediction_set(row, quantile) for row in p]
    metrics = [
        _share("accuracy", said == labels, data),
        _share("coverage of the 90 % set", np.array([y in s for s, y in zip(sets, labels, strict=True)]), data),
        _share("set with one class", np.array([len(s) == 1 for s in sets]), data),
        _share(
            "inside the training data",
            calibration.distance_from_training(embedded, ood[0], ood[1]).numpy() <= ood[2],
            data,
        ),
    ]
    for k, name in enumerate(CLASSES):
        metrics.append(_share(f"recall {name}", said[labels == k] == k, data))
        if (said == k).any():
            metrics.append(_share(f"precision {name}", labels[said == k] == k, data))
    return metrics


def _share(name: str, hits: npt.NDArray[Any], data: str) -> Metric:
    n, hit = len(hits), int(np.sum(hits))
    low, high = calibration.wilson(hit, n)
    return Metric(name=name, value=hit / n if n else 0.0, n=n, low=low, high=high, data=data)
