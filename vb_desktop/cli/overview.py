"""`vb-desktop overview`: table, workbook and page of links for the cases in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vb_desktop.cli.report import Language


def overview(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that holds case folders.")],
    print_reports: Annotated[
        bool, typer.Option("--print", help="Write every report anew; else only those that are missing.")
    ] = False,
    language: Annotated[
        Language | None, typer.Option("--language", help="Of the reports; by default each case's own setting.")
    ] = None,
) -> None:
    """A report each, and batch.csv, batch.xlsx and index.html, which say what came out. No identity is in them.

    Example: vb-desktop overview cases
    """
    from vb_desktop.pipeline.report.overview import overview_of_cases

    for path in overview_of_cases(folder, print_reports=print_reports, language=language.value if language else None):
        typer.echo(f"Written: {path}")
