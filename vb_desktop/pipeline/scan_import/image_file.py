"""What a file of one volume says, whatever its format: NIfTI, NRRD or MetaImage."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.messages import Message


@dataclass(frozen=True, slots=True, eq=False)
class ImageFile:
    """A volume and what is said of it.

    Attributes:
        volume: float32, as stored in the file (any orientation).
        technique: acquisition, as far as the header tells.
        remarks: what the reader must know.
        synthetic: the file says of itself that a program drew it.
    """

    volume: Volume
    technique: dict[str, Any] = field(default_factory=dict)
    remarks: tuple[Message, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ImageHeader:
    """The header of an NRRD or MetaImage, read and understood before any library sees the file.

    Attributes:
        shape: voxels along I, J, K.
        affine: float64 (4, 4), voxel index -> RAS+ mm.
        kind: type of the stored voxels.
        packed: with what compressed voxels begin; empty where they are not compressed.
        data: file that holds the voxels.
        start: offset of the voxels in it.
        remarks: what the reader must know.
        unit_mm: length of the file's own unit.
    """

    shape: tuple[int, ...]
    affine: Array
    kind: np.dtype[Any]
    packed: bytes
    data: Path
    start: int
    remarks: tuple[Message, ...] = ()
    unit_mm: float = 1.0
