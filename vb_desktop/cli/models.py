"""`vb-desktop models list|verify|install`: which models are there, whether they are sound, and to add one."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Models: list, verify, install.\n\nExample: vb-desktop models verify",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List the models that the pipeline uses, and where each comes from.

    Example: vb-desktop models list
    """
    from vb_desktop.pipeline.models import list_models

    _print(list_models(), as_json)


@app.command()
def verify(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Compute the hash of each model's weights anew and compare it with its card; exit status 1 where one differs.

    Example: vb-desktop models verify
    """
    from vb_desktop.pipeline.models import verify_models

    found = verify_models()
    _print(found, as_json)
    if any(status.state != "ok" for status in found):
        raise typer.Exit(1)


@app.command()
def install(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A model's folder, its model.json, or a zip of it.")],
    name: Annotated[
        str | None, typer.Option("--name", help="To install it as; diagnoser or localizer, by its kind, unless given.")
    ] = None,
) -> None:
    """Check a model and put it among the user's models, before the shipped one of the same name.

    Example: vb-desktop models install models/diagnoser
    """
    from vb_desktop.pipeline.install_model import install_model

    model = install_model(source, name)
    demonstration = " A demonstration model: not for clinical use." if model.card.synthetic else ""
    typer.echo(f"Installed {model.card.kind} {model.card.name} {model.card.version} as {model.folder}.{demonstration}")


def _print(rows: list, as_json: bool) -> None:  # type: ignore[type-arg]
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2, default=str))
        return
    for row in rows:
        typer.echo(f"{row.name:<16} {row.kind:<17} {row.state:<8} {row.sha256[:12]:<13} {row.source}")
        if row.note:
            typer.echo(f"{'':<16} {row.note}")
