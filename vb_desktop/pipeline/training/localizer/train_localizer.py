"""From a folder of segmented cases to a detector: folds, out-of-fold predictions, settings, the model folder.

The networks of the folds are the detector: their probabilities are averaged. So each network is measured on patients it
has not seen, and all patients are learned from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.evaluation.evaluate_localization import evaluate_localization
from vb_desktop.pipeline.evaluation.expert_cases import ExpertCase, find_cases, process
from vb_desktop.pipeline.evaluation.predictions import PredictedBox, Prediction, write_prediction
from vb_desktop.pipeline.model_card import DetectorCard, ModelCard
from vb_desktop.pipeline.training.localizer.choose_settings import HeldOutCase, choose_settings
from vb_desktop.pipeline.training.localizer.detector_recipe import DetectorRecipe
from vb_desktop.pipeline.training.localizer.folds import patient_folds
from vb_desktop.pipeline.training.localizer.grid_case import BRAIN_BIT, CORE_BIT, UNSURE_BIT, GridCase, real_case
from vb_desktop.pipeline.training.localizer.pool_store import cases_hash, keep_pool
from vb_desktop.pipeline.training.localizer.slice_sampler import SliceSampler
from vb_desktop.pipeline.training.localizer.train_detector import EpochDone, train_detector
from vb_desktop.pipeline.training.localizer.write_detector import (
    OUT_OF_FOLD,
    RULES,
    card_metrics,
    limits_seen,
    metrics_of_file,
    round_to_half,
    write_detector,
)
from vb_desktop.pipeline.tumor_localizer.detector_boxes import boxes_of, find_regions
from vb_desktop.pipeline.tumor_localizer.detector_network import SliceNet
from vb_desktop.pipeline.tumor_localizer.slice_detector import probabilities

PREDICTIONS = "predictions"
Say = Callable[[str], None]


def train_localizer(
    folder: Path,
    out: Path,
    recipe: DetectorRecipe,
    *,
    folds: int = 6,
    work: Path | None = None,
    processed: Path | None = None,
    config: Config | None = None,
    attribution: str = "",
    measure: bool = True,
    beside: Sequence[Path] = (),
    say: Say = lambda _: None,
) -> ModelCard:
    """Train, predict out of fold, choose the settings, write the model.

    Everything is kept in `work`: the same command again goes on where it was interrupted.

    Args:
        folder: subfolders with `t1ce.nii.gz` and `seg.nii.gz`; cases without segmentation are left out.
        out: the model's folder; out-of-fold predictions go to `out/predictions`.
        recipe: how to train.
        folds: by patient.
        work: pool, checkpoints, probabilities; `out/work` where None.
        processed: cache of processed cases; `work/processed` where None.
        config: settings of the processing.
        attribution: whose data it is, for the model's folder.
        measure: evaluate the out-of-fold boxes and the rule-based detector for the card.
        beside: figures of other localisers (`evaluate localization --out`), for the card.
        say: told what is going on.

    Raises:
        UnreadableScan: there are fewer segmented cases than folds, or a file of `beside` can't be read.
    """
    config = config or Config()
    work = work or out / "work"
    cache = processed or work / "processed"
    experts = [case for case in find_cases(folder) if case.segmentation is not None]
    others = [metric for path in beside for metric in metrics_of_file(path)]
    if len(experts) < folds or folds < 2:
        raise UnreadableScan("evaluation.too_few_cases", count=len(experts), folds=folds)
    real = []
    for case in experts:
        say(f"processing {case.name}")
        real.append(real_case(case, config, cache))
    pool = keep_pool(
        real, recipe.synthetic, recipe.seed + 1, work / "pool",
        lambda n: say(f"drew {n} of {recipe.synthetic} synthetic cases") if n % 20 == 0 else None,
    )  # fmt: skip
    hashes = {"real": cases_hash(real), "pool": f"{recipe.synthetic} cases, seed {recipe.seed + 1}"}
    started = _pretrained(pool, recipe, work, hashes["real"], say)
    networks, held_out, losses = [], [], []
    split = patient_folds(real, folds)
    for fold, names in enumerate(split):
        network, loss = _fold(real, pool, fold, names, recipe, started, work, hashes["real"], say)
        networks.append(round_to_half(network))
        losses.append(loss)
        held_out += [_held_out(case, fold, network, work) for case in real if case.name in names]
    drawn = _drawn(real, split, networks, recipe, work)
    predict_out_of_fold(experts, held_out, config, cache, out / PREDICTIONS, say, drawn=drawn)
    settings = choose_settings(held_out, len(networks), drawn)
    metrics, limits = [], []
    if measure:
        say("measuring out of fold")
        results = evaluate_localization(experts, config, cache, predictions=out / PREDICTIONS)
        say("measuring the rule-based detector")
        rules = evaluate_localization(experts, config.changed(vlm__backend="rules"), cache)
        metrics = card_metrics(results, OUT_OF_FOLD) + card_metrics(rules, RULES)
        limits = limits_seen(results)
    return write_detector(
        out, networks, settings=settings, recipe=recipe, real=real, folds=split, losses=losses,
        metrics=metrics + others, attribution=attribution, known_limits=limits,
    )  # fmt: skip


def predict_out_of_fold(
    experts: Sequence[ExpertCase],
    held_out: Sequence[HeldOutCase],
    config: Config,
    cache: Path,
    folder: Path,
    say: Say = lambda _: None,
    *,
    drawn: Sequence[HeldOutCase] = (),
) -> None:
    """Write the boxes of every case, from the network and with the settings of other patients only.

    The settings for the cases of a fold are chosen on the cases of the other folds, real and drawn.
    """
    by_name = {case.name: case for case in held_out}
    for fold in sorted({case.fold for case in held_out}):
        others, further = ([case for case in cases if case.fold != fold] for cases in (held_out, drawn))
        card = choose_settings(others, 1, further)
        for expert in experts:
            case = by_name.get(expert.name)
            if case is None or case.fold != fold:
                continue
            say(f"out-of-fold boxes of {case.name}")
            like = process(expert, config, cache).mask
            regions = find_regions(case.core, case.whole, case.brain, card)
            found = [box for region in regions for box in boxes_of(region, case.core, like, card).values()]
            write_prediction(folder, Prediction(
                case=case.name, sha256=expert.sha256, detector=f"slice detector, fold {fold}, {_told(card)}", fold=fold,
                shape=like.voxels.shape,
                boxes=[
                    PredictedBox(k=b.k, i0=b.i0, i1=b.i1, j0=b.j0, j1=b.j1, confidence=b.confidence, text=b.text)
                    for b in sorted(found, key=lambda b: (b.k, b.i0, b.j0))
                ],
            ))  # fmt: skip


def _told(card: DetectorCard) -> str:
    return f"threshold {card.threshold:g}, least confidence {card.least_confidence:g}"


def _pretrained(pool: Sequence[GridCase], recipe: DetectorRecipe, work: Path, cases: str, say: Say) -> SliceNet | None:
    without_patients = [case for case in pool if not case.patients]
    if not recipe.pretraining or not without_patients:
        return None
    sampler = SliceSampler([], without_patients, real_share=0.0, tumour_share=recipe.tumour_share)
    first = dataclasses.replace(recipe, epochs=recipe.pretraining, learning_rate=1.5 * recipe.learning_rate)
    network, _ = train_detector(
        sampler,
        first,
        cases=f"template {cases}",
        checkpoint=work / "pretraining.safetensors",
        on_epoch=_tell(say, "pre"),
    )
    return network


def _fold(
    real: Sequence[GridCase],
    pool: Sequence[GridCase],
    fold: int,
    names: Sequence[str],
    recipe: DetectorRecipe,
    start: SliceNet | None,
    work: Path,
    cases: str,
    say: Say,
) -> tuple[SliceNet, list[float]]:
    out = set(names)
    sampler = SliceSampler(
        [case for case in real if case.name not in out],
        [case for case in pool if not out & set(case.patients)],
        real_share=recipe.real_share,
        tumour_share=recipe.tumour_share,
    )
    return train_detector(
        sampler,
        dataclasses.replace(recipe, seed=recipe.seed + fold),
        start=start,
        cases=f"fold {fold} without {', '.join(sorted(out))} {cases}",
        checkpoint=work / f"fold{fold}.safetensors",
        on_epoch=_tell(say, f"fold {fold}"),
    )


def _held_out(case: GridCase, fold: int, network: SliceNet, work: Path) -> HeldOutCase:
    path, weights = work / f"fold{fold}-{case.name}.npz", work / f"fold{fold}.safetensors"
    if not path.is_file() or path.stat().st_mtime < weights.stat().st_mtime:
        core, whole = probabilities((network,), case.image.astype(np.float32))
        with atomic_path(path) as temporary:
            np.savez_compressed(temporary, core=core.astype(np.float16), whole=whole.astype(np.float16))
    with np.load(path) as kept:
        read: dict[str, Array] = {name: kept[name].astype(np.float32) for name in ("core", "whole")}
    return HeldOutCase(case.name, fold, read["core"], read["whole"], case.mark(BRAIN_BIT), case.mark(CORE_BIT))


def _drawn(
    real: Sequence[GridCase],
    folds: Sequence[Sequence[str]],
    networks: Sequence[SliceNet],
    recipe: DetectorRecipe,
    work: Path,
) -> list[HeldOutCase]:
    """Synthetic cases that are not in the pool, each asked of a network that has not seen the patient in it."""
    fold_of = {name: fold for fold, names in enumerate(folds) for name in names}
    found = []
    for number, case in enumerate(keep_pool(real, recipe.calibration, recipe.seed + 2, work / "calibration")):
        if len(case.patients) > 1 or case.mark(UNSURE_BIT).any():
            continue  # two patients: no network has seen neither; unsure: no telling what is true
        fold = fold_of[case.patients[0]] if case.patients else number % len(folds)
        found.append(_held_out(case, fold, networks[fold], work))
    return found


def _tell(say: Say, part: str) -> Callable[[EpochDone], None]:
    return lambda done: say(f"{part}: epoch {done.epoch}, loss {done.loss:.3f}, {done.seconds:.0f} s")
