"""The dock widget for plain napari: runs the command line, shows the case."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from napari.components import ViewerModel
from phantom_case import make_case
from pytestqt.qtbot import QtBot

from napari_plugin import widget as widget_module
from napari_plugin.widget import AnalyseWidget

WAIT_MS = 60_000


@pytest.fixture
def widget(qtbot: QtBot, tmp_path: Path) -> AnalyseWidget:
    made = AnalyseWidget(ViewerModel())
    qtbot.addWidget(made)
    made.cases.setText(str(tmp_path / "cases"))
    return made


def run_program(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let the widget run something else than the command line."""
    start = widget_module.QProcess.start
    monkeypatch.setattr(
        widget_module.QProcess,
        "start",
        lambda self, _, arguments: start(self, sys.executable, ["-c", program, *arguments[2:]]),
    )


def test_nothing_is_run_without_a_scan(widget: AnalyseWidget) -> None:
    widget.start()
    assert widget.state.text() == "Choose a scan first."


def test_the_case_is_shown(
    qtbot: QtBot, widget: AnalyseWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_case(tmp_path / "made")
    run_program(
        monkeypatch, f"import shutil, sys; shutil.copytree({str(made)!r}, sys.argv[sys.argv.index('--out') + 1])"
    )
    widget.scan.setText("scan.nii.gz")
    with qtbot.waitSignal(widget.process.finished, timeout=WAIT_MS):
        widget.start()
        assert not widget.run.isEnabled()
    assert widget.state.text().startswith("Done. The report is in")
    assert "Refined prior" in widget._viewer.layers
    assert widget.run.isEnabled()


def test_bad_input_is_a_sentence(qtbot: QtBot, widget: AnalyseWidget, tmp_path: Path) -> None:
    (tmp_path / "empty.nii").write_bytes(b"")
    widget.scan.setText(str(tmp_path / "empty.nii"))
    with qtbot.waitSignal(widget.process.finished, timeout=WAIT_MS) as caught:
        widget.start()
    assert caught.args[0] == 1
    assert widget.state.text()
    assert "Traceback" not in widget.state.text()
    assert not (tmp_path / "cases").exists() or not list((tmp_path / "cases").iterdir())


def test_cancel(qtbot: QtBot, widget: AnalyseWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    run_program(monkeypatch, "import time; time.sleep(60)")
    widget.scan.setText("scan.nii.gz")
    with qtbot.waitSignal(widget.process.started, timeout=WAIT_MS):
        widget.start()
    widget.stop()
    assert widget.state.text().startswith("Cancelled")
    assert widget.run.isEnabled()
