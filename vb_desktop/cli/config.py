"""`vb-desktop config --show`: every setting, generated from the settings themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from vb_desktop.pipeline.config import Config


def config(
    show: Annotated[bool, typer.Option("--show", help="Print every setting.")] = False,
    file: Annotated[Path | None, typer.Option("--config", metavar="FILE.toml", help="Overlay this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show every setting with its value, unit and meaning.

    Example: vb-desktop config --show
    """
    if not (show or as_json):
        raise typer.BadParameter("say what to do: --show")
    rows = list(Config.load(file).keys())
    if as_json:
        keys = ("key", "value", "unit", "meaning")
        typer.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
        return
    for key, value, unit, meaning in rows:
        shown = json.dumps(list(value) if isinstance(value, tuple) else value)
        typer.echo(f"{key:<28} = {shown:<20} {unit:<9} {meaning}")
