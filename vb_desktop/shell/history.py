"""Undo and redo for everything that the reader changes, as one history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

_LONGEST = 200


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One thing that the reader did.

    Attributes:
        kind: what was changed, e.g. "boxes".
        undo: takes it back.
        redo: makes it again.
    """

    kind: str
    undo: Callable[[], None]
    redo: Callable[[], None]


class History(QObject):
    """What was done, in its order, whatever tool did it.

    Signals:
        changed: something can be taken back, or made again, that could not before.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done: list[Change] = []
        self._undone: list[Change] = []
        self.is_at_work = False
        """Whether a change that is heard of now is this history's own."""

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to make again."""
        return bool(self._undone)

    def add(self, change: Change) -> None:
        """Something was done; what was taken back before can't be made again."""
        self._done = [*self._done, change][-_LONGEST:]
        self._undone.clear()
        self.changed.emit()

    def undo(self) -> None:
        """Take the last change back."""
        if self._done:
            change = self._done.pop()
            self._undone.append(change)
            self._work(change.undo)

    def redo(self) -> None:
        """Make again what was taken back last."""
        if self._undone:
            change = self._undone.pop()
            self._done.append(change)
            self._work(change.redo)

    def was_undone(self, kind: str) -> None:
        """The last change of a kind was taken back elsewhere, by a button of its own."""
        self._moved(self._done, self._undone, kind)

    def was_redone(self, kind: str) -> None:
        """The last change of a kind that was taken back was made again elsewhere."""
        self._moved(self._undone, self._done, kind)

    def forget(self) -> None:
        """Another case."""
        self._done.clear()
        self._undone.clear()
        self.changed.emit()

    def _work(self, do: Callable[[], None]) -> None:
        self.is_at_work = True
        try:
            do()
        finally:
            self.is_at_work = False
        self.changed.emit()

    def _moved(self, source: list[Change], target: list[Change], kind: str) -> None:
        for n in reversed(range(len(source))):
            if source[n].kind == kind:
                target.append(source.pop(n))
                break
        self.changed.emit()
