"""Traps of the libraries that the window stands on."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QObject


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_does_not_lose_references_to_none() -> None:
    """PySide6 6.12 on Python 3.11 loses one at each call, and aborts after some thousand slices."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert sys.getrefcount(None) - before > -500


def test_the_shell_imports_nothing_heavy() -> None:
    """The window must be there before napari, torch, monai, ants or transformers are."""
    program = (
        "import sys, vb_desktop.shell.app\n"
        "heavy = ('napari', 'torch', 'monai', 'ants', 'transformers', 'HD_BET', 'nilearn', 'scipy.ndimage')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_worker_knows_no_qt() -> None:
    program = "import sys, vb_desktop.shell.worker, vb_desktop.shell.jobs\nprint('PySide6' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
