"""The queue: what waits, what runs, what is ready to be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from vb_desktop.pipeline.config import Config
from vb_desktop.shell import labels
from vb_desktop.shell.case_queue import CaseQueue, ItemState, QueueItem
from vb_desktop.shell.progress_words import progress_words
from vb_desktop.shell.settings import Settings


class QueuePanel(QWidget):
    """Several scans, analysed one after the other beside the case that is read.

    Signals:
        open_requested (Path): a case that is done is to be read.

    Args:
        queue: what is shown.
        settings: last folder and folder of the cases.
        config: gives the settings of the runs as they are chosen now.
    """

    open_requested = Signal(object)

    def __init__(self, queue: CaseQueue, settings: Settings, config: Callable[[], Config]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._queue, self._settings, self._config = queue, settings, config
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(labels.heading(self.tr("QUEUE")))
        column.addWidget(
            labels.quiet(
                self.tr("Analysed one after the other in the background, with the choices above; you can read on.")
            )
        )
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Queue of scans"))
        self.list.setFixedHeight(96)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.itemActivated.connect(lambda _: self._open())
        column.addWidget(self.list)
        self.add_files = QPushButton(self.tr("Add files…"))
        self.add_files.clicked.connect(self._choose_files)
        self.add_folder = QPushButton(self.tr("Add a folder…"))
        self.add_folder.clicked.connect(self._choose_folder)
        self.open = QPushButton(self.tr("Read"))
        self.open.clicked.connect(self._open)
        self.remove = QPushButton(self.tr("Take out"))
        self.remove.clicked.connect(self._remove)
        for pair in ((self.add_files, self.add_folder), (self.open, self.remove)):
            row = QHBoxLayout()
            for button in pair:
                row.addWidget(button)
            column.addLayout(row)
        queue.changed.connect(self.show_items)
        self.show_items()

    def show_items(self) -> None:
        """The entries as they are now."""
        chosen = self._chosen()
        self.list.clear()
        for item in self._queue.items:
            shown = QListWidgetItem(self._words(item))
            shown.setData(Qt.ItemDataRole.UserRole, item)
            shown.setToolTip(f"{item.source}\n{item.out}")
            self.list.addItem(shown)
            shown.setSelected(chosen is not None and chosen.id == item.id)
        for widget in (self.list, self.open, self.remove):
            widget.setVisible(bool(self._queue.items))
        self._enable()

    def add(self, sources: list[Path]) -> None:
        """Let scans wait for their turn."""
        if sources:
            self._queue.add(sources, self._settings.cases_folder, self._config())

    def _words(self, item: QueueItem) -> str:
        state = {
            ItemState.WAITING: self.tr("waiting"),
            ItemState.RUNNING: self.tr("running"),
            ItemState.DONE: self.tr("done"),
            ItemState.FAILED: self.tr("failed"),
        }[item.state]
        more = progress_words(item.words) if item.state == ItemState.RUNNING and item.words else item.words
        return f"{item.source.name}: {state}" + (f" ({more})" if more else "")

    def _chosen(self) -> QueueItem | None:
        chosen = self.list.selectedItems()
        item = chosen[0].data(Qt.ItemDataRole.UserRole) if chosen else None
        return item if isinstance(item, QueueItem) else None

    def _enable(self) -> None:
        item = self._chosen()
        self.open.setEnabled(item is not None and item.state == ItemState.DONE)
        self.remove.setEnabled(item is not None)

    def _open(self) -> None:
        item = self._chosen()
        if item is not None and item.state == ItemState.DONE:
            self.open_requested.emit(item.out)

    def _remove(self) -> None:
        if (item := self._chosen()) is not None:
            self._queue.remove(item.id)

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add files"), str(self._settings.last_folder))
        self.add([Path(name) for name in names])

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Add a folder"), str(self._settings.last_folder))
        self.add([Path(name)] if name else [])
