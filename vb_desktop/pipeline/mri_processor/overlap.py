"""How well two brains lie on each other."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Array, Volume

_BINS = 48


def dice(one: Volume, other: Volume) -> float:
    """Dice coefficient of two masks on one grid; 0 when both are empty."""
    a, b = one.voxels > 0, other.voxels > 0
    total = int(a.sum()) + int(b.sum())
    return 2.0 * int((a & b).sum()) / total if total else 0.0


def mutual_information(one: Array, other: Array) -> float:
    """Mutual information of two sets of N values in nats; outliers beyond 0.5 and 99.5 % count as the last bin."""
    clipped = np.clip(one, *np.percentile(one, [0.5, 99.5]))
    joint = np.histogram2d(clipped, other, bins=_BINS)[0]
    joint /= joint.sum()
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    seen = joint > 0
    return float((joint[seen] * np.log(joint[seen] / apart[seen])).sum())
