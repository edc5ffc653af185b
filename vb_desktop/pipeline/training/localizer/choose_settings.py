"""Threshold, confidence and its calibration, chosen on out-of-fold probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.model_card import DetectorCard
from vb_desktop.pipeline.tumor_localizer.detector_boxes import FEATURES, LEAST_MM2, Region, all_regions
from vb_desktop.pipeline.tumor_localizer.detector_grid import STEP_MM

THRESHOLDS = (0.3, 0.4, 0.5, 0.6)
CONFIDENCES = (0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
MOST_FALSE_SLICES = 0.05
"""Of the tumour-free slices of real cases. Most of them lie just above or below a tumour that was found."""
MOST_FALSE_REGIONS = 0.05
"""Of the regions that are found in drawn cases."""
_TRUE_SHARE = 0.2  # a region is true where at least this share of it is core
_RIDGE = 1.0
_SCALE = np.array([3.0, 2.0, 0.2, 0.2, 0.5, 0.3])  # rough spread of the features, so that the ridge treats them alike


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutCase:
    """Out-of-fold probabilities of one case and its truth, all on the detector's grid.

    Attributes:
        name: of the case.
        fold: that held it out.
        core: probability, float32.
        whole: probability of core or oedema, float32.
        brain: bool.
        truth: the expert's core, bool.
    """

    name: str
    fold: int
    core: Array
    whole: Array
    brain: Array
    truth: Array


def choose_settings(cases: Sequence[HeldOutCase], networks: int, drawn: Sequence[HeldOutCase] = ()) -> DetectorCard:
    """Settings for a detector whose out-of-fold probabilities these are.

    The threshold gives the highest mean IoU of boxes; the confidence is fitted by a logistic regression with a ridge;
    the least confidence is the lowest that keeps to `MOST_FALSE_SLICES` and `MOST_FALSE_REGIONS`. Real cases alone
    decide on the threshold.

    Args:
        cases: real ones.
        networks: of the detector.
        drawn: synthetic ones that no network has seen, for the confidence only. The real tumours are large and lie in
            the hemispheres: fitted on them alone, the confidence of a small or a midline tumour is a guess.
    """
    cards = {t: DetectorCard(networks=networks, threshold=t, least_confidence=0.0) for t in THRESHOLDS}
    regions = {t: [all_regions(c.core, c.whole, c.brain, card) for c in cases] for t, card in cards.items()}
    threshold = max(THRESHOLDS, key=lambda t: _mean_iou(cases, regions[t]))
    found = regions[threshold]
    further = [all_regions(c.core, c.whole, c.brain, cards[threshold]) for c in drawn]
    features, labels = _examples(cases, found)
    more, their_labels = _examples(drawn, further)
    shares = [1 / max(len(labels), 1)] * len(labels) + [1 / max(len(their_labels), 1)] * len(their_labels)
    examples = np.array(shares) * (len(shares) / max(sum(shares), 1e-9))  # both kinds weigh the same
    intercept, weights = fit_logistic(np.vstack([features, more]), np.concatenate([labels, their_labels]), examples)
    card = cards[threshold].model_copy(
        update={"intercept": intercept, "weights_of": dict(zip(FEATURES, weights, strict=True))}
    )
    calibrated, theirs = ([all_regions(c.core, c.whole, c.brain, card) for c in kind] for kind in (cases, drawn))
    least = next(
        (
            c
            for c in CONFIDENCES
            if false_slice_share(cases, calibrated, c) <= MOST_FALSE_SLICES
            and false_region_share(drawn, theirs, c) <= MOST_FALSE_REGIONS
        ),
        CONFIDENCES[-1],
    )
    data = f"out-of-fold probabilities of {len(cases)} cases; {sum(map(len, found))} regions"
    if drawn:
        data += (
            f"; confidence also on {sum(map(len, further))} regions of {len(drawn)} synthetic cases not learned from"
        )
    return card.model_copy(update={"least_confidence": least, "data": data})


def is_true(region: Region, case: HeldOutCase) -> bool:
    """Whether a region is at the tumour."""
    return bool(np.count_nonzero(region.mask & case.truth) >= _TRUE_SHARE * np.count_nonzero(region.mask))


def _examples(cases: Sequence[HeldOutCase], regions: Sequence[Sequence[Region]]) -> tuple[Array, Array]:
    """Features (N, F) and labels (N,) of all regions."""
    pairs = [(region, case) for case, found in zip(cases, regions, strict=True) for region in found]
    features = np.array([region.features for region, _ in pairs]).reshape(-1, len(FEATURES))
    return features, np.array([is_true(region, case) for region, case in pairs], float)


def fit_logistic(
    features: Array, labels: Array, examples: Array | None = None, steps: int = 50
) -> tuple[float, list[float]]:
    """Ridge-penalised logistic regression by Newton's method.

    Args:
        features: (N, F).
        labels: (N,), 0 or 1.
        examples: (N,), weight of each; 1 where None.
        steps: iterations.

    Returns:
        Intercept and F weights; with no example the prior of a coin.
    """
    n, count = features.shape
    if n == 0:
        return 0.0, [0.0] * count
    weight = np.ones(n) if examples is None else examples
    design = np.hstack([np.ones((n, 1)), features / _SCALE[:count]])
    penalty = np.diag([1e-3, *[_RIDGE] * count])
    weights = np.zeros(count + 1)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (weight * (p - labels)) + penalty @ weights
        hessian = (design * (weight * p * (1 - p))[:, None]).T @ design + penalty
        step = np.linalg.solve(hessian, gradient)
        weights -= step * min(1.0, 2.0 / float(np.linalg.norm(step) + 1e-9))
    return float(weights[0]), [float(w) for w in weights[1:] / _SCALE[:count]]


def false_slice_share(cases: Sequence[HeldOutCase], regions: Sequence[Sequence[Region]], least: float) -> float:
    """Share of the tumour-free slices (with brain) that a region of at least this confidence touches."""
    free = false = 0
    for case, found in zip(cases, regions, strict=True):
        without: Array = np.any(case.brain, axis=(0, 1)) & ~np.any(case.truth, axis=(0, 1))
        touched: Array = np.zeros(len(without), bool)
        for region in found:
            if region.confidence >= least:
                touched = touched | (region.mask.sum(axis=(0, 1)) * STEP_MM**2 >= LEAST_MM2)
        free += int(without.sum())
        false += int((without & touched).sum())
    return false / free if free else 0.0


def false_region_share(cases: Sequence[HeldOutCase], regions: Sequence[Sequence[Region]], least: float) -> float:
    """Share of the regions of at least this confidence that are no tumour."""
    told = [
        is_true(region, case)
        for case, found in zip(cases, regions, strict=True)
        for region in found
        if region.confidence >= least
    ]
    return 1 - sum(told) / len(told) if told else 0.0


def _mean_iou(cases: Sequence[HeldOutCase], regions: Sequence[Sequence[Region]]) -> float:
    """Mean over cases of the mean IoU on tumour slices, 0 where nothing was found."""
    means = []
    for case, found in zip(cases, regions, strict=True):
        marked = np.zeros(case.truth.shape, bool)
        for region in found:
            if is_true(region, case):
                marked |= region.mask
        shown = np.flatnonzero(case.truth.sum(axis=(0, 1)) * STEP_MM**2 >= LEAST_MM2)
        ious = [_box_iou(marked[:, :, k], case.truth[:, :, k]) for k in shown]
        means.append(float(np.mean(ious)) if ious else 0.0)
    return float(np.mean(means))


def _box_iou(marked: Array, truth: Array) -> float:
    if not marked.any():
        return 0.0
    (a0, a1, b0, b1), (c0, c1, d0, d1) = _bounds(marked), _bounds(truth)
    both = max(0, min(a1, c1) - max(a0, c0)) * max(0, min(b1, d1) - max(b0, d0))
    return both / ((a1 - a0) * (b1 - b0) + (c1 - c0) * (d1 - d0) - both)


def _bounds(mask: Array) -> tuple[int, int, int, int]:
    i, j = np.nonzero(mask)
    return int(i.min()), int(i.max()) + 1, int(j.min()), int(j.max()) + 1
