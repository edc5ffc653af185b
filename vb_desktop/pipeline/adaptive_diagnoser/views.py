"""How steady an answer is: the same case mirrored and a voxel aside, as another alignment might have left it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
COPIES = ((0, True), (1, False), (-1, True))
"""Shift in voxels, and whether mirrored: three copies, so that a diagnosis stays a matter of seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What the copies of a case came to.

    Attributes:
        copies: how many, the case itself left out.
        deviation: (K,) standard deviation of each probability over the case and its copies.
        others: copies whose most probable class is another one.
    """

    copies: int
    deviation: npt.NDArray[np.float64]
    others: int


def views(image: Array, prior: Array, *, mirror: bool = True) -> Iterator[tuple[Array, Array]]:
    """The case first, then its copies: mirrored left-right, moved by a voxel along all axes, both.

    Args:
        image: (I, J, K), 0 outside the brain.
        prior: (I, J, K).
        mirror: whether the grid is symmetric about the midline; else no copy is mirrored.
    """
    yield image, prior
    for shift, mirrored in COPIES:
        if mirrored and not mirror and shift == 0:
            continue
        parts = [part[::-1] if mirrored and mirror else part for part in (image, prior)]
        yield _moved(parts[0], shift), _moved(parts[1], shift)


def spread(probabilities: Array) -> Spread:
    """Compare the copies with the case, the first of the rows (N, K)."""
    p = np.asarray(probabilities, dtype=np.float64)
    others = int((p[1:].argmax(axis=1) != p[0].argmax()).sum())
    return Spread(copies=len(p) - 1, deviation=p.std(axis=0), others=others)


def _moved(voxels: Array, shift: int) -> Array:
    """By `shift` voxels along each axis; what comes in is 0."""
    if shift == 0:
        return voxels
    moved = np.zeros_like(voxels)
    there, here = (slice(shift, None), slice(None, -shift)) if shift > 0 else (slice(None, shift), slice(-shift, None))
    moved[(there,) * 3] = voxels[(here,) * 3]
    return moved
