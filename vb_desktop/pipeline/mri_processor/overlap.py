"""How well two masks cover each other."""

from __future__ import annotations

from vb_desktop.pipeline.case import Volume


def dice(one: Volume, other: Volume) -> float:
    """Dice coefficient of two masks on one grid; 0 when both are empty."""
    a, b = one.voxels > 0, other.voxels > 0
    total = int(a.sum()) + int(b.sum())
    return 2.0 * int((a & b).sum()) / total if total else 0.0
