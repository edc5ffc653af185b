"""How far held-out cases lie from those that a network has learned from."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.adaptive_diagnoser.training_reference import fit_reference
from vb_desktop.pipeline.training.diagnoser.held_out import Answers


def distances_from(learned: Answers, held_out: Answers, labels: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Distances of the held-out cases, (N,), from the reference of the cases that the same network learned from.

    Args:
        learned: answers for the cases that it learned from.
        held_out: its answers for the others.
        labels: class index of every case.
    """
    return fit_reference(learned.embeddings, labels[learned.numbers]).distance(held_out.embeddings)


def finite(*arrays: npt.NDArray[Any]) -> bool:
    """Whether all are numbers."""
    return all(bool(np.isfinite(array).all()) for array in arrays)
