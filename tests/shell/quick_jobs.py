"""Jobs for the tests of the runner, one for each way a job can end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.errors import CaseFolderError
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage


def answer(argument: Any, on_progress: OnProgress) -> Any:
    on_progress(Progress(Stage.OPEN, None, "Thinking"))
    on_progress(Progress(Stage.PROCESS, 0.5, "Still thinking"))
    return argument


def own_pid(_: Any, __: OnProgress) -> int:
    return os.getpid()


def domain_error(folder: Path, _: OnProgress) -> None:
    raise CaseFolderError("case.exists", folder=folder)


def bug(_: Any, __: OnProgress) -> float:
    return 1 / 0


def exit_hard(code: int, on_progress: OnProgress) -> None:
    on_progress(Progress(Stage.PROCESS, None, "About to fall"))
    os._exit(code)


def kill_itself(_: Any, __: OnProgress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def out_of_memory(_: Any, __: OnProgress) -> None:
    raise MemoryError


def sleep_with_child(pid_file: Path, on_progress: OnProgress) -> None:
    """Start a process and sleep beside it, as a library might."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pid_file.write_text(str(child.pid))
    on_progress(Progress(Stage.PROCESS, None, "Sleeping"))
    time.sleep(600)


def unpicklable(_: Any, __: OnProgress) -> Any:
    return lambda: None
