"""`vb-desktop compare`: two cases of a patient."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vb_desktop.cli.report import Language


def compare(
    earlier: Annotated[Path, typer.Argument(metavar="EARLIER", help="The case folder of the earlier scan.")],
    later: Annotated[Path, typer.Argument(metavar="LATER", help="The case folder of the later scan.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE.pdf", help="Write a PDF too.")] = None,
    language: Annotated[Language, typer.Option("--language", help="Of what is said.")] = Language.en,
) -> None:
    """Say what has changed between two scans of a patient, with the measurement's own error.

    The two scans are aligned (rigid); volume and diameters are those that each case measured on its own grid.

    Example: vb-desktop compare cases/january cases/april -o change.pdf
    """
    from vb_desktop.pipeline.case_folder import read_case
    from vb_desktop.pipeline.errors import CaseFolderError
    from vb_desktop.pipeline.messages import Message, say
    from vb_desktop.pipeline.report import comparison

    found = comparison.compare(read_case(earlier), read_case(later))
    for line in comparison.lines(found, language.value):
        typer.echo(line)
    for remark in found.remarks:
        typer.echo(say(Message(f"report.{remark}"), language.value))
    if output is not None:
        try:
            comparison.write_comparison(found, output, language.value)
        except OSError as error:
            cause = (error.strerror or "the file system refused").rstrip(".")
            raise CaseFolderError("report.no_write", path=str(output), cause=cause) from error
        typer.echo(f"Report: {output}")
