"""What a piece of work costs: wall and CPU seconds, peak memory, and how busy the machine was."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any


@dataclass(slots=True)
class Cost:
    """Cost of one piece of work.

    Attributes:
        wall: seconds by the clock.
        cpu: user and system seconds of the process with all its threads.
        load: mean number of runnable processes in the minute before and after (1.0 per busy core).
    """

    wall: float = 0.0
    cpu: float = 0.0
    load: tuple[float, float] = (0.0, 0.0)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the block; the yielded value is filled at its end."""
    cost = Cost()
    before, start, used = os.getloadavg()[0], perf_counter(), _cpu()
    yield cost
    cost.wall, cost.cpu, cost.load = perf_counter() - start, _cpu() - used, (before, os.getloadavg()[0])


def peak_mb() -> float:
    """Largest resident memory of this process since its start, or since `forget_peak`, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def forget_peak() -> None:
    """Let the peak start again from what is in use now (Linux; elsewhere it stays that of the whole process)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
