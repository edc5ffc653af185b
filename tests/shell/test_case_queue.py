"""The queue runs its entries in their order, beside the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_window import FakeRunner
from PySide6.QtWidgets import QApplication

from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell.case_queue import CaseQueue, ItemState
from vb_desktop.shell.panels.queue_panel import QueuePanel
from vb_desktop.shell.settings import Settings


@pytest.fixture
def runner(qapp: QApplication) -> FakeRunner:
    return FakeRunner()


def test_one_after_the_other_and_a_failure_holds_nothing_up(
    runner: FakeRunner, settings: Settings, tmp_path: Path
) -> None:
    owner = FakeRunner()
    queue = CaseQueue(owner, make_runner=lambda: runner)
    assert CaseQueue.of(owner) is queue
    panel = QueuePanel(queue, settings, Config)
    opened: list[Path] = []
    panel.open_requested.connect(opened.append)
    sources = [tmp_path / name for name in ("a.nii", "b.nii", "c.nii")]
    panel.add(sources)
    assert [request.source for _, request in runner.asked] == sources[:1]
    runner.progressed.emit(Progress(Stage.PROCESS, 0.5, "Aligning"))
    assert "a.nii: running (Aligning)" in panel.list.item(0).text()
    runner.end_with(tmp_path)
    runner.fail("It fell.", "Lift it.", "")
    assert [item.state for item in queue.items] == [ItemState.DONE, ItemState.FAILED, ItemState.RUNNING]
    assert "It fell." in panel.list.item(1).text()
    assert len({request.out for _, request in runner.asked}) == 3
    panel.list.item(0).setSelected(True)
    panel.open.click()
    assert opened == [queue.items[0].out]
    panel.list.clearSelection()
    panel.list.item(2).setSelected(True)
    assert not panel.open.isEnabled()
    panel.remove.click()
    assert not runner.is_running
    assert len(queue.items) == 2
    queue.shut_down()
    assert runner.was_shut_down
    panel.deleteLater()
