"""A few hundred random events; `tests/benchmarks/monkey_at_the_window.py` does ten thousand."""

from __future__ import annotations

from pathlib import Path

from monkey import Monkey
from one_window import shared_window
from phantom_case import make_case
from PySide6.QtWidgets import QApplication

from vb_desktop.shell.main_window import MainWindow

EVENTS, SEED = 300, 7


def test_random_events_bring_about_no_exception_and_no_hang(qapp: QApplication, tmp_path: Path) -> None:
    cases = [make_case(tmp_path / status, status) for status in ("done", "withheld", "no_tumour_found", "partial")]
    with shared_window(tmp_path, 700) as window:
        assert isinstance(window, MainWindow)
        window.open(cases[0])
        monkey = Monkey(window, cases, SEED)
        monkey.play(EVENTS)
        assert not monkey.errors, "\n".join(monkey.errors[:3])
        assert not monkey.slow
        assert len(monkey.done) > 8
        window.runner.is_running = False  # type: ignore[misc]
        window.open(cases[0])
        assert window.case is not None
