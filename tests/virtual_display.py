"""A display for the tests of the window: the one that is there, else one of Xvfb's."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WANT_OF_DISPLAY = "there is no display and no Xvfb"


def display_can_be_had() -> bool:
    """Whether windows can be shown; starts Xvfb where that is what it takes."""
    os.environ.setdefault("QT_API", "pyside6")
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return True
    if shutil.which("Xvfb") is None:
        return False
    ours, theirs = os.pipe()
    command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        number = pipe.readline().strip()
    atexit.register(server.terminate)
    if number:
        os.environ["DISPLAY"] = f":{number}"
    return bool(number)


HAS_DISPLAY = display_can_be_had()
"""Settled when a conftest imports this, before anything that asks for a display."""


def skip_without_display(items: list[pytest.Item], folder: Path) -> None:
    """For a conftest's `pytest_collection_modifyitems`: the tests under its folder are skipped without a display."""
    if HAS_DISPLAY:
        return
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=WANT_OF_DISPLAY))
