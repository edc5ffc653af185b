"""`vb-desktop report`: print a case again."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Language(StrEnum):
    """Languages of a report."""

    en = "en"
    zh = "zh"


def report(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="A case folder.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE.pdf", help="Where to write.")] = None,
    language: Annotated[
        Language | None, typer.Option("--language", help="Of the report; by default the case's own setting.")
    ] = None,
) -> None:
    """Write the PDF report of a case; by default report.pdf in the case folder.

    Example: vb-desktop report cases/0001 -o report.pdf --language zh
    """
    from vb_desktop.pipeline.case_folder import read_case
    from vb_desktop.pipeline.report.write_report import write_report

    typer.echo(f"Report: {write_report(read_case(case), output, language.value if language else None)}")
