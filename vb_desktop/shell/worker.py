"""The child process in which cases run. It knows no Qt.

It imports the heavy libraries while it has nothing to do, runs one job at a time, and ends with everything that it
started as soon as the window's end of the pipe is closed, even in the middle of a job.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.progress import OnProgress, Progress, ignore
from vb_desktop.shell.process_tree import end_process_tree

Job = Callable[[Any, OnProgress], Any]

WARM = (
    "vb_desktop.pipeline.scan_import.open_scan",
    "vb_desktop.pipeline.run_case",
    "torch",
    "ants",
    "vb_desktop.pipeline.tumor_localizer.tumor_localizer",
    "vb_desktop.pipeline.adaptive_diagnoser.adaptive_diagnoser",
    "vb_desktop.pipeline.adaptive_diagnoser.monai_parts",
    "vb_desktop.pipeline.report.write_report",
)
"""Imported while idle, the quick ones first; together about 10 s."""

_PIPE_CLOSED = None


def serve(connection: Connection, warm: tuple[str, ...] = WARM) -> None:
    """Run jobs until the pipe closes.

    In: `(job, argument)`. Out: `("progressed", Progress)`, then one of `("finished", result)` and
    `("failed", VBError, details)`: the window says the error in its own language.
    """
    if sys.stdout is None:  # a windowed build has none, and libraries write to it
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")
    tasks: queue.SimpleQueue[tuple[Job, Any, bool] | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, tasks), daemon=True).start()
    _import_while_idle(tasks, warm)
    while (task := tasks.get()) is not _PIPE_CLOSED:
        _run(connection, *task)


def _listen(connection: Connection, tasks: queue.SimpleQueue[tuple[Job, Any, bool] | None]) -> None:
    while True:
        try:
            tasks.put(connection.recv())
        except (EOFError, OSError):
            end_process_tree(os.getpid(), keep_root=True)
            os._exit(0)  # the main thread may be deep in a library
        except Exception:  # a job that can't be imported here
            connection.send(_failure(VBError("case.unexpected")))


def _import_while_idle(tasks: queue.SimpleQueue[tuple[Job, Any, bool] | None], names: tuple[str, ...]) -> None:
    for name in names:
        if not tasks.empty():
            return
        with contextlib.suppress(Exception):  # the job that needs it says what is wrong
            importlib.import_module(name)


def _run(connection: Connection, job: Job, argument: Any, quiet: bool) -> None:
    """Run a job; of a quiet one nothing is told, it only leaves the process prepared."""
    if quiet:
        with contextlib.suppress(
            Exception
        ):  # the job that comes to nothing here says what is wrong when it is asked for
            job(argument, ignore)
        return

    def tell(progress: Progress) -> None:
        connection.send(("progressed", progress))

    try:
        message: tuple[Any, ...] = ("finished", job(argument, tell))
    except VBError as error:
        message = _failure(error)
    except MemoryError:
        message = _failure(VBError("case.out_of_memory"))
    except Exception:
        message = _failure(VBError("case.unexpected"))
    connection.send(message)


def _failure(error: VBError) -> tuple[str, VBError, str]:
    return "failed", error, traceback.format_exc()
