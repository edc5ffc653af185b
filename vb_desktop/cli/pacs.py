"""`vb-desktop pacs`: the hospital's archive, where its settings name one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vb_desktop.pipeline.pacs.pacs import Pacs

app = typer.Typer(no_args_is_help=True, help="Query an archive, retrieve from it and store into it; see docs/pacs.md.")


class Way(StrEnum):
    """How an archive is spoken to."""

    dimse = "dimse"
    web = "web"


Settings = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE.toml", help="Of the archive; by default the user's own.")
]
Chosen = Annotated[Way | None, typer.Option("--way", help="DICOM's network services or DICOMweb, where both are set.")]


@app.command()
def echo(settings: Settings = None, way: Chosen = None) -> None:
    """See whether the archive answers.

    Example: vb-desktop pacs echo
    """
    _open(settings, way).echo()
    typer.echo("The archive answers.")


@app.command()
def find(
    patient_id: Annotated[str, typer.Option("--patient-id", help="Whole.")] = "",
    patient_name: Annotated[str, typer.Option("--patient-name", help="As DICOM writes it; * for the rest.")] = "",
    date: Annotated[str, typer.Option("--date", metavar="YYYYMMDD[-YYYYMMDD]", help="Of the study.")] = "",
    accession: Annotated[str, typer.Option("--accession", help="Accession number.")] = "",
    modality: Annotated[str, typer.Option("--modality", help="Such as MR.")] = "",
    study: Annotated[str, typer.Option("--study", metavar="UID", help="List the series of one study.")] = "",
    settings: Settings = None,
    way: Chosen = None,
) -> None:
    """Studies of the archive, or the series of one, as lines of JSON. They hold patients' identity.

    Example: vb-desktop pacs find --patient-id 4711 --modality MR
    """
    from vb_desktop.pipeline.pacs.pacs import Query

    if not any((patient_id, patient_name, date, accession, study)):
        raise typer.BadParameter("ask for a patient, a date, an accession number or a study")
    query = Query(
        patient_id=patient_id, patient_name=patient_name, study_date=date, accession_number=accession,
        modality=modality, study_uid=study,
    )  # fmt: skip
    for answer in _open(settings, way).find(query):
        typer.echo(json.dumps(asdict(answer), ensure_ascii=False))


@app.command()
def get(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write, a file each.")],
    study: Annotated[str, typer.Option("--study", metavar="UID", help="Of the study.")],
    series: Annotated[str, typer.Option("--series", metavar="UID", help="One series of it.")] = "",
    settings: Settings = None,
    way: Chosen = None,
) -> None:
    """Fetch a study or a series.

    Example: vb-desktop pacs get incoming/4711 --study 1.2.840.1 --series 1.2.840.2
    """
    paths = _open(settings, way).get(study, series, folder)
    typer.echo(f"{len(paths)} objects in {folder}")


@app.command()
def send(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="DICOM files, or folders with some.")],
    settings: Settings = None,
    way: Chosen = None,
) -> None:
    """Store DICOM objects, such as exported ones, in the archive.

    Example: vb-desktop pacs send exported
    """
    count = _open(settings, way).send(list(_files(paths)))
    typer.echo(f"{count} objects stored")


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (one for one in sorted(path.rglob("*")) if one.is_file() and _is_dicom(one))
        else:
            yield path


def _is_dicom(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def _open(settings: Path | None, way: Way | None) -> Pacs:
    from vb_desktop.pipeline.pacs.pacs import open_pacs
    from vb_desktop.pipeline.pacs.settings import read_settings

    return open_pacs(read_settings(settings), None if way is None else way.value)
