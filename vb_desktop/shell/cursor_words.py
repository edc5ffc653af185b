"""What lies under the mouse, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from napari_plugin.display_grid import DisplayGrid
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.shell.language import translate
from vb_desktop.shell.screen_words import named

ToTemplate = Callable[[Array], "Array | None"]
"""Native points (N, 3), RAS+ mm -> template points (N, 3); None where the way is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class CursorWords:
    """Says position and values of the image that is shown.

    Attributes:
        image: the scan or the processed scan.
        space: "native" or "mni".
        overlays: name -> volume on the same grid, with values in [0, 1].
        to_template: for a native image: the way to the template.
        label_at: template point (3,), RAS+ mm -> name of the structure there; empty for none.
    """

    image: Volume
    space: str
    overlays: dict[str, Volume] = field(default_factory=dict)
    to_template: ToTemplate | None = None
    label_at: Callable[[Array], str] | None = None

    def index_at(self, world: Array) -> tuple[int, int, int] | None:
        """Voxel (i, j, k) at a world position (z, y, x); None outside of the image."""
        grid = DisplayGrid.of(self.image)
        index = np.round((np.asarray(world) - grid.translate) / grid.scale).astype(int)[::-1]
        if (index < 0).any() or (index >= self.image.voxels.shape).any():
            return None
        return int(index[0]), int(index[1]), int(index[2])

    def at(self, world: Array, shown: frozenset[str] = frozenset()) -> str:
        """Position and values at a world position (z, y, x); empty outside of the image.

        Args:
            world: mm.
            shown: names of the overlays whose values are told.
        """
        if (index := self.index_at(world)) is None:
            return ""
        xyz = self.image.to_mm(np.array([index], dtype=float))[0]
        value = float(self.image.voxels[index])
        in_mni = self.space == "mni"
        outside = in_mni and value == 0
        what = "z" if in_mni else translate("Cursor", "value")
        said = [translate("Cursor", "outside the brain") if outside else f"{what} {value:.3g}"]
        for name, volume in self.overlays.items():
            if name in shown and volume.voxels.shape == self.image.voxels.shape:
                said.append(f"{_layer(name)} {float(volume.voxels[index]):.2f}")
        native, voxel = translate("Cursor", "native"), translate("Cursor", "voxel")
        places = [f"{'MNI' if in_mni else native} {place_words(xyz)} mm"]
        mni = xyz if in_mni else self._mni(xyz)
        if mni is not None:
            if not in_mni:
                places.append(f"MNI {place_words(mni, 0)}")
            if self.label_at is not None and (label := self.label_at(mni)):
                said.append(label)
        return "   ".join([*places, f"{voxel} {index[0]}, {index[1]}, {index[2]}", *said])

    def _mni(self, xyz: Array) -> Array | None:
        if self.to_template is None:
            return None
        found = self.to_template(xyz[None])
        return None if found is None else found[0]


def _layer(name: str) -> str:
    """A layer as the reader's language calls it; of a Grad-CAM its class stays in brackets."""
    kind, bracket, rest = name.partition(" (")
    return named(kind) + bracket + rest


def place_words(xyz: Array, decimals: int = 1) -> str:
    """A position with the patient's sides: `R 12.1  P 9.0  S 4.4`."""
    return "  ".join(
        f"{high if value >= 0 else low} {abs(value):.{decimals}f}"
        for value, high, low in zip(xyz, ("R", "A", "S"), ("L", "P", "I"), strict=True)
    )
