"""One test for each way that a job can end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import quick_jobs
from pytestqt.qtbot import QtBot

from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell import case_runner
from vb_desktop.shell.case_runner import CaseRunner

WAIT_MS = 20_000


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[CaseRunner]:
    made = CaseRunner(warm=("json",), poll_ms=20)
    yield made
    made.shut_down()


def wait_until_gone(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_a_result_comes_back_with_its_progress(qtbot: QtBot, runner: CaseRunner) -> None:
    heard: list[Progress] = []
    runner.progressed.connect(heard.append)
    with qtbot.waitSignal(runner.finished, timeout=WAIT_MS) as caught:
        runner.start(quick_jobs.answer, Path("somewhere"))
    assert caught.args == [Path("somewhere")]
    assert [step.text for step in heard] == ["Thinking", "Still thinking"]
    assert heard[1] == Progress(Stage.PROCESS, 0.5, "Still thinking")
    assert not runner.is_running


def test_the_worker_is_kept_warm(qtbot: QtBot, runner: CaseRunner) -> None:
    pids = []
    for _ in range(2):
        with qtbot.waitSignal(runner.finished, timeout=WAIT_MS) as caught:
            runner.start(quick_jobs.own_pid, None)
        pids += caught.args
    assert pids[0] == pids[1] != os.getpid()


def test_a_worker_is_replaced_after_some_jobs(
    qtbot: QtBot, runner: CaseRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_runner, "RECYCLE_AFTER", 1)
    pids = []
    for _ in range(2):
        with qtbot.waitSignal(runner.finished, timeout=WAIT_MS) as caught:
            runner.start(quick_jobs.own_pid, None)
        pids += caught.args
    assert pids[0] != pids[1]
    assert wait_until_gone(pids[0], 2)


@pytest.mark.parametrize(
    ("job", "argument", "sentence", "details"),
    [
        (quick_jobs.domain_error, Path("case-1"), "case-1 is there already.", "CaseFolderError"),
        (quick_jobs.bug, None, "The analysis failed unexpectedly.", "ZeroDivisionError"),
        (quick_jobs.out_of_memory, None, "The machine ran out of memory", "MemoryError"),
        (quick_jobs.exit_hard, 7, "ended from outside (exit code 7)", "last step: About to fall"),
        (quick_jobs.kill_itself, None, "ended from outside (exit code -9)", "exit code -9"),
        (quick_jobs.unpicklable, None, "ended from outside", "exit code 1"),
    ],
)
def test_a_failure_is_a_sentence_and_the_next_job_works(
    qtbot: QtBot, runner: CaseRunner, job: object, argument: object, sentence: str, details: str
) -> None:
    with qtbot.waitSignal(runner.failed, timeout=WAIT_MS) as caught:
        runner.start(job, argument)  # type: ignore[arg-type]
    said, advice, why = caught.args
    assert sentence in said
    assert advice
    assert details in why
    with qtbot.waitSignal(runner.finished, timeout=WAIT_MS) as caught:
        runner.start(quick_jobs.answer, 5)
    assert caught.args == [5]


def test_cancel_ends_the_whole_tree_and_the_next_job_works(qtbot: QtBot, runner: CaseRunner, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    with qtbot.waitSignal(runner.progressed, timeout=WAIT_MS):
        runner.start(quick_jobs.sleep_with_child, pid_file)
    worker, child = runner.pid, int(pid_file.read_text())
    assert worker is not None
    started = time.monotonic()
    with qtbot.waitSignal(runner.cancelled, timeout=2000), qtbot.assertNotEmitted(runner.failed):
        runner.cancel()
    assert time.monotonic() - started < 2.0
    assert wait_until_gone(child, 0.5)
    assert wait_until_gone(worker, 0.5)
    with qtbot.waitSignal(runner.finished, timeout=WAIT_MS) as caught:
        runner.start(quick_jobs.answer, "again")
    assert caught.args == ["again"]


def test_two_jobs_at_once_are_refused(qtbot: QtBot, runner: CaseRunner, tmp_path: Path) -> None:
    runner.start(quick_jobs.sleep_with_child, tmp_path / "pid")
    with pytest.raises(RuntimeError, match="under way"):
        runner.start(quick_jobs.answer, 1)


def test_a_worker_that_died_while_idle_is_replaced(qtbot: QtBot, runner: CaseRunner) -> None:
    runner.warm_up()
    assert runner.pid is not None
    psutil.Process(runner.pid).kill()
    assert wait_until_gone(runner.pid, 5)
    with qtbot.waitSignal(runner.finished, timeout=WAIT_MS) as caught:
        runner.start(quick_jobs.answer, 3)
    assert caught.args == [3]


def test_a_runner_that_was_shut_down_starts_nothing(runner: CaseRunner) -> None:
    """A timer of a window that was closed may still ring; Python would then wait for the worker for ever."""
    runner.warm_up()
    runner.shut_down()
    runner.warm_up()
    assert runner.pid is None
    with pytest.raises(RuntimeError, match="shut down"):
        runner.start(quick_jobs.answer, 1)


ORPHAN = """
import sys, time
sys.path.insert(0, {tests!r})
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
import quick_jobs
from vb_desktop.shell.case_runner import CaseRunner
if __name__ == "__main__":
    app = QCoreApplication([])
    runner = CaseRunner(warm=())
    runner.progressed.connect(lambda _: print(runner.pid, flush=True))
    runner.start(quick_jobs.sleep_with_child, Path({pid_file!r}))
    app.exec()
"""


def test_the_worker_ends_with_all_it_started_when_the_window_is_killed(tmp_path: Path) -> None:
    script, pid_file = tmp_path / "window.py", tmp_path / "pid"
    script.write_text(ORPHAN.format(tests=str(Path(__file__).parent), pid_file=str(pid_file)))
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        worker = int(window.stdout.readline())
        child = int(pid_file.read_text())
        assert psutil.pid_exists(worker)
        window.kill()
    assert wait_until_gone(worker, 3)
    assert wait_until_gone(child, 3)
