"""Scans that wait for their analysis: one after the other in a process of their own, while the reader reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.draft import forget_draft
from vb_desktop.pipeline.progress import Progress
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.jobs import RunRequest, analyse


class ItemState(StrEnum):
    """How far an entry is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """An entry of the queue.

    Attributes:
        id: its number.
        source: the scan.
        out: the case folder to be.
        config: the settings of its run.
        state: how far it is.
        words: the step under way, or why it failed.
    """

    id: int
    source: Path
    out: Path
    config: Config
    state: ItemState = ItemState.WAITING
    words: str = ""


class CaseQueue(QObject):
    """Runs its entries in their order; one that fails does not hold up the others.

    Signals:
        changed: an entry is another one.

    Args:
        make_runner: makes the runner of the queue when it is first needed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, make_runner: Callable[[], Any] = CaseRunner) -> None:
        super().__init__(parent)
        self.items: list[QueueItem] = []
        self._make_runner = make_runner
        self._runner: Any = None
        self._count = 0

    @classmethod
    def of(cls, runner: QObject) -> CaseQueue:
        """The queue that belongs to a runner: another window that goes on with the runner goes on with the queue."""
        known = runner.findChild(cls)
        return known if isinstance(known, cls) else cls(runner)

    def add(self, sources: list[Path], cases_folder: Path, config: Config) -> None:
        """Let scans wait for their turn.

        Args:
            sources: files or folders.
            cases_folder: where the case folders are made.
            config: the settings of their runs, as they are now.
        """
        for source in sources:
            self._count += 1
            out = cases_folder / f"case-{datetime.now():%Y%m%d-%H%M%S}-{self._count:02d}"
            self.items.append(QueueItem(id=self._count, source=source, out=out, config=config))
        self.changed.emit()
        self._next()

    def remove(self, id_: int) -> None:
        """Take an entry out; one that runs is ended, and nothing is left of it."""
        item = next((item for item in self.items if item.id == id_), None)
        if item is None:
            return
        self.items.remove(item)
        if item.state == ItemState.RUNNING and self._runner is not None:
            self._runner.cancel()
            forget_draft(item.out)
        self.changed.emit()
        self._next()

    def shut_down(self) -> None:
        """End what runs; what waits is forgotten."""
        running = self._running()
        self.items = []
        if self._runner is not None:
            self._runner.shut_down()
            self._runner = None
        if running is not None:
            forget_draft(running.out)

    def _running(self) -> QueueItem | None:
        return next((item for item in self.items if item.state == ItemState.RUNNING), None)

    def _next(self) -> None:
        waiting = next((item for item in self.items if item.state == ItemState.WAITING), None)
        if waiting is None or self._running() is not None:
            return
        if self._runner is None:
            self._runner = self._make_runner()
            self._runner.progressed.connect(self._progressed)
            self._runner.finished.connect(lambda _: self._ended(ItemState.DONE, ""))
            self._runner.failed.connect(lambda sentence, *_: self._ended(ItemState.FAILED, sentence))
        self._replace(waiting, state=ItemState.RUNNING)
        self._runner.start(analyse, RunRequest(source=waiting.source, out=waiting.out, config=waiting.config))

    def _progressed(self, progress: Progress) -> None:
        if (running := self._running()) is not None and running.words != progress.text:
            self._replace(running, words=progress.text)

    def _ended(self, state: ItemState, words: str) -> None:
        if (running := self._running()) is not None:
            self._replace(running, state=state, words=words)
        self._next()

    def _replace(self, item: QueueItem, **changes: Any) -> None:
        self.items[self.items.index(item)] = replace(item, **changes)
        self.changed.emit()
