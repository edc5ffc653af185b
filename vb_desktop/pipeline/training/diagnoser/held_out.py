"""What a network says of cases it has not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import standardise
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """A network's answers.

    Attributes:
        numbers: of the cases in their `TrainingSet`, (N,).
        logits: float64 (N, K), before any temperature.
        embeddings: float32 (N, E), what the distance from the training data is measured on.
    """

    numbers: npt.NDArray[np.int64]
    logits: npt.NDArray[np.float64]
    embeddings: npt.NDArray[np.float32]


def apply_network(network: VirtualBiopsyNet, data: TrainingSet, numbers: Sequence[int]) -> Answers:
    """Answers for the cases `numbers`, without augmentation, in float32 as the window computes them."""
    logits, embeddings = [], []
    network.eval()
    with torch.no_grad():
        for number in numbers:
            image, brain, prior = data.inputs(int(number), network.localization)
            x = torch.from_numpy(standardise(image.astype(np.float32), brain))[None, None]
            m = torch.from_numpy(prior.astype(np.float32))[None, None]
            features = network.backbone.features(network.volume(x, m))
            cells = network.cells(m, features)
            logits.append(network.classify(features, cells)[0].numpy())
            embeddings.append(network.embed(features, cells)[0].numpy())
    return Answers(np.asarray(numbers, np.int64), np.asarray(logits, np.float64), np.asarray(embeddings, np.float32))
