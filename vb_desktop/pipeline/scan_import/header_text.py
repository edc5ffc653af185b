"""Headers that are text: fields of an NRRD or a MetaImage, and numbers, words and file names in them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.errors import UnreadableScan

HEADER_BYTES = 64 << 10


def read_start(path: Path) -> bytes:
    """The bytes in which the header must be."""
    with path.open("rb") as file:
        return file.read(HEADER_BYTES)


def damaged(cause: str) -> UnreadableScan:
    """The error for a header that can't be right."""
    return UnreadableScan("scan_import.damaged", cause=cause)


def decimals(written: str, count: int, what: str) -> tuple[float, ...]:
    """Exactly `count` finite numbers.

    Raises:
        UnreadableScan: there are others.
    """
    try:
        values = tuple(float(one) for one in written.replace(",", " ").replace("(", " ").replace(")", " ").split())
    except ValueError as error:
        raise damaged(f"its header gives no numbers for {what}") from error
    if len(values) != count or not all(math.isfinite(value) and abs(value) < 1e6 for value in values):
        raise damaged(f"its header gives impossible numbers for {what}")
    return values


def whole(written: str, what: str) -> tuple[int, ...]:
    """Positive whole numbers, at most 7 of them.

    Raises:
        UnreadableScan: there are others.
    """
    words = written.split()
    if not 1 <= len(words) <= 7 or not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        raise damaged(f"its header gives an impossible {what}")
    values = tuple(int(word) for word in words)
    if min(values) < 1:
        raise damaged(f"its header gives an impossible {what}")
    return values


def sibling(path: Path, name: str) -> Path:
    """The file with the voxels, which must lie beside the header.

    Raises:
        UnreadableScan: it is named by more than a plain name, so it could be any file, or it is not there.
    """
    plain = name and name not in (".", "..") and not any(sign in name for sign in '/\\:%"\0')
    if not plain or name.split()[0] in ("LIST", "SKIPLIST"):
        raise UnreadableScan("scan_import.data_elsewhere")
    data = path.parent / name
    if not data.is_file() or data.is_symlink():
        raise UnreadableScan("scan_import.data_missing")
    return data


def ras_affine(axes: Array, origin: Array, signs: tuple[int, int, int]) -> Array:
    """Affine to RAS+ mm.

    Args:
        axes: (3, 3), columns: steps along I, J, K in the file's own space, mm.
        origin: centre of the first voxel there.
        signs: of the file's axes as against right, anterior, superior.

    Raises:
        UnreadableScan: axes of no length or in one plane.
    """
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = axes, origin
    affine[:3] *= np.array(signs)[:, None]
    edges = np.linalg.norm(axes, axis=0)
    if edges.min() < 1e-4 or abs(np.linalg.det(axes / edges)) < 1e-3:
        raise UnreadableScan("scan_import.singular", which="directions of its axes")
    return affine
