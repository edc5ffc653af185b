"""Who sits at the program: the name that stands beside what a reader did."""

from __future__ import annotations

import getpass


def reader() -> str:
    """Name of the account that is logged in: the reader, never the patient."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
