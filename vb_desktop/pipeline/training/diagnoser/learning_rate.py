"""The learning rate over a training, as a share of its highest value."""

from __future__ import annotations

import math

from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe


def learning_rate_share(recipe: DiagnoserRecipe, epoch: float) -> float:
    """Share of `recipe.learning_rate` at a point of the training.

    Args:
        recipe: schedule, and how long it is.
        epoch: from 0, fractional inside an epoch.

    Returns:
        In [0, 1]. Warm restarts (Loshchilov 2017, T_mult 1): `(1 + cos(pi * phase)) / 2` of each T0 epochs. One cycle:
        a linear rise from 4 %, then half a cosine to 0.
    """
    if recipe.schedule == "warm-restarts":
        return _cosine((epoch % recipe.restart_epochs) / recipe.restart_epochs)
    done = min(epoch / recipe.epochs, 1.0)
    if done < recipe.rise:
        return 0.04 + 0.96 * done / recipe.rise
    return _cosine((done - recipe.rise) / (1 - recipe.rise))


def _cosine(phase: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * phase))
