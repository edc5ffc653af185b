"""`vb-desktop boxes`: see and correct the boxes of a case from scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vb_desktop.cli.progress_bar import progress_bar
from vb_desktop.cli.summary import summary

if TYPE_CHECKING:
    from vb_desktop.pipeline.case import Box
    from vb_desktop.pipeline.run_case import Correct

app = typer.Typer(no_args_is_help=True)

Slice = Annotated[int, typer.Option("--k", metavar="K", min=0, help="Axial slice of processed.nii.gz, counted from 0.")]
Columns = Annotated[str, typer.Option("--i", metavar="I0:I1", help="Voxels from left to right, the last one excluded.")]
Rows = Annotated[str, typer.Option("--j", metavar="J0:J1", help="Voxels from posterior to anterior.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print case.json at the end.")]


@app.callback()
def boxes(context: typer.Context, case: Annotated[Path, typer.Argument(metavar="CASE", help="A case folder.")]) -> None:
    """See and correct the boxes of CASE; priors, diagnosis and report are computed anew from them.

    Boxes are half-open voxel ranges of processed.nii.gz: i to the right, j anterior, k superior, counted from 0.
    What the backend gave is kept beside the corrections, with who made them and when; each can be undone.

    Example: vb-desktop boxes cases/0001 add --k 84 --i 110:131 --j 95:120
    """
    context.obj = case


@app.command("list")
def list_boxes(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False
) -> None:
    """List every box: those in force, and those taken out.

    Example: vb-desktop boxes cases/0001 list
    """
    from vb_desktop.pipeline.case_folder import read_record

    record = read_record(context.obj)
    if as_json:
        typer.echo(json.dumps([box.model_dump(mode="json") for box in record.boxes], indent=2))
        return
    typer.echo(f"{'id':<11}{'k':>4}{'i0:i1':>10}{'j0:j1':>10}{'confidence':>12}  source")
    for box in record.boxes:
        out = "" if box.in_force else ", not in force"
        by = f", {box.author} {box.time}" if box.author else ""
        typer.echo(
            f"{box.id:<11}{box.k:>4}{f'{box.i0}:{box.i1}':>10}{f'{box.j0}:{box.j1}':>10}{box.confidence:>12.2f}"
            f"  {box.source}{by}{out}"
        )
    typer.echo(f"{len(record.boxes_in_force)} of {len(record.boxes)} boxes are in force.")


@app.command("add")
def add(
    context: typer.Context,
    k: Slice,
    i: Columns,
    j: Rows,
    to_k: Annotated[int | None, typer.Option("--to-k", metavar="K", min=0, help="Also up to this slice.")] = None,
    to_i: Annotated[str | None, typer.Option("--to-i", metavar="I0:I1", help="Of the box there; else as --i.")] = None,
    to_j: Annotated[str | None, typer.Option("--to-j", metavar="J0:J1", help="Of the box there; else as --j.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a box, or one on each slice from --k to --to-k with the edges interpolated between.

    Example: vb-desktop boxes cases/0001 add --k 80 --i 110:131 --j 95:120 --to-k 90 --to-i 114:126 --to-j 100:116
    """
    from vb_desktop.pipeline.correct_boxes import inside_brain, now
    from vb_desktop.pipeline.reader import reader
    from vb_desktop.pipeline.tumor_localizer.box_book import between

    drawn = [_box(k, i, j)]
    if to_k is not None:
        drawn = between(drawn[0], _box(to_k, to_i or i, to_j or j))
    elif to_i or to_j:
        raise typer.BadParameter("--to-i and --to-j need --to-k")
    drawn = inside_brain(context.obj, drawn)
    _correct(context, lambda book: book.add(drawn, reader(), now()), as_json)


@app.command("move")
def move(
    context: typer.Context,
    box: Annotated[str, typer.Argument(metavar="ID", help="Which box; see: boxes CASE list")],
    i: Columns,
    j: Rows,
    as_json: AsJson = False,
) -> None:
    """Put a box elsewhere on its slice, or give it another size.

    Example: vb-desktop boxes cases/0001 move b084-3fa2 --i 112:130 --j 96:118
    """
    from vb_desktop.pipeline.case_folder import read_record
    from vb_desktop.pipeline.correct_boxes import inside_brain, now
    from vb_desktop.pipeline.reader import reader

    known = {one.id: one.k for one in read_record(context.obj).boxes}
    drawn = [_box(known.get(box, 0), i, j)]
    if box in known:  # else the book refuses the id, in its own words
        drawn = inside_brain(context.obj, drawn)
    _correct(context, lambda book: book.move(box, drawn[0], reader(), now()), as_json)


@app.command("delete")
def delete(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Which boxes; see: boxes CASE list")],
    as_json: AsJson = False,
) -> None:
    """Take boxes out.

    Example: vb-desktop boxes cases/0001 delete b084-3fa2 b085-90d1
    """
    from vb_desktop.pipeline.correct_boxes import now
    from vb_desktop.pipeline.reader import reader

    _correct(context, lambda book: book.delete(ids, reader(), now()), as_json)


@app.command("undo")
def undo(context: typer.Context, as_json: AsJson = False) -> None:
    """Take the last correction back.

    Example: vb-desktop boxes cases/0001 undo
    """
    _correct(context, lambda book: book.undo(), as_json)


@app.command("redo")
def redo(context: typer.Context, as_json: AsJson = False) -> None:
    """Make the correction again that was taken back last.

    Example: vb-desktop boxes cases/0001 redo
    """
    _correct(context, lambda book: book.redo(), as_json)


def _correct(context: typer.Context, correct: Correct, as_json: bool) -> None:
    from vb_desktop.pipeline.correct_boxes import correct_boxes

    with progress_bar(quiet=as_json) as on_progress:
        case = correct_boxes(context.obj, correct, on_progress)
    if as_json:
        typer.echo(json.dumps(case.record.model_dump(mode="json", by_alias=True), indent=2))
    else:
        typer.echo(summary(case))


def _box(k: int, i: str, j: str) -> Box:
    from vb_desktop.pipeline.case import Box

    (i0, i1), (j0, j1) = _range("--i", i), _range("--j", j)
    return Box(k=k, i0=i0, i1=i1, j0=j0, j1=j1, confidence=1.0, source="reader")


def _range(option: str, text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(\d{1,6})\s*:\s*(\d{1,6})\s*", text)
    if not found or int(found[1]) >= int(found[2]):
        raise typer.BadParameter(f"{option} must be two whole numbers, the first one smaller, such as 110:131")
    return int(found[1]), int(found[2])
