"""One fold: train on the others, ask about the held-out cases, and keep the answers in one file."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.errors import TrainingRefused
from vb_desktop.pipeline.training.diagnoser.hardware import Hardware
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

if TYPE_CHECKING:
    from vb_desktop.pipeline.training.diagnoser.train_network import OnEpoch


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldResult:
    """What came out of a fold.

    Attributes:
        identity: hash of cases, split and recipe.
        names: of the held-out cases.
        logits: (N, K), before any temperature.
        distances: of the held-out cases from the training cases, (N,); empty where not asked for.
        losses: mean training loss of each epoch.
        parameters: of the network.
        precision: of the training.
        seconds: training and answers, of the last sitting.
    """

    identity: str
    names: list[str]
    logits: list[list[float]]
    distances: list[float]
    losses: list[float]
    parameters: int
    precision: str
    seconds: float

    @property
    def said(self) -> npt.NDArray[np.int64]:
        """The most probable class of each case."""
        return np.asarray(np.argmax(self.logits, axis=1), dtype=np.int64)


def train_fold(
    data: TrainingSet,
    held_out: Sequence[int],
    recipe: DiagnoserRecipe,
    result: Path,
    work: Path,
    *,
    distances: bool = False,
    hardware: Hardware | None = None,
    on_epoch: OnEpoch | None = None,
) -> FoldResult | None:
    """Train and ask, unless `result` holds the answers already.

    Args:
        data: all cases.
        held_out: numbers of those that are not learned from.
        recipe: how to train.
        result: file to write, atomically.
        work: of the checkpoint; removed when the result is there.
        distances: also measure how far the held-out cases lie from the training cases.
        hardware: Lightning's own flags.
        on_epoch: listener.

    Returns:
        The result; None on a device that only helps another.

    Raises:
        TrainingRefused: the network's answers are not numbers.
    """
    identity = fold_identity(data, held_out, recipe)
    known = read_result(result)
    if known is not None and known.identity == identity and (known.distances or not distances):
        return known

    from vb_desktop.pipeline.training.diagnoser.held_out import apply_network
    from vb_desktop.pipeline.training.diagnoser.out_of_fold_distance import distances_from, finite
    from vb_desktop.pipeline.training.diagnoser.train_network import train_network

    started = time.perf_counter()
    learned = sorted(set(range(len(data))) - {int(number) for number in held_out})
    trained = train_network(data, learned, recipe, work, hardware=hardware, on_epoch=on_epoch or (lambda _: None))
    if not trained.writes:
        return None
    answers = apply_network(trained.network, data, held_out)
    if not finite(answers.logits, answers.embeddings):
        raise TrainingRefused("training.diverged")
    far = np.empty(0)
    if distances:
        far = distances_from(apply_network(trained.network, data, learned), answers, data.labels)
    found = FoldResult(
        identity=identity,
        names=[data.names[int(number)] for number in held_out],
        logits=answers.logits.tolist(),
        distances=far.tolist(),
        losses=trained.losses,
        parameters=sum(parameter.numel() for parameter in trained.network.parameters()),
        precision=trained.precision,
        seconds=time.perf_counter() - started,
    )
    result.parent.mkdir(parents=True, exist_ok=True)
    write_text(result, json.dumps(asdict(found)))
    shutil.rmtree(work, ignore_errors=True)
    return found


def fold_identity(data: TrainingSet, held_out: Sequence[int], recipe: DiagnoserRecipe) -> str:
    """Hash of all that decides a fold's result, the machine apart."""
    told: dict[str, Any] = {
        "cases": data.sha256,
        "held_out": sorted(data.names[int(number)] for number in held_out),
        "recipe": recipe.plain(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def read_result(path: Path) -> FoldResult | None:
    """A result that was written; None where there is none that can be read."""
    try:
        return FoldResult(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
