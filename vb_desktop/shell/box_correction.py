"""Correcting the boxes of the open case: tool, keys, what is kept, and the update."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from vb_desktop.assets import asset
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.shell import pending_boxes
from vb_desktop.shell.box_editor import BoxEditor
from vb_desktop.shell.case_views import CaseViews
from vb_desktop.shell.jobs import Correction
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.window_layout import WindowLayout


class BoxCorrection(QObject):
    """Wires the editor of boxes to window and canvas.

    Signals:
        space_wanted (str): boxes can be corrected in this space alone.
        update_wanted (Correction): compute anew what depends on the boxes.
        pending_changed (int): how many corrections are not computed with.
        began (Path): the boxes of this case are being corrected; an update will be asked for.
    """

    space_wanted = Signal(str)
    update_wanted = Signal(object)
    pending_changed = Signal(int)
    began = Signal(object)

    def __init__(self, parts: WindowLayout, settings: Settings, window: QObject) -> None:
        super().__init__(window)
        self.editor = BoxEditor(self)
        self.case: Case | None = None
        self._parts, self._settings = parts, settings
        self._views: CaseViews | None = None
        self._was_pending = 0
        panel = parts.boxes_panel
        panel.use(self.editor)
        panel.edit_requested.connect(self.edit)
        panel.copy_requested.connect(self.copy_here)
        parts.stale_bar.update_requested.connect(self.update)
        parts.stale_bar.discard_requested.connect(self.editor.discard)
        self.editor.changed.connect(self._changed)
        self._keys: list[QShortcut] = []
        for keys, do in (
            ("Ctrl+D", self.copy_here),
            ("Ctrl+I", self.editor.fill),
        ):
            self._add_key(window, keys, do)
        self._enable_keys(False)

    @property
    def is_editing(self) -> bool:
        """Whether the left button is for boxes."""
        return self._parts.boxes_panel.edit.isChecked()

    def use(self, views: CaseViews) -> None:
        """The views of the case are there."""
        self._views = views

    def open(self, case: Case) -> None:
        """A case is shown; corrections that were left are there again."""
        self.case = case
        self.editor.open(case, pending_boxes.kept(case))

    def close(self) -> None:
        """No case."""
        self.case = None
        self._stop()
        self.editor.close()

    def edit(self, on: bool) -> None:
        """Begin or end correcting."""
        if not on or not self.editor.can_edit:
            self._stop()
        else:
            self._parts.boxes_panel.edit.setChecked(True)
            if self._views is not None and self._views.space != "mni":
                self.space_wanted.emit("mni")
            self.take_tool()
            if self.case is not None:
                self.began.emit(self.case.folder)
        self.editor.changed.emit()

    def toggle(self) -> None:
        """Begin, or end."""
        if self.editor.can_edit:
            self.edit(not self.is_editing)

    def take_tool(self) -> None:
        """Give the left button to the boxes where they can be corrected: in template space."""
        if self._views is None or self._views.image is None:
            return
        if not self.is_editing or self._views.space != "mni":
            self._views.canvas.set_tool(None)
            return
        from vb_desktop.shell.box_tool import BoxTool
        from vb_desktop.shell.shown_layers import LayerId

        self._views.canvas.set_tool(BoxTool(self.editor, self._views.image))
        self._views.canvas.shown.show(LayerId.BOXES, True)
        self._enable_keys(True)

    def update(self) -> None:
        """Ask for what depends on the boxes to be computed anew."""
        if self.case is None or not self.editor.is_pending:
            return
        folder = self.case.folder
        out = folder
        if folder.is_relative_to(asset("demo")) or not os.access(folder, os.W_OK):
            out = self._settings.cases_folder / f"{folder.parent.name}-{datetime.now():%Y%m%d-%H%M%S}"
        self.update_wanted.emit(Correction(folder=folder, before=self.editor.saved, after=self.editor.book, out=out))

    def updated(self, case: Case) -> None:
        """The corrections are in the case now."""
        pending_boxes.forget(case)

    def copy_here(self) -> None:
        """The selected box on the slice that is shown."""
        if self._views is not None and self._views.space == "mni":
            canvas = self._views.canvas
            self.editor.copy_to(canvas.index_of(canvas.point)[0])

    def _stop(self) -> None:
        self._parts.boxes_panel.edit.setChecked(False)
        self._enable_keys(False)
        if self._views is not None:
            self._views.canvas.set_tool(None)
        self.editor.select([])

    def _changed(self) -> None:
        if self.case is not None and self.editor.dragged is None:
            if self.editor.is_pending:
                pending_boxes.keep(self.case, self.editor.book)
            elif self._was_pending:
                pending_boxes.forget(self.case)
        pending = max(self.editor.steps, 1) if self.editor.is_pending else 0
        if pending != self._was_pending:
            self._was_pending = pending
            self.pending_changed.emit(pending)

    def _add_key(self, window: QObject, keys: str, do: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(keys), window)
        shortcut.activated.connect(do)
        self._keys.append(shortcut)

    def _enable_keys(self, on: bool) -> None:
        for shortcut in self._keys:
            shortcut.setEnabled(on)
