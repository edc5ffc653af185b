"""From trained networks to a model folder: calibration, distance statistics, figures, card, weights."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save

from vb_desktop.pipeline.adaptive_diagnoser.case_measures import case_measures, fit_ranges
from vb_desktop.pipeline.adaptive_diagnoser.input_grid import standardise
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.adaptive_diagnoser.training_reference import fit_reference
from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.errors import TrainingRefused
from vb_desktop.pipeline.evaluation.bootstrap import Estimate
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
from vb_desktop.pipeline.training.diagnoser.calibration_error import error_by_chance
from vb_desktop.pipeline.training.diagnoser.classification_metrics import interval, score_intervals
from vb_desktop.pipeline.training.diagnoser.fit_trust import Trust, fit_trust
from vb_desktop.pipeline.training.diagnoser.held_out import apply_network
from vb_desktop.pipeline.training.diagnoser.out_of_fold_distance import finite
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe
from vb_desktop.pipeline.training.diagnoser.train_fold import FoldResult
from vb_desktop.pipeline.training.diagnoser.train_network import TrainedNetwork
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

DEMONSTRATION = "Demonstration model, trained on synthetic cases: not for clinical use."
SYNTHETIC_USE = (
    "Trying out the program and its way of working. Not for clinical use: it has never seen a patient, and nothing is "
    "known of its accuracy on patients."
)
CLINICAL_USE = (
    "Research on deep, biopsied, untreated, single intracranial tumours on contrast-enhanced T1. Not a substitute for "
    "biopsy; it can't tell meningioma, metastasis, abscess or inflammation from its classes."
)


def write_diagnoser(
    folder: Path,
    trained: TrainedNetwork,
    *,
    data: TrainingSet,
    recipe: DiagnoserRecipe,
    folds: Sequence[FoldResult],
    version: str = "1",
    known_limits: Sequence[str] = (),
    licence: str = "",
) -> ModelCard:
    """Write `weights.safetensors` (half precision) and `model.json`.

    The weights are written first and the card last, each under a temporary name; the new weights have a name of their
    own, so that a model that stood there stays whole until the new card is there.

    Args:
        folder: of the model; made where it is missing.
        trained: on all cases; its weights are rounded in place, so that the distance statistics are of what ships.
        data: all cases.
        recipe: of the training.
        folds: answers of the networks of the folds, for calibration and figures.
        version: of the model.
        known_limits: what was seen to go wrong, for the card.
        licence: of the model.

    Raises:
        TrainingRefused: the network's answers are not numbers.
    """
    network = round_to_half(trained.network)
    learned = apply_network(network, data, range(len(data)))
    if not finite(learned.logits, learned.embeddings):
        raise TrainingRefused("training.diverged")
    place = {name: number for number, name in enumerate(data.names)}
    fold_of = np.zeros(len(data), dtype=np.int64)
    logits, distances = np.zeros((len(data), len(CLASSES))), np.zeros(len(data))
    for number, fold in enumerate(folds):
        where = [place[name] for name in fold.names]
        fold_of[where], logits[where], distances[where] = number, fold.logits, fold.distances
    trust = fit_trust(logits, data.labels, fold_of, distances)
    half = {key: value.half() if value.is_floating_point() else value for key, value in network.state_dict().items()}
    reference = fit_reference(learned.embeddings, data.labels)
    content = save({key: value.contiguous() for key, value in half.items()} | reference.tensors())
    sha256 = hashlib.sha256(content).hexdigest()
    card = ModelCard(
        name=folder.resolve().name,
        kind="diagnoser",
        version=version,
        description=_description(data, recipe),
        intended_use=SYNTHETIC_USE if data.synthetic else CLINICAL_USE,
        synthetic=data.synthetic,
        classes=CLASSES,
        architecture=recipe.architecture,
        input_grid=GridCard(shape=data.grid.shape, spacing_mm=data.grid.spacing_mm, origin_mm=data.grid.origin_mm),
        training_data=_training_data(data),
        recipe=recipe.plain()
        | {
            "precision_used": trained.precision,
            "folds": len(folds),
            "cases_of_folds": [len(fold.names) for fold in folds],
            "loss_per_epoch": [round(loss, 4) for loss in trained.losses],
        },
        deviations=[*recipe.deviations(), *_deviations(data, recipe)],
        metrics=_metrics(data, logits, distances, trust, len(folds)),
        known_limits=list(known_limits),
        calibration=Calibration(
            temperature=trust.temperature,
            quantile90=trust.quantile90,
            cases=len(data),
            data=f"out-of-fold answers of {len(folds)} networks trained as this one, each on the other folds",
        ),
        out_of_distribution=OutOfDistribution(
            threshold=trust.distance_limit or 0.0,
            cases=len(data),
            description="Mahalanobis distance of the pooled features from the nearest class (Lee 2018), divided by the "
            "root of their number; the limit is the 99th percentile of held-out cases, each measured with the network "
            "of its fold and the reference of that network's own training cases. Ranges: of the training cases, "
            "widened by a tenth on either side",
            ranges=fit_ranges([_measures(data, number, recipe) for number in range(len(data))]),
        ),
        licence=licence or "Apache-2.0",
        weights=Weights(
            file=f"weights-{sha256[:12]}.safetensors",
            sha256=sha256,
            dtype="float16 (statistics of the features: float32)",
            parameters=sum(parameter.numel() for parameter in network.parameters()),
        ),
        created=datetime.now(UTC).replace(microsecond=0),
    )
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_path(folder / card.weights.file) as temporary:
        temporary.write_bytes(content)
    write_text(folder / CARD, card.model_dump_json(indent=2, by_alias=True) + "\n")
    for path in folder.glob("weights*.safetensors"):
        if path.name != card.weights.file:
            path.unlink()
    return card


def round_to_half(network: VirtualBiopsyNet) -> VirtualBiopsyNet:
    """Round the weights in place to what half precision can hold; they stay float32."""
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(tensor.half().float())
    return network.eval()


def _measures(data: TrainingSet, number: int, recipe: DiagnoserRecipe) -> dict[str, float]:
    image, brain, prior = data.inputs(number, recipe.localization)
    if recipe.localization == "none" or prior is brain:  # the whole brain stands in for a region
        prior = np.zeros_like(brain)
    return case_measures(data.grid, standardise(image.astype(np.float32), brain), prior.astype(np.float32), brain)


def _description(data: TrainingSet, recipe: DiagnoserRecipe) -> str:
    attention = " with Masked Channel Attention (paper, Eq. 6-9)" if recipe.mca else ""
    text = f"Backbone {recipe.backbone}{attention}, prior: {recipe.localization}; trained on all cases."
    return f"{DEMONSTRATION} {text}" if data.synthetic else text


def _training_data(data: TrainingSet) -> TrainingData:
    if data.synthetic:
        text = (
            "Synthetic T1-CE brains with one tumour each, drawn by `vb-desktop cohort synthesize` in MNI152 space from "
            "tissue maps and signs from the literature; no patient data."
        )
        licence = "Apache-2.0; template: MNI152 (ICBM 2009, free to use with its notice)"
    else:
        text, licence = (
            f"T1-CE scans of {len(set(data.patients))} patients with a known diagnosis.",
            "of the data: not stated",
        )
    return TrainingData(
        description=text, cases=len(data), per_class=data.per_class, sha256=data.sha256, licence=licence
    )


def _deviations(data: TrainingSet, recipe: DiagnoserRecipe) -> list[str]:
    found = ["the model is trained on all cases, after the folds have been measured"]
    if data.synthetic:
        found.append("data: synthetic cases instead of ICT-MRI")
    empty = int(data.without_prior(recipe.localization).sum())
    if empty:
        found.append(f"{empty} cases without a prior were learned with the whole brain as the prior")
    return found


def _metrics(
    data: TrainingSet,
    logits: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    distances: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    trust: Trust,
    folds: int,
) -> list[Metric]:
    kind = "synthetic cases (not patients)" if data.synthetic else "cases"
    where = f"{kind}, out of fold: {folds} folds by patient, networks trained as this one on the other folds"
    labels, said = data.labels, logits.argmax(1)
    found = [_metric(name, value, where) for name, value in score_intervals(labels, said, len(CLASSES)).items()]
    found += [
        _metric("ECE before temperature, 15 bins of equal mass", trust.ece_before, where),
        _metric("ECE after temperature of the other folds", trust.ece_after, where),
        _metric(
            "ECE that chance alone gives a calibrated model",
            Estimate(error_by_chance(trust.probabilities), None, None, len(data)),
            where,
        ),
        _metric("coverage of the 90 % set, quantile of the other folds", trust.coverage, where),
        _metric("set with one class", trust.certain, where),
    ]
    limit = trust.distance_limit
    if limit is not None:
        inside = distances <= limit
        found.append(
            _metric("inside the distance limit", interval(lambda d: float(inside[d].mean()), len(data)), where)
        )
    for k, name in enumerate(CLASSES):
        own, told = np.flatnonzero(labels == k), np.flatnonzero(said == k)
        right = said == labels
        found.append(_metric(f"recall {name}", _share(right[own]), where))
        if len(told):
            found.append(_metric(f"precision {name}", _share(right[told]), where))
    return found


def _share(hits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Estimate:
    return interval(lambda drawn: float(hits[drawn].mean()), len(hits))


def _metric(name: str, found: Estimate, where: str) -> Metric:
    return Metric(name=name, value=found.value or 0.0, n=found.n, low=found.low, high=found.high, data=where)
