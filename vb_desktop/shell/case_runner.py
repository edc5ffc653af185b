"""Runs jobs in one warm child process: the window stays alive whatever happens to them.

    idle --start--> running --finished | failed | crash--> idle
                       |
                       cancel: the process tree is ended, a new worker starts --> idle

There is no thread in the window: a timer drains the pipe.
"""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from vb_desktop.pipeline.errors import VBError
from vb_desktop.shell.language import current
from vb_desktop.shell.process_tree import end_process_tree
from vb_desktop.shell.worker import WARM, Job, serve

RECYCLE_AFTER = 8
"""Jobs after which a fresh worker is started: native libraries keep memory that they freed."""


class CaseRunner(QObject):
    """The window's end of the worker.

    Signals:
        started: a job has been handed over.
        progressed (Progress): a step of it.
        finished (object): what the job returned; of an analysis the case folder's path.
        failed (str, str, str): sentence, next step, details.
        cancelled: the job was ended on request.
    """

    started = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str, str, str)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None, *, warm: tuple[str, ...] = WARM, poll_ms: int = 50) -> None:
        super().__init__(parent)
        self._spawn = multiprocessing.get_context("spawn")
        self._warm = warm
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._running = self._is_shut_down = False
        self._jobs_done = 0
        self._last_step = ""
        self._timer = QTimer(self)
        self._timer.setInterval(poll_ms)
        self._timer.timeout.connect(self._drain)

    @property
    def is_running(self) -> bool:
        """Whether a job is under way."""
        return self._running

    @property
    def pid(self) -> int | None:
        """Of the worker; None while there is none."""
        return self._process.pid if self._process is not None else None

    def warm_up(self) -> None:
        """Start the worker, if there is none; it imports what it will need."""
        if self._is_shut_down:
            return
        if self._process is not None and self._process.is_alive():
            return
        self._close()
        self._pipe, theirs = self._spawn.Pipe(duplex=True)
        # Not a daemon: brain extraction may start processes of its own.
        self._process = self._spawn.Process(target=serve, args=(theirs, self._warm), daemon=False)
        self._process.start()
        theirs.close()
        self._jobs_done = 0

    def renew(self, *, warm: bool = True) -> None:
        """End a worker that has nothing to do: the next one is started in the environment of now.

        Args:
            warm: start it at once; else with the next job.
        """
        if not self._running and not self._is_shut_down and self._process is not None:
            self._end()
            if warm:
                self.warm_up()

    def start(self, job: Job, argument: Any) -> None:
        """Run a job of `jobs.py`.

        Raises:
            RuntimeError: another one is under way, or the runner was shut down.
        """
        if self._running or self._is_shut_down:
            raise RuntimeError("the runner was shut down" if self._is_shut_down else "a job is under way")
        self.warm_up()
        self._running, self._last_step = True, ""
        try:
            self._hand_over(job, argument)
        except OSError:  # it died while idle and is_alive had not seen it
            self._close()
            self.warm_up()
            self._hand_over(job, argument)
        self._timer.start()
        self.started.emit()

    def prepare(self, job: Job, argument: Any) -> None:
        """Let the idle worker do beforehand what a job will need; nothing is told of it, the next job waits for it."""
        if self._running or self._is_shut_down or self._process is None or not self._process.is_alive():
            return
        with suppress(OSError):
            self._hand_over(job, argument, quiet=True)

    def cancel(self) -> None:
        """End the job with every process that it started; a fresh worker takes the next one."""
        if not self._running:
            return
        self._running = False
        self._end()
        self.warm_up()
        self.cancelled.emit()

    def shut_down(self) -> None:
        """End the worker for good; what it was doing is lost, and the case folder is as before."""
        self._running, self._is_shut_down = False, True
        self._end()

    def _hand_over(self, job: Job, argument: Any, *, quiet: bool = False) -> None:
        assert self._pipe is not None  # warm_up has made it
        self._pipe.send((job, argument, quiet))

    def _drain(self) -> None:
        try:
            while self._running and self._pipe is not None and self._pipe.poll():
                self._heard(self._pipe.recv())
        except (EOFError, OSError):
            self._crashed()

    def _heard(self, message: tuple[Any, ...]) -> None:
        match message:
            case ("progressed", progress):
                self._last_step = progress.text
                self.progressed.emit(progress)
            case ("finished", result):
                self._rest()
                self.finished.emit(result)
            case ("failed", error, details):
                self._rest()
                self.failed.emit(error.sentence(current()), error.advice(current()), details)

    def _rest(self) -> None:
        self._running = False
        self._timer.stop()
        self._jobs_done += 1
        if self._jobs_done >= RECYCLE_AFTER:
            self._end()
            self.warm_up()

    def _crashed(self) -> None:
        process = self._process
        if process is not None:
            process.join(1.0)
        code = process.exitcode if process is not None else None
        details = f"exit code {code}; last step: {self._last_step or 'none'}"
        self._running = False
        self._end()
        self.warm_up()
        error = VBError("case.child_killed", code=code)
        self.failed.emit(error.sentence(current()), error.advice(current()), details)

    def _end(self) -> None:
        self._timer.stop()
        if self._process is not None and self._process.pid is not None:
            end_process_tree(self._process.pid)
        self._close()

    def _close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.join(1.0)
            self._process = None
