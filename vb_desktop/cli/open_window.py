"""`vb-desktop [open PATH]`: the window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def open_window(
    path: Annotated[Path | None, typer.Argument(help="A case folder, a NIfTI file or a DICOM folder.")] = None,
) -> None:
    """Open the window: on its first page, or on PATH.

    Example: vb-desktop open cases/0001
    """
    from vb_desktop.shell.app import main

    raise typer.Exit(main(path))
