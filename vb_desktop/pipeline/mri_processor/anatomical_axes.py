"""Which way the brain lies: its fit to the template in all 24 right-angled positions.

The template is symmetric, so that mirror images fit alike and 24 of the 48 orientations are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import permutations, product

import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.mri_processor.template import template, template_mask

_STEP = 6
_MARGIN = 3
_NODS_DEGREES = (-24.0, -12.0, 0.0, 12.0, 24.0)
"""Heads are nodded in the scanner more than they are turned or tilted."""

_LEVELS = 16


@dataclass(frozen=True, slots=True)
class AxesFit:
    """How well the brain fits the template where the header places it, and elsewhere.

    Attributes:
        as_header: mutual information of the labelled brains (outside is a label too), nats.
        best_other: of the best of the 23 other positions.
        other: which that is: "upside_down", "back_to_front", "both" (half a turn about the left-right axis) or "axes"
            (axes exchanged).
    """

    as_header: float
    best_other: float
    other: str

    @property
    def lead(self) -> float:
        """Negative: another position fits better."""
        return self.as_header - self.best_other


def axes_fit(volume: Volume, mask: Volume) -> AxesFit:
    """Compare the 24 positions; centre and size of the brain are taken from its mask, nodding is searched.

    Args:
        volume: native scan.
        mask: native brain mask.
    """
    labels, origin = _native_labels(volume, mask)
    inside = np.argwhere(mask.voxels[::2, ::2, ::2] > 0) * 2
    centre = mask.to_mm(inside).mean(axis=0)
    ml = float((mask.voxels > 0).sum()) * mask.voxel_ml
    points, template_labels, template_ml = _template_labels()
    scale = (ml / template_ml) ** (1 / 3)
    inverse = np.linalg.inv(mask.affine)
    found: dict[str, float] = {}
    for turn in _turns():
        fits = []
        for nod in _NODS_DEGREES:
            world = (points @ _nod(nod) @ turn) * scale + centre
            index = np.rint(world @ inverse[:3, :3].T + inverse[:3, 3]).astype(np.intp) - origin
            held = ((index >= 0) & (index < labels.shape)).all(axis=1)
            seen = np.zeros(len(index), np.intp)
            seen[held] = labels[tuple(index[held].T)]
            fits.append(_information(seen, template_labels))
        name = _name(turn)
        found[name] = max(found.get(name, 0.0), *fits)
    as_header = found.pop("")
    other = max(found, key=lambda name: found[name])
    return AxesFit(as_header, found[other], other)


def _native_labels(volume: Volume, mask: Volume) -> tuple[Array, Array]:
    """Grey levels 1 to 16 in the brain and 0 outside, on the brain's box; and where the box begins."""
    from scipy import ndimage

    where = ndimage.find_objects((mask.voxels > 0).astype(np.uint8))
    box = where[0] if where else (slice(0, 1),) * 3
    size = [max(1, round(_STEP / edge)) for edge in mask.spacing]
    brain = mask.voxels[box] > 0
    grey = volume.voxels[box].astype(np.float32)
    grey = np.where(brain, grey, np.median(grey[brain]) if brain.any() else 0.0)
    smooth = ndimage.uniform_filter(grey, size)
    return _levels(smooth, brain), np.array([part.start for part in box])


@cache
def _template_labels() -> tuple[Array, Array, float]:
    """Points round the template's centre (N, 3) in mm, their labels, and the volume of its brain in mL."""
    from scipy import ndimage

    mask, grey = template_mask(), template()
    step = (slice(None, None, _STEP),) * 3
    brain = mask.voxels[step] > 0
    smooth = ndimage.uniform_filter(grey.voxels, _STEP)[step]
    near = ndimage.binary_dilation(np.pad(brain, _MARGIN), iterations=_MARGIN)
    index = np.argwhere(near) - _MARGIN
    labels = np.pad(_levels(smooth, brain), _MARGIN)[near]
    xyz = mask.to_mm(index * _STEP)
    return xyz - xyz[labels > 0].mean(axis=0), labels, float((mask.voxels > 0).sum()) * mask.voxel_ml


def _levels(grey: Array, brain: Array) -> Array:
    """Within three spreads of the median, so that enhancing tumour and outliers don't use up the levels."""
    values = grey[brain]
    if not values.size:
        return np.zeros(grey.shape, np.intp)
    middle = np.median(values)
    spread = 1.4826 * np.median(np.abs(values - middle))
    scaled = (grey - middle) / (6.0 * spread) + 0.5 if spread > 0 else np.full(grey.shape, 0.5)
    level = 1 + np.clip((scaled * _LEVELS).astype(np.intp), 0, _LEVELS - 1)
    return np.where(brain, level, 0)


def _information(one: Array, other: Array) -> float:
    count = _LEVELS + 1
    joint = np.bincount(one * count + other, minlength=count * count).reshape(count, count) / len(one)
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    seen = joint > 0
    return float((joint[seen] * np.log(joint[seen] / apart[seen])).sum())


@cache
def _turns() -> tuple[Array, ...]:
    """The 24 rotations that carry axes to axes."""
    turns = []
    for order in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            turn = np.zeros((3, 3))
            turn[range(3), order] = signs
            if np.linalg.det(turn) > 0:
                turns.append(turn)
    return tuple(turns)


def _nod(degrees: float) -> Array:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def _name(turn: Array) -> str:
    """What a rotation does to back-front and base-top; "" for none (left and right may be exchanged by it)."""
    front, top = turn[1, 1], turn[2, 2]
    if not front or not top:
        return "axes"
    return {(1, 1): "", (1, -1): "upside_down", (-1, 1): "back_to_front", (-1, -1): "both"}[int(front), int(top)]
