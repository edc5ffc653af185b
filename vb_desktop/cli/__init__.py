"""The command line: one file per command of the design. Imports nothing heavy until a command runs."""

from __future__ import annotations


def main() -> None:
    """Entry point `vb-desktop`."""
    from multiprocessing import freeze_support

    freeze_support()
    from vb_desktop.cli.app import run_app

    raise SystemExit(run_app())
