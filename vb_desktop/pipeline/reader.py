"""Who sits at the program: the name that stands beside what a reader did."""

from __future__ import annotations

import getpass
import os

VARIABLE = "VB_READER"
"""Environment variable with the name that the reader has chosen, so that started processes know it too."""


def reader() -> str:
    """The name that was chosen, else that of the account: the reader, never the patient."""
    return os.environ.get(VARIABLE, "").strip() or account()


def account() -> str:
    """Name of the account that is logged in."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
