"""`vb-desktop series`: what is in a folder, a zip or a DICOMDIR, and which series is the contrast-enhanced T1.

As JSON it is one object:
    schema: 1
    files: how many files there are, DICOM or not.
    remarks: sentences on files that were left out, each {id, sentence}.
    proposal: {id, sentence}.
    proposed_id: id of the volume that is clearly the contrast-enhanced T1, or null.
    volumes: one object for each, in the order of the series numbers:
        id: what --series takes; series UID, with # and a number where the series holds several volumes.
        series_uid, series_number, description, part, study, acquired, modality, kind, images.
        technique: repetition_time_ms and so on, what the header has.
        matrix: columns, rows, slices; spacing_mm: the same order, null where unknown or uneven; orientation.
        geometry_problem: why the slices can't be stacked, {id, sentence} or null.
        t1ce_likelihood: sum of the weights from 0 to 1; reasons: each {id, weight, sentence}.
        why_unusable: {id, sentence} or null; remarks: each {id, sentence}.
        proposed: whether it is the proposed one.
        thumbnail: name of its file in the folder given with --thumbnails, or null.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vb_desktop.cli.progress_bar import progress_bar
from vb_desktop.pipeline.messages import Message, say

if TYPE_CHECKING:
    from vb_desktop.pipeline.scan_import.series_list import Geometry, ListedVolume, SeriesList

_WIDE, _NARROWEST_WITH_TIMES = 160, 130
_FILE, _NEW_FOLDER = 0o600, 0o700


def series(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="A folder, zip or DICOMDIR with DICOM files, one DICOM file, or NIfTI."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with one object for each volume.")] = False,
    thumbnails: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a small picture (PNG) of each volume into this folder.")
    ] = None,
) -> None:
    """List the series under PATH and the volumes in them: what each is, and how likely it is the T1-CE.

    Only headers are read. The likelihood is a sum of signs from 0 to 1, each shown with its weight; it is not a
    calibrated probability. Descriptions and pictures may show the patient's identity.

    Example: vb-desktop series study.zip --thumbnails pictures
    """
    from vb_desktop.pipeline.scan_import.series_list import list_series

    with progress_bar(quiet=as_json) as on_progress:
        found = list_series(path, on_progress)
    pictures = _write_thumbnails(found, thumbnails) if thumbnails else {}
    if as_json:
        typer.echo(json.dumps(_document(found, pictures), indent=2))
        return
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = _WIDE
    console.print(_table(found, with_times=console.width >= _NARROWEST_WITH_TIMES))
    for one in found.volumes:
        console.print(Text("\n".join([*_lines(one), ""])), soft_wrap=True)
    for remark in found.remarks:
        console.print(Text(say(remark)), soft_wrap=True)
    console.print(Text(say(found.proposal)), soft_wrap=True)
    if found.proposed_id:
        console.print(Text(f"--series {found.proposed_id}"), soft_wrap=True)


def _table(found: SeriesList, *, with_times: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    several = len({one.study for one in found.volumes}) > 1
    for name, right in (
        *((("Study", True),) if several else ()),
        ("Series", True),
        ("What", False),
        ("Description", False),
        ("Matrix", True),
        ("Voxel, mm", True),
        ("Plane", False),
        *((("TR / TE / TI, ms", True),) if with_times else ()),
        ("T1-CE", True),
        ("", False),
    ):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for one in found.volumes:
        geometry = one.geometry
        cells = [
            *([str(one.study)] if several else []),
            one.number,
            _what(one),
            one.description,
            f"{geometry.columns} x {geometry.rows} x {geometry.slices}" if geometry else "",
            _spacing(geometry) if geometry else "",
            geometry.orientation if geometry else "",
            *([_times(one)] if with_times else []),
            f"{one.t1ce.value:.2f}",
            _state(one, one.id == found.proposed_id),
        ]
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _lines(one: ListedVolume) -> list[str]:
    """The reasons of one volume, and what names it."""
    lines = [f"Series {one.number or '-'}{f', {one.part}' if one.part else ''}, {one.images} images"]
    if one.why_unusable:
        lines.append(f"Not usable: {say(one.why_unusable)}")
    elif one.geometry and one.geometry.problem:
        lines.append(f"Can't be stacked: {say(one.geometry.problem)}")
    lines += [say(remark) for remark in one.remarks]
    lines += [f"{reason.weight:+.2f}  {say(reason.message)}" for reason in one.t1ce.reasons]
    if one.id:
        lines.append(f"--series {one.id}")
    return [lines[0], *(f"    {line}" for line in lines[1:])]


def _what(one: ListedVolume) -> str:
    return f"{one.kind}, {one.part}" if one.part else one.kind


def _spacing(geometry: Geometry) -> str:
    return " x ".join("?" if mm is None else f"{mm:.3g}" for mm in geometry.spacing_mm)


def _times(one: ListedVolume) -> str:
    values = [one.technique.get(f"{name}_time_ms") for name in ("repetition", "echo", "inversion")]
    return " / ".join("-" if value is None else f"{value:.4g}" for value in values) if any(values) else ""


def _state(one: ListedVolume, proposed: bool) -> str:
    if one.why_unusable:
        return "not usable"
    if one.geometry and one.geometry.problem:
        return "can't be stacked"
    if proposed:
        return "proposed"
    return "check" if one.remarks else ""


def _document(found: SeriesList, pictures: dict[str, str]) -> dict[str, Any]:
    return {
        "schema": 1,
        "files": found.files,
        "remarks": [_said(remark) for remark in found.remarks],
        "proposal": _said(found.proposal),
        "proposed_id": found.proposed_id,
        "volumes": [_row(one, one.id == found.proposed_id, pictures.get(one.id)) for one in found.volumes],
    }


def _row(one: ListedVolume, proposed: bool, picture: str | None) -> dict[str, Any]:
    geometry = one.geometry
    problem = geometry.problem if geometry else None
    return {
        "id": one.id,
        "series_uid": one.uid,
        "series_number": one.number,
        "description": one.description,
        "part": one.part,
        "study": one.study,
        "acquired": one.acquired,
        "modality": one.modality,
        "kind": one.kind,
        "images": one.images,
        "technique": one.technique,
        "matrix": [geometry.columns, geometry.rows, geometry.slices] if geometry else None,
        "spacing_mm": list(geometry.spacing_mm) if geometry else None,
        "orientation": geometry.orientation if geometry else None,
        "geometry_problem": _said(problem) if problem else None,
        "t1ce_likelihood": one.t1ce.value,
        "reasons": [_said(reason.message) | {"weight": reason.weight} for reason in one.t1ce.reasons],
        "why_unusable": _said(one.why_unusable) if one.why_unusable else None,
        "remarks": [_said(remark) for remark in one.remarks],
        "proposed": proposed,
        "thumbnail": picture,
    }


def _said(message: Message) -> dict[str, Any]:
    return {"id": message.id, "sentence": say(message)}


def _write_thumbnails(found: SeriesList, folder: Path) -> dict[str, str]:
    """Write the pictures; their names are places in the list, since descriptions may hold identity."""
    from PIL import Image

    from vb_desktop.pipeline.scan_import.thumbnails import thumbnails

    folder.mkdir(mode=_NEW_FOLDER, parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for n, one in enumerate(thumbnails(found), start=1):
        if one.pixels is not None:
            names[one.id] = f"volume_{n:03d}.png"
            file = folder / names[one.id]
            file.touch(mode=_FILE)
            Image.fromarray(one.pixels).save(file)
    return names
