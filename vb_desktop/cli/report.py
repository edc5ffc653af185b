"""`vb-desktop report`: print a case again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="A case folder.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE.pdf", help="Where to write.")] = None,
) -> None:
    """Write the PDF report of a case; by default report.pdf in the case folder.

    Example: vb-desktop report cases/0001 -o report.pdf
    """
    from vb_desktop.pipeline.case_folder import read_case
    from vb_desktop.pipeline.report.write_report import write_report

    typer.echo(f"Report: {write_report(read_case(case), output)}")
