"""What lies where along the slices of a case: boxes, area of the prior, height of the Grad-CAM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.shell.language import translate
from vb_desktop.shell.shown_boxes import ShownBox


@dataclass(frozen=True, slots=True, eq=False)
class SliceProfile:
    """One value a slice.

    Attributes:
        count: of the slices.
        boxes: sources of the boxes that a slice goes through.
        prior_cm2: area of the refined prior > 0.5; None where there is no prior.
        grad_cam: highest value of the Grad-CAM that is chosen; None where there is none.
    """

    count: int = 0
    boxes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    prior_cm2: Array | None = None
    grad_cam: Array | None = None

    def words(self, k: int) -> str:
        """What lies on a slice."""
        said = [translate("Ribbon", "slice {n}").format(n=k + 1)]
        if sources := self.boxes.get(k):
            one = len(sources) == 1
            said.append(
                translate("Ribbon", "1 box") if one else translate("Ribbon", "{n} boxes").format(n=len(sources))
            )
        if self.prior_cm2 is not None and self.prior_cm2[k] > 0:
            said.append(translate("Ribbon", "prior {area} cm²").format(area=f"{self.prior_cm2[k]:.1f}"))
        if self.grad_cam is not None and self.grad_cam[k] > 0:
            said.append(translate("Ribbon", "Grad-CAM up to {value}").format(value=f"{self.grad_cam[k]:.2f}"))
        return ", ".join(said)


def area_cm2(prior: Array, axis: int, scale: Sequence[float]) -> Array:
    """Area of prior > 0.5 on each slice.

    Args:
        prior: (z, y, x).
        axis: that the slices are stacked along.
        scale: edges of a voxel along z, y, x, mm.
    """
    across = [n for n in range(3) if n != axis]
    return np.asarray((prior > 0.5).sum(axis=tuple(across)) * scale[across[0]] * scale[across[1]] / 100.0)


def highest(volume: Array, axis: int) -> Array:
    """Highest value on each slice of a (z, y, x) volume."""
    return np.asarray(volume.max(axis=tuple(n for n in range(3) if n != axis)))


def boxes_along(
    boxes: Sequence[ShownBox], axis: int, scale: Sequence[float], translate: Sequence[float], count: int
) -> dict[int, tuple[str, ...]]:
    """Sources of the boxes that each slice goes through.

    Args:
        boxes: that are in force.
        axis: that the slices are stacked along.
        scale: mm from slice to slice along z, y, x.
        translate: position of the first slice along z, y, x.
        count: of the slices.
    """
    found: dict[int, tuple[str, ...]] = {}
    for box in boxes:
        if axis == 0:
            slices = range(box.k, box.k + 1)
        else:
            low, high = box.y_range if axis == 1 else box.x_range
            ends = (np.array([low, high]) - translate[axis]) / scale[axis]
            slices = range(int(np.ceil(ends[0])), int(np.floor(ends[1])) + 1)
        for k in slices:
            if 0 <= k < count:
                found[k] = (*found.get(k, ()), box.source)
    return found
