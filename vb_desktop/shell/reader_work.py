"""What the reader wrote of the open case: kept in its folder at each stroke, with one history of changes."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Signal

from vb_desktop.assets import asset
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.reader import reader
from vb_desktop.pipeline.reading import Reading, read_reading, write_reading
from vb_desktop.shell.box_editor import BoxEditor
from vb_desktop.shell.history import Change, History

BOXES = "boxes"


class ReaderWork(QObject):
    """The reading of the open case and the history of everything that the reader changes, boxes too.

    Signals:
        changed: the reading is another one.
        failed (str, str): it can't be kept; sentence and next step.

    Args:
        editor: of the boxes, whose corrections belong to the same history.
    """

    changed = Signal()
    failed = Signal(str, str)

    def __init__(self, editor: BoxEditor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.history = History(self)
        self.case: Case | None = None
        self.folder: Path | None = None
        """Where the reading is kept."""
        self.reading = Reading()
        self._book = editor.book
        editor.changed.connect(self._boxes_changed)

    @property
    def can_change(self) -> bool:
        """Whether there is a case that is not signed."""
        return self.case is not None and self.case.record.signoff is None

    @property
    def author(self) -> str:
        """The reader's name."""
        return reader()

    def open(self, case: Case) -> None:
        """A case is shown; what was written of it before is there again."""
        is_same = self.case is not None and self.case.record.case_id == case.record.case_id
        self.case, self.folder = case, place_of(case)
        self._book = self._editor.book
        try:
            self.reading = read_reading(self.folder)
        except VBError as error:
            self.reading, self.folder = Reading(), None  # a file that can't be read is not written over
            self.failed.emit(error.sentence(), error.advice())
        if not is_same:
            self.history.forget()
        self.changed.emit()

    def close(self) -> None:
        """No case."""
        self.case = self.folder = None
        self.reading = Reading()
        self.history.forget()
        self.changed.emit()

    def change(self, reading: Reading, kind: str) -> None:
        """Keep another reading, as a step of the history.

        Args:
            reading: what is to be kept.
            kind: what was changed, e.g. "measurements".
        """
        before = self.reading
        if not self.can_change or reading == before:
            return
        self.keep(reading)
        self.history.add(Change(kind, partial(self._restore, before, kind), partial(self._restore, reading, kind)))

    def _restore(self, reading: Reading, kind: str) -> None:
        """One part of it as it was; the others may have changed since."""
        part = {"region": "region", "measurements": "measurements", "ratings": "ratings"}.get(kind)
        update = {part: getattr(reading, part)} if part else {"impression": reading.impression}
        self.keep(self.reading.model_copy(update=update))

    def keep(self, reading: Reading) -> None:
        """Keep another reading; whoever calls this adds the step of the history."""
        self.reading = reading
        if self.folder is not None:
            try:
                if self.case is not None and self.folder != self.case.folder:
                    self.folder.mkdir(parents=True, exist_ok=True)
                write_reading(self.folder, reading)
            except OSError as error:
                self.tell_unsaved(error)
        self.changed.emit()

    def tell_unsaved(self, error: OSError) -> None:
        """Say that something of the reading could not be written."""
        cause = error.strerror or str(error)
        sentence = self.tr("The reading can't be saved: {cause}.").format(cause=cause)
        self.failed.emit(sentence, VBError("case.unexpected").advice())

    def _boxes_changed(self) -> None:
        """A correction of the boxes becomes a step of the history."""
        before, after = self._book, self._editor.book
        if after is before or self._editor.dragged is not None:
            return
        self._book = after
        if self.case is None or self.history.is_at_work or self._editor.is_opening:
            return
        undone = [edit.undone for edit in after.edits]
        was_undone = [edit.undone for edit in before.edits]
        if len(undone) == len(was_undone) and sum(undone) > sum(was_undone):
            self.history.was_undone(BOXES)
        elif len(undone) == len(was_undone) and sum(undone) < sum(was_undone):
            self.history.was_redone(BOXES)
        elif len(after.edits) == len(before.edits) - sum(was_undone) + 1:
            self.history.add(Change(BOXES, self._editor.undo, self._editor.redo))
        elif after.edits != before.edits:  # discarded
            restore = self._editor.restore
            self.history.add(Change(BOXES, partial(restore, before), partial(restore, after)))


def place_of(case: Case) -> Path:
    """The case folder; for one that must not change, or can't be written to, a folder beside the user's settings."""
    if case.folder.is_relative_to(asset("demo")) or not os.access(case.folder, os.W_OK):
        return platformdirs.user_data_path("vb-desktop", appauthor=False) / "readings" / case.record.case_id
    return case.folder
