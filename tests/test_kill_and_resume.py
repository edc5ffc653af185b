"""A few real kills with SIGKILL; `tests/benchmarks/kill_and_resume.py` does it a hundred times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent / "benchmarks" / "kill_and_resume.py"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_killed_runs_end_in_the_case_of_an_undisturbed_one(tmp_path: Path) -> None:
    """Of a new case twice, of one with other settings, and of one that is replaced."""
    command = [sys.executable, str(SCRIPT), "--coarse-template", "--n", "3", "--out", str(tmp_path / "bench")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all              3 of   3 equal" in done.stdout
