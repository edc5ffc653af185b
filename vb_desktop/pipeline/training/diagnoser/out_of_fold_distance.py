"""How far held-out cases lie from those that a network has learned from."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
import torch

from vb_desktop.pipeline.adaptive_diagnoser.calibration import distance_from_training
from vb_desktop.pipeline.training.diagnoser.held_out import Answers


def distances_from(learned: Answers, held_out: Answers) -> npt.NDArray[Any]:
    """Distances of the held-out cases, (N,), with the network's own statistics of the cases it learned from."""
    known = torch.from_numpy(learned.embeddings)
    return distance_from_training(torch.from_numpy(held_out.embeddings), known.mean(0), known.std(0)).numpy()
