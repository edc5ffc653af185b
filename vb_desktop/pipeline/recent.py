"""Results that depend on little and are asked for again: kept in the process, by the content that they came from."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

from vb_desktop.pipeline.case import ProcessedScan, Transforms, Volume

T = TypeVar("T")


class Recent(Generic[T]):
    """The last few results; the warm worker of the window meets the same scan again at each correction.

    Args:
        size: how many are kept.
    """

    def __init__(self, size: int = 2) -> None:
        self._size = size
        self._kept: OrderedDict[str, T] = OrderedDict()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The result of `key`, made if it is not kept."""
        if key not in self._kept:
            self._kept[key] = make()
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def forget(self) -> None:
        """Keep nothing."""
        self._kept.clear()


def way_key(processed: ProcessedScan) -> str:
    """Tells the way into the template by what its files hold, and the native grid, wherever the case lies."""
    way = processed.transforms
    hashes = [_file_hash(way, name) for name in (*way.forward, *way.inverse)]
    grid = processed.native_grid
    return f"{way.forward}{way.inverse}{way.inverse_inverted}{hashes}{grid.voxels.shape}{_array_hash(grid.affine)}"


def volume_key(*volumes: Volume) -> str:
    """Tells volumes by voxels and place."""
    return " ".join(f"{volume.voxels.shape}{_array_hash(volume.voxels, volume.affine)}" for volume in volumes)


def _file_hash(way: Transforms, name: str) -> str:
    with (way.folder / name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _array_hash(*arrays: np.ndarray) -> str:
    found = hashlib.sha256()
    for array in arrays:
        found.update(str(array.dtype).encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()
