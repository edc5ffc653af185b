"""Entry point `vb-desktop-gui`, and of a frozen build."""

from __future__ import annotations

import sys


def main() -> None:
    """Open the window on its first page, or on the path behind the program's name."""
    from multiprocessing import freeze_support

    freeze_support()  # first of all: a frozen child starts here again
    from vb_desktop.cli.app import run_app

    raise SystemExit(run_app(["open", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
