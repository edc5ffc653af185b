"""The reader's region: painted by hand over the localised region, the reader's own and used for no result."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from napari_plugin.display_grid import DisplayGrid
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.reading import RegionRecord, now, read_region, write_region
from vb_desktop.shell.history import Change
from vb_desktop.shell.reader_work import ReaderWork

LEVEL = 0.5


class RegionEditor(QObject):
    """A mask on the grid of the scan; every stroke is a step of the history and is saved.

    Signals:
        changed: the mask, or that there is one.

    Args:
        work: the reading that the region belongs to.
    """

    changed = Signal()

    def __init__(self, work: ReaderWork) -> None:
        super().__init__(work)
        self._work = work
        self.mask: Array | None = None
        """uint8 (I, J, K) on the scan's grid; None without a case."""
        self._scan: Volume | None = None
        self._prior: Array | None = None
        self._folder: Path | None = None
        self._stroke: tuple[int, int, Array] | None = None
        self._writes = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None
        work.changed.connect(self._follow)

    def open(self, scan: Volume, prior: Volume | None) -> None:
        """Begin with the region of a case.

        Args:
            scan: native.
            prior: refined prior on the same grid; None where there is none.
        """
        is_same = self._folder is not None and self._folder == self._work.folder and self._scan is not None
        if is_same and self._scan is not None and self._scan.voxels.shape == scan.voxels.shape:
            self._prior = None if prior is None else prior.voxels
            return
        self._scan, self._folder = scan, self._work.folder
        self._prior = None if prior is None else prior.voxels
        self.mask = np.zeros(scan.voxels.shape, np.uint8)
        try:
            kept = read_region(self._folder) if self._folder is not None else None
        except VBError:
            kept = None
        if kept is not None and kept.voxels.shape == scan.voxels.shape:
            self.mask = (kept.voxels > 0).astype(np.uint8)
        self.changed.emit()

    def close(self) -> None:
        """No case; what was painted is on the disk before this returns."""
        self.flush()
        self.mask = self._scan = self._prior = self._folder = self._stroke = None
        self.changed.emit()

    def flush(self) -> None:
        """Wait until the last stroke is on the disk."""
        written, self._written = self._written, None
        if written is not None:
            try:
                written.result()
            except OSError as error:
                self._work.tell_unsaved(error)

    @property
    def can_begin(self) -> bool:
        """Whether there is a localised region to begin with."""
        return self._prior is not None and self._work.can_change

    @property
    def volume_ml(self) -> float:
        """Of the region."""
        if self.mask is None or self._scan is None:
            return 0.0
        return float(np.count_nonzero(self.mask)) * self._scan.voxel_ml

    def begin_with_prior(self) -> None:
        """Take the localised region (refined prior > 0.5) as the reader's, to be painted on."""
        if self._prior is not None:
            self._replace((self._prior > LEVEL).astype(np.uint8))

    def clear(self) -> None:
        """Take the region out."""
        if self.mask is not None:
            self._replace(np.zeros_like(self.mask))

    # --- strokes ----------------------------------------------------------------------------------------------------

    def begin_stroke(self, axis: int, world: Array) -> None:
        """The brush goes down on a plane.

        Args:
            axis: world axis (z, y, x) that its slices are stacked along.
            world: (z, y, x) in mm of the display.
        """
        if self.mask is None or self._scan is None or not self._work.can_change:
            return
        index = self._index(world)
        at = int(np.clip(round(float(index[axis])), 0, self.mask.shape[2 - axis] - 1))
        self._stroke = (axis, at, self._slice(axis, at).copy())

    def paint(self, begin: Array, end: Array, radius_mm: float, *, erase: bool) -> None:
        """Draw the brush along a line, both ends (z, y, x) in mm of the display."""
        if self._stroke is None or self.mask is None or self._scan is None:
            return
        axis, at, _ = self._stroke
        plane = self._slice(axis, at)
        others = [n for n in range(3) if n != axis]
        scale = np.asarray(DisplayGrid.of(self._scan).scale)[others]
        a, b = self._index(begin)[others] * scale, self._index(end)[others] * scale
        steps = max(1, int(np.ceil(np.linalg.norm(b - a) / max(radius_mm / 2, 0.5))))
        v, h = np.indices(plane.shape)
        for part in np.linspace(0.0, 1.0, steps + 1):
            middle = a + (b - a) * part
            near = (v * scale[0] - middle[0]) ** 2 + (h * scale[1] - middle[1]) ** 2 <= radius_mm**2
            plane[near] = 0 if erase else 1
        self.changed.emit()

    def end_stroke(self) -> None:
        """The brush goes up: one step of the history, saved."""
        if self._stroke is None:
            return
        axis, at, before = self._stroke
        self._stroke = None
        after = self._slice(axis, at).copy()
        if not np.array_equal(before, after):
            self._step(partial(self._put, axis, at, before), partial(self._put, axis, at, after))

    def slice_at(self, axis: int, position: float) -> Array | None:
        """The mask (vertical, horizontal) on the slice at a position of the display; None for an empty one."""
        if self.mask is None or self._scan is None:
            return None
        grid = DisplayGrid.of(self._scan)
        at = round((position - grid.translate[axis]) / grid.scale[axis])
        if not 0 <= at < self.mask.shape[2 - axis]:
            return None
        plane = self._slice(axis, at)
        return plane if plane.any() else None

    @property
    def grid(self) -> DisplayGrid | None:
        """Of the mask."""
        return None if self._scan is None else DisplayGrid.of(self._scan)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _index(self, world: Array) -> Array:
        assert self._scan is not None
        grid = DisplayGrid.of(self._scan)
        return np.asarray((np.asarray(world) - grid.translate) / grid.scale)

    def _slice(self, axis: int, at: int) -> Array:
        """A slice as a view, (vertical, horizontal) in the order (z, y, x)."""
        assert self.mask is not None
        return _plane(self.mask, axis, at)

    def _replace(self, mask: Array) -> None:
        if self.mask is None or not self._work.can_change or np.array_equal(mask, self.mask):
            return
        before = np.packbits(self.mask)
        after = np.packbits(mask)
        self.mask[:] = mask
        self._step(partial(self._put_all, before), partial(self._put_all, after))

    def _step(self, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        self._save()
        self._work.history.add(Change("region", undo, redo))
        self.changed.emit()

    def _put(self, axis: int, at: int, values: Array) -> None:
        if self.mask is not None:
            self._slice(axis, at)[:] = values
            self._save()
            self.changed.emit()

    def _put_all(self, bits: Array) -> None:
        if self.mask is not None:
            self.mask[:] = np.unpackbits(bits, count=self.mask.size).reshape(self.mask.shape)
            self._save()
            self.changed.emit()

    def _save(self) -> None:
        """Write it beside the window's work; the record says whose it is and how large."""
        if self.mask is None or self._scan is None or self._folder is None:
            return
        ml = self.volume_ml
        record = RegionRecord(volume_ml=round(ml, 3), author=self._work.author, time=now()) if ml else None
        self._work.keep(self._work.reading.model_copy(update={"region": record}))
        region = Volume(self.mask.copy(), self._scan.affine)
        self._written = self._writes.submit(write_region, self._folder, region)

    def _follow(self) -> None:
        if self._work.case is None and self.mask is not None:
            self.close()


def _plane(mask: Array, axis: int, at: int) -> Array:
    """A view of slice `at` along a world axis (0: z), in the order (vertical, horizontal) of the display."""
    if axis == 0:
        return mask[:, :, at].T
    if axis == 1:
        return mask[:, at, :].T
    return mask[at, :, :].T
