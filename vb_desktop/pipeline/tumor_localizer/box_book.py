"""The boxes of a case with the reader's corrections: what the backend gave stays, what the reader did can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from vb_desktop.pipeline.case import Box
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.messages import Message

Action = Literal["add", "move", "delete"]


@dataclass(frozen=True, slots=True)
class BoxEdit:
    """One correction: one step of undo, however many boxes it touched.

    Attributes:
        action: add, move (also: resize), delete.
        replaced: ids of the boxes that it takes out of force.
        made: ids of the reader's boxes that it puts in force.
        author: who did it (pseudonym).
        time: ISO time.
        undone: the reader has taken it back.
    """

    action: Action
    replaced: tuple[str, ...]
    made: tuple[str, ...]
    author: str
    time: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class BoxBook:
    """Boxes by id, with the corrections in the order in which they were made. Every change gives a new book.

    Attributes:
        found: what the backend gave; nothing is ever removed.
        drawn: the reader's boxes, those out of force too.
        edits: the corrections, oldest first.
    """

    found: dict[str, Box]
    drawn: dict[str, Box]
    edits: tuple[BoxEdit, ...] = ()

    @classmethod
    def of_found(cls, boxes: Iterable[Box]) -> BoxBook:
        """A book without corrections."""
        return cls(_named(boxes), {})

    @property
    def in_force(self) -> dict[str, Box]:
        """The boxes that count, by slice and place."""
        alive = dict.fromkeys(self.found)
        for edit in self.edits:
            if not edit.undone:
                for id_ in edit.replaced:
                    alive.pop(id_, None)
                alive |= dict.fromkeys(edit.made)
        every = self.found | self.drawn
        return dict(sorted(((id_, every[id_]) for id_ in alive), key=lambda item: _place(item[1])))

    def remarks(self) -> tuple[Message, ...]:
        """What the reader of the report must know of the corrections."""
        edits = [edit for edit in self.edits if not edit.undone]
        if not edits:
            return ()
        alive, every = self.in_force, self.found | self.drawn
        added = sum(id_ in self.drawn for id_ in alive)
        removed = sum(id_ not in alive for id_ in self.found)
        lost = sum(any(id_ not in every for id_ in edit.replaced) for edit in edits)
        said = [Message("tumor_localizer.reader_edits", {"added": added, "removed": removed})]
        if lost:
            said.append(Message("tumor_localizer.edits_lost", {"count": lost}))
        return tuple(said)

    def add(self, boxes: Sequence[Box], author: str, time: str) -> BoxBook:
        """Put the reader's boxes in force.

        Args:
            boxes: at least one; source, author and time are set here.
            author: who drew them (pseudonym).
            time: ISO time.
        """
        return self._edited("add", {None: list(boxes)}, author, time)

    def move(self, id_: str, box: Box, author: str, time: str) -> BoxBook:
        """Put another box in the place of one in force: moved, resized, or both.

        Raises:
            LocalizationFailed: there is no such box in force.
        """
        self._check([id_])
        return self._edited("move", {id_: [box]}, author, time)

    def delete(self, ids: Sequence[str], author: str, time: str) -> BoxBook:
        """Take boxes out of force.

        Raises:
            LocalizationFailed: one of them is not in force.
        """
        self._check(ids)
        return self._edited("delete", {id_: [] for id_ in ids}, author, time)

    def replace(self, ids: Sequence[str], boxes: Sequence[Box], author: str, time: str) -> BoxBook:
        """Put the reader's boxes in force and take others out, as one step of undo.

        Raises:
            LocalizationFailed: one of those to take out is not in force.
        """
        self._check(ids)
        return self._edited("move" if ids else "add", {**{id_: [] for id_ in ids}, None: list(boxes)}, author, time)

    def undo(self) -> BoxBook:
        """Take the last correction back.

        Raises:
            LocalizationFailed: there is none.
        """
        for n in reversed(range(len(self.edits))):
            if not self.edits[n].undone:
                return self._marked(n, True)
        raise LocalizationFailed("tumor_localizer.nothing_to_undo")

    def redo(self) -> BoxBook:
        """Make the correction anew that was taken back last; a new correction forgets what was taken back.

        Raises:
            LocalizationFailed: there is none.
        """
        for n, edit in enumerate(self.edits):
            if edit.undone:
                return self._marked(n, False)
        raise LocalizationFailed("tumor_localizer.nothing_to_redo")

    def found_anew(self, boxes: Iterable[Box]) -> BoxBook:
        """The backend was asked again: its new boxes, with the reader's corrections on top."""
        return replace(self, found=_named(boxes))

    def _edited(self, action: Action, made_for: dict[str | None, list[Box]], author: str, time: str) -> BoxBook:
        kept = tuple(edit for edit in self.edits if not edit.undone)
        used = {id_ for edit in kept for id_ in edit.made}
        drawn = {id_: box for id_, box in self.drawn.items() if id_ in used}
        made = []
        for replaced, boxes in made_for.items():
            for box in boxes:
                id_ = f"r{1 + max((int(known[1:]) for known in drawn), default=0):04d}"
                drawn[id_] = replace(box, source="reader", confidence=1.0, author=author, time=time, edits=replaced)
                made.append(id_)
        ids = tuple(id_ for id_ in made_for if id_ is not None)
        return replace(self, drawn=drawn, edits=(*kept, BoxEdit(action, ids, tuple(made), author, time)))

    def _marked(self, n: int, undone: bool) -> BoxBook:
        edits = list(self.edits)
        edits[n] = replace(edits[n], undone=undone)
        return replace(self, edits=tuple(edits))

    def _check(self, ids: Sequence[str]) -> None:
        alive = self.in_force
        for id_ in ids:
            if id_ not in alive:
                raise LocalizationFailed("tumor_localizer.no_such_box", box=id_, count=len(alive))


def between(first: Box, last: Box) -> list[Box]:
    """The two boxes and one for each slice between them, edges interpolated linearly.

    Raises:
        LocalizationFailed: both lie on one slice.
    """
    from vb_desktop.pipeline.tumor_localizer.coarse_prior import interpolated

    if first.k == last.k:
        raise LocalizationFailed("tumor_localizer.same_slice", k=first.k)
    low, high = sorted((first, last), key=lambda box: box.k)
    return [low, *(interpolated(low, high, k) for k in range(low.k + 1, high.k)), high]


def _named(boxes: Iterable[Box]) -> dict[str, Box]:
    """Ids that tell slice and place: the same box has the same id when the backend is asked again."""
    named: dict[str, Box] = {}
    for box in sorted(boxes, key=_place):
        place = f"{box.source} {box.k} {box.i0} {box.i1} {box.j0} {box.j1}"
        id_ = f"b{box.k:03d}-{sha256(place.encode()).hexdigest()[:4]}"
        while id_ in named:
            id_ += "x"
        named[id_] = box
    return named


def _place(box: Box) -> tuple[int, ...]:
    return box.k, box.i0, box.j0, box.i1, box.j1
