"""`vb-desktop series`: what is in a DICOM folder, and which series is the contrast-enhanced T1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vb_desktop.cli.progress_bar import progress_bar
from vb_desktop.pipeline.messages import say

if TYPE_CHECKING:
    from vb_desktop.pipeline.scan_import.series_list import Geometry, ListedSeries


def series(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder with DICOM files, or one DICOM file.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, a list with one object for each series.")] = False,
) -> None:
    """List the DICOM series under PATH by their headers alone: what each is, and how likely it is the T1-CE.

    The likelihood is a sum of signs from 0 to 1, each shown with its weight; it is not a calibrated probability.

    Example: vb-desktop series dicom_folder
    """
    from vb_desktop.pipeline.scan_import.series_list import list_series

    with progress_bar(quiet=as_json) as on_progress:
        found = list_series(path, on_progress)
    if as_json:
        rows = [_row(one, one.uid == found.proposed_uid) for one in found.series]
        typer.echo(json.dumps(rows, indent=2))
        return
    for one in found.series:
        typer.echo("\n".join(_lines(one)))
    typer.echo(say(found.proposal))
    if found.proposed_uid:
        typer.echo(f"UID: {found.proposed_uid}")


def _lines(one: ListedSeries) -> list[str]:
    lines = [f"{one.number:>5}  {one.kind}, {one.modality or 'modality not given'}: {one.description or '-'}"]
    if one.geometry:
        lines.append(_shown(one.geometry, one.images))
        if one.geometry.problem and not one.why_unusable:
            lines.append(f"Can't be stacked: {say(one.geometry.problem)}")
    if one.why_unusable:
        lines.append(f"Not usable: {say(one.why_unusable)}")
    lines.append(f"T1-CE likelihood {one.t1ce.value:.2f}")
    lines += [f"  {reason.weight:+.2f}  {say(reason.message)}" for reason in one.t1ce.reasons]
    lines.append(f"UID {one.uid}")
    return [lines[0], *(f"       {line}" for line in lines[1:]), ""]


def _shown(geometry: Geometry, images: int) -> str:
    spacing = " x ".join("?" if mm is None else f"{mm:.4g}" for mm in geometry.spacing_mm)
    size = f"{geometry.columns} x {geometry.rows} x {geometry.slices}"
    return f"{size} voxels of {spacing} mm, {geometry.orientation or 'orientation unknown'}, {images} images"


def _row(one: ListedSeries, proposed: bool) -> dict[str, Any]:
    geometry = one.geometry
    problem = geometry.problem if geometry else None
    return {
        "uid": one.uid,
        "number": one.number,
        "description": one.description,
        "modality": one.modality,
        "kind": one.kind,
        "images": one.images,
        "matrix": [geometry.columns, geometry.rows, geometry.slices] if geometry else None,
        "spacing_mm": list(geometry.spacing_mm) if geometry else None,
        "orientation": geometry.orientation if geometry else None,
        "geometry_problem": say(problem) if problem else None,
        "t1ce_likelihood": one.t1ce.value,
        "reasons": [
            {"id": reason.message.id, "weight": reason.weight, "sentence": say(reason.message)}
            for reason in one.t1ce.reasons
        ],
        "why_unusable": say(one.why_unusable) if one.why_unusable else None,
        "proposed": proposed,
    }
