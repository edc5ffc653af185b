"""Further panels beside those of the steps, in the same scroll area."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from vb_desktop.shell.case_queue import CaseQueue
from vb_desktop.shell.panels.queue_panel import QueuePanel
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.window_layout import WindowLayout


def place_beside(panel: QWidget, *, above: QWidget | None = None, below: QWidget | None = None) -> None:
    """Put widgets over and under a panel, into the scroll area that it lies in."""
    scroll = panel.parent()
    while scroll is not None and not isinstance(scroll, QScrollArea):
        scroll = scroll.parent()
    assert isinstance(scroll, QScrollArea)
    scroll.takeWidget()
    holder = QWidget()
    holder.setObjectName("panel")
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in (above, panel, below):
        if widget is not None:
            column.addWidget(widget)
            widget.show()
    column.addStretch(1)
    scroll.setWidget(holder)


def show_queue(runner: QObject, parts: WindowLayout, settings: Settings, open_: Callable[[Path], None]) -> CaseQueue:
    """Put the queue under what is opened and analysed.

    Args:
        runner: of the window; the queue belongs to it.
        parts: the widgets of the window.
        settings: of the user.
        open_: shows a case that is done.
    """
    queue = CaseQueue.of(runner)
    panel = QueuePanel(queue, settings, parts.import_panel.config)
    panel.open_requested.connect(open_)
    place_beside(parts.import_panel, below=panel)
    return queue
