"""The whole command from a cold start, as a user runs it: `vb-desktop run SCAN --out CASE --until process`."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tests.benchmarks.processing.cases import case_named, data_folder
from tests.benchmarks.processing.store import reference_folder, write_result


def measure_command(name: str) -> dict[str, Any]:
    """Run the installed command on a case's own files and keep what it cost.

    Raises:
        subprocess.CalledProcessError: the command failed.
        ValueError: the case is no file of the data folder.
    """
    case = case_named(name)
    if not case.where:
        raise ValueError(f"{name} is made by the benchmark; choose a case with files of its own")
    path = data_folder() / case.where
    scan, space = (path / "t1ce.nii.gz", "skull-stripped") if case.kind == "tumour" else (path, "native")
    command = Path(sys.executable).with_name("vb-desktop")
    with TemporaryDirectory(prefix="vb-benchmark-") as work:
        words = [command, "run", scan, "--out", Path(work) / "case", "--until", "process", "--input-space", space]
        before, load, start = resource.getrusage(resource.RUSAGE_CHILDREN), os.getloadavg()[0], perf_counter()
        subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
        wall, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    result = {
        "wall": wall,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "load": [load, os.getloadavg()[0]],
        "peak_mb": after.ru_maxrss / 1024,
    }
    write_result(reference_folder() / name / "command.json", result)
    print(
        f"{name}: {wall:.1f} s wall, {result['cpu']:.1f} s CPU, peak {result['peak_mb']:.0f} MB, load {result['load']}"
    )
    return result
