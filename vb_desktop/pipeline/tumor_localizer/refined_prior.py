"""Eq. 5: a light voxel-wise MLP, trained on the case itself from the coarse prior's pseudo-labels, and the union."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, CoarsePrior, ProcessedScan, RefinedPrior
from vb_desktop.pipeline.config import RefineConfig
from vb_desktop.pipeline.tumor_localizer.voxel_features import voxel_features

if TYPE_CHECKING:
    import torch

LEAST_POSITIVES_ML = 0.1
"""With less brain than this above tau there is nothing to learn from; tau is lowered until it is reached."""
_MOST_POSITIVES = 20_000
_BACKGROUND = 0.02  # coarse prior below which a voxel of the brain is surely outside


def refined_prior(
    processed: ProcessedScan,
    coarse: CoarsePrior,
    config: RefineConfig,
    on_epoch: Callable[[float], None] = lambda _: None,
) -> RefinedPrior:
    """Refine the coarse prior by what the tumour looks like in this very scan (Eq. 5).

    Positives are voxels whose coarse prior exceeds tau, negatives those of the brain below 0.02, `negatives` for each
    positive. Eq. 5 as printed knows positives only, which is one class; the negatives are ours.

    Args:
        processed: z-scored scan, template space.
        coarse: Eq. 4.
        config: mode, tau, negatives, reach, epochs, seed.
        on_epoch: told the share of the training that is done.

    Returns:
        The refined prior, the MLP's own say (0 beyond reach) and the tau that was used. Where the coarse prior holds
        less than `LEAST_POSITIVES_ML` of brain the MLP says nothing and the refined prior is the coarse prior.
    """
    inside = processed.mask.voxels > 0
    prior = coarse.volume.voxels[inside]
    least = max(1, round(LEAST_POSITIVES_ML / coarse.volume.voxel_ml))
    tau = adaptive_tau(prior, config.tau, least)
    positives, negatives = np.flatnonzero(prior > tau), np.flatnonzero(prior < _BACKGROUND)
    mlp = np.zeros(inside.shape, dtype=np.float32)
    if len(positives) < least or len(negatives) == 0:
        return RefinedPrior(coarse.volume, coarse.volume.like(mlp), tau)

    rng = np.random.default_rng(config.seed)
    chosen = rng.permutation(positives)[:_MOST_POSITIVES]
    others = rng.permutation(negatives)[: config.negatives * len(chosen)]
    features = voxel_features(processed.volume, processed.mask.voxels)
    near = _within_reach(coarse, config.reach_mm)[inside]
    says = _fit_and_predict(features, chosen, others, near, config, on_epoch)
    values = np.zeros(len(prior), dtype=np.float32)
    values[near] = says
    mlp[inside] = values
    joined = {
        "union": np.maximum(coarse.volume.voxels, mlp),
        "mlp": mlp,
        "intersection": np.minimum(coarse.volume.voxels, mlp),
    }[config.mode]
    return RefinedPrior(coarse.volume.like(joined), coarse.volume.like(mlp), tau)


def adaptive_tau(prior: Array, tau: float, least: int) -> float:
    """The tau that leaves examples of the tumour: a fixed one leaves none where the prior was smoothed low.

    Args:
        prior: (N,) coarse prior of the brain's voxels.
        tau: as configured.
        least: number of voxels that must exceed it, where so many exceed 0 at all.

    Returns:
        min(tau, 0.8 max), or lower so that `least` voxels exceed it; in [0, tau].
    """
    highest = float(prior.max(initial=0.0))
    used = min(tau, 0.8 * highest)
    if np.count_nonzero(prior > used) < least <= len(prior):
        nth = float(np.partition(prior, len(prior) - least)[len(prior) - least])
        used = max(0.0, float(np.nextafter(np.float32(nth), np.float32(-1))))
    return used


def _within_reach(coarse: CoarsePrior, reach_mm: float) -> Array:
    region = coarse.volume.voxels > 0.5
    if not region.any():
        region = coarse.volume.voxels > 0.5 * coarse.volume.voxels.max()
    near = coarse.volume.voxels > _BACKGROUND
    occupied = ndimage.find_objects(region.astype(np.uint8))[0]
    margin = np.ceil(reach_mm / np.array(coarse.volume.spacing)).astype(int) + 1
    around = tuple(
        slice(max(0, part.start - m), min(n, part.stop + m))
        for part, m, n in zip(occupied, margin, region.shape, strict=True)
    )
    distance = ndimage.distance_transform_edt(~region[around], sampling=coarse.volume.spacing)
    near[around] |= distance <= reach_mm
    return near


def _fit_and_predict(
    features: Array,
    positives: Array,
    negatives: Array,
    near: Array,
    config: RefineConfig,
    on_epoch: Callable[[float], None],
) -> Array:
    import torch
    from torch import nn

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # faster for so small a net, and the same bytes on every machine load
    try:
        chosen = np.concatenate([positives, negatives])
        mean, spread = features[chosen].mean(axis=0), features[chosen].std(axis=0) + 1e-6

        def scaled(rows: Array) -> torch.Tensor:
            return torch.from_numpy(np.clip((rows - mean) / spread, -8, 8).astype(np.float32))

        inputs = scaled(features[chosen])
        labels = torch.zeros(len(chosen), 1)
        labels[: len(positives)] = 1.0
        draw = torch.Generator().manual_seed(config.seed)
        with torch.random.fork_rng(devices=[]):  # building layers draws from the generator that everyone shares
            first, second, last = nn.Linear(features.shape[1], 32), nn.Linear(32, 16), nn.Linear(16, 1)
        for layer in (first, second, last):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu", generator=draw)
            nn.init.zeros_(layer.bias)
        net = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), last)
        step = _adamw(list(net.parameters()), lr=3e-3, weight_decay=1e-4)
        for epoch in range(config.epochs):
            for batch in torch.split(torch.randperm(len(chosen), generator=draw), 2048):
                loss = nn.functional.binary_cross_entropy_with_logits(net(inputs[batch]), labels[batch])
                step(loss)
            on_epoch((epoch + 1) / config.epochs)
        with torch.inference_mode():
            rows = np.flatnonzero(near)
            parts = [
                net(scaled(features[part])).sigmoid()[:, 0].numpy()
                for part in np.array_split(rows, 1 + len(rows) // 200_000)
            ]
        return np.concatenate(parts)
    finally:
        torch.set_num_threads(threads)


def _adamw(weights: list[torch.Tensor], lr: float, weight_decay: float) -> Callable[[torch.Tensor], None]:
    """`torch.optim.AdamW` by its functional form: the class imports torch's compiler, a second for nothing."""
    import torch
    from torch.optim.adamw import adamw

    means, squares = [torch.zeros_like(w) for w in weights], [torch.zeros_like(w) for w in weights]
    steps = [torch.tensor(0.0) for _ in weights]

    def step(loss: torch.Tensor) -> None:
        gradients = list(torch.autograd.grad(loss, weights))
        with torch.no_grad():
            adamw(
                weights, gradients, means, squares, [], steps, foreach=False, amsgrad=False, beta1=0.9, beta2=0.999,
                lr=lr, weight_decay=weight_decay, eps=1e-8, maximize=False,
            )  # fmt: skip

    return step
