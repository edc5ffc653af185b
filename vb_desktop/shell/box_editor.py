"""The reader's corrections of a case's boxes, before they are computed with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from vb_desktop.pipeline.case import Array, Box
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.correct_boxes import inside_mask, now
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.reader import reader
from vb_desktop.pipeline.stage_files import read_book
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook, between

EMPTY = BoxBook.of_found(())


class BoxEditor(QObject):
    """A book of boxes that is being corrected; every change is a step of undo.

    Signals:
        changed: boxes, selection or what is dragged.
        refused (str): why a correction can't be made.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.saved = self.book = EMPTY
        self.selected: tuple[str, ...] = ()
        self.dragged: tuple[str | None, Box] | None = None
        """What the mouse is about to make of a box (None: a new one)."""
        self.can_edit = False
        self.is_opening = False
        """Whether a change that is heard of now is that of another case, not the reader's."""
        self._mask: Array = np.zeros((0, 0, 0), dtype=bool)

    def open(self, case: Case, book: BoxBook | None = None) -> None:
        """Begin with the boxes of a case.

        Args:
            case: as read from its folder.
            book: corrections that were not computed with yet; None for none.
        """
        self.is_opening = True
        self.saved = read_book(case.record)
        self.book = book or self.saved
        self.selected, self.dragged = (), None
        mask = case.volume("processed_mask")
        if mask is not None:
            self._mask = mask.voxels > 0
        self.can_edit = mask is not None and "localize" in case.record.stages and case.record.signoff is None
        self.changed.emit()
        self.is_opening = False

    def close(self) -> None:
        """No case."""
        self.is_opening = True
        self.saved = self.book = EMPTY
        self.selected, self.dragged, self.can_edit = (), None, False
        self.changed.emit()
        self.is_opening = False

    @property
    def is_pending(self) -> bool:
        """Whether there is something to compute with."""
        return self.book.in_force != self.saved.in_force

    @property
    def steps(self) -> int:
        """How many corrections were made that are not computed with."""
        made = [edit for edit in self.book.edits if not edit.undone]
        known = [edit for edit in self.saved.edits if not edit.undone]
        same = sum(1 for a, b in zip(made, known, strict=False) if a == b)
        return max(len(made), len(known)) - same

    @property
    def can_undo(self) -> bool:
        """Whether a correction can be taken back; those of earlier days too."""
        return any(not edit.undone for edit in self.book.edits)

    @property
    def can_redo(self) -> bool:
        """Whether one was taken back."""
        return any(edit.undone for edit in self.book.edits)

    @property
    def size(self) -> tuple[int, int, int]:
        """Voxels of the processed scan along i, j, k."""
        i, j, k = self._mask.shape
        return i, j, k

    def shown(self) -> dict[str, Box]:
        """The boxes in force, with what the mouse is about to make."""
        boxes = self.book.in_force
        if self.dragged is not None:
            id_, box = self.dragged
            boxes[id_ or "new"] = replace(box, source="reader", confidence=1.0)
        return boxes

    def select(self, ids: Iterable[str]) -> None:
        """Select boxes, in the order in which they were chosen."""
        alive = self.book.in_force
        chosen = tuple(id_ for id_ in dict.fromkeys(ids) if id_ in alive)
        if chosen != self.selected:
            self.selected = chosen
            self.changed.emit()

    def drag(self, id_: str | None, box: Box | None) -> None:
        """Show what the mouse is about to make; no box ends it."""
        self.dragged = None if box is None else (id_, box)
        self.changed.emit()

    def add(self, box: Box) -> None:
        """A new box."""
        self._change(lambda: self.book.add(inside_mask(self._mask, [box]), reader(), now()), select_made=True)

    def move(self, id_: str, box: Box) -> None:
        """A box elsewhere on its slice, or in another size."""
        before = self.book.in_force.get(id_)
        if before is not None and _edges(before) == _edges(box):
            self.drag(None, None)
            return
        self._change(lambda: self.book.move(id_, inside_mask(self._mask, [box])[0], reader(), now()), select_made=True)

    def delete(self) -> None:
        """Take the selected boxes out."""
        if self.selected:
            self._change(lambda: self.book.delete(self.selected, reader(), now()))

    def copy_to(self, k: int) -> None:
        """The selected box on another slice."""
        if len(self.selected) == 1 and (box := self.book.in_force[self.selected[0]]).k != k:
            self.add(replace(box, k=k, text=""))

    def fill(self) -> None:
        """Interpolate between the two selected boxes; boxes in between that lie in the way are replaced."""
        if len(self.selected) != 2:
            return

        def filled() -> BoxBook:
            first, last = (self.book.in_force[id_] for id_ in self.selected)
            made = inside_mask(self._mask, between(first, last)[1:-1])
            in_the_way = [id_ for id_, box in self.book.in_force.items() if any(_overlap(box, new) for new in made)]
            return self.book.replace(in_the_way, made, reader(), now()) if made else self.book

        self._change(filled)

    def undo(self) -> None:
        """Take the last correction back."""
        if self.can_undo:
            self._change(self.book.undo)

    def redo(self) -> None:
        """Make it anew."""
        if self.can_redo:
            self._change(self.book.redo)

    def discard(self) -> None:
        """Back to the boxes that were computed with."""
        self._change(lambda: self.saved)

    def restore(self, book: BoxBook) -> None:
        """Boxes and corrections as they were."""
        self._change(lambda: book)

    def _change(self, change: Callable[[], BoxBook], *, select_made: bool = False) -> None:
        self.dragged = None
        if not self.can_edit:
            return
        try:
            self.book = change()
        except LocalizationFailed as error:
            self.changed.emit()
            self.refused.emit(error.sentence())
            return
        alive = self.book.in_force
        made = self.book.edits[-1].made if select_made and self.book.edits else ()
        self.selected = tuple(id_ for id_ in made or self.selected if id_ in alive)
        self.changed.emit()


def _edges(box: Box) -> tuple[int, ...]:
    return box.k, box.i0, box.i1, box.j0, box.j1


def _overlap(a: Box, b: Box) -> bool:
    return a.k == b.k and a.i0 < b.i1 and b.i0 < a.i1 and a.j0 < b.j1 and b.j0 < a.j1
