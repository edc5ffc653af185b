"""`vb-desktop export`: what leaves a case, for the hospital or for research."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="A case folder.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; no file there is replaced.")],
    dicom_seg: Annotated[bool, typer.Option("--dicom-seg", help="The localised region as DICOM segmentation.")] = False,
    dicom_sr: Annotated[bool, typer.Option("--dicom-sr", help="Measurements as DICOM structured report.")] = False,
    dicom_pdf: Annotated[bool, typer.Option("--dicom-pdf", help="The report as DICOM encapsulated PDF.")] = False,
    dicom_key: Annotated[
        bool, typer.Option("--dicom-key", help="The report's pictures as DICOM secondary captures.")
    ] = False,
    nifti: Annotated[bool, typer.Option("--nifti", help="Scan, priors and heatmaps in native space.")] = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Measurements and boxes as tables, case.json beside them.")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="The report as PDF.")] = False,
    png: Annotated[bool, typer.Option("--png", help="The report's pictures as PNG; the ID stands in them.")] = False,
    images: Annotated[
        Path | None,
        typer.Option("--images", metavar="FOLDER", help="The DICOM series of the scan, to be exported too."),
    ] = None,
    deidentify: Annotated[
        bool,
        typer.Option("--deidentify", help="Without identity (DICOM PS3.15 Annex E), searched before it is written."),
    ] = False,
    pseudonym: Annotated[
        str, typer.Option("--pseudonym", help="With --deidentify: instead of name and ID; by default drawn by lot.")
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="With --deidentify: file that leads back to the patient."),
    ] = None,
) -> None:
    """Export a case. DICOM objects and PDF hold the patient's identity, unless it is taken out.

    Example: vb-desktop export cases/0001 --dicom-seg --pdf --deidentify exported
    """
    if (pseudonym or key is not None) and not deidentify:
        raise typer.BadParameter("--pseudonym and --key go with --deidentify")

    from vb_desktop.pipeline.case_folder import read_case
    from vb_desktop.pipeline.export.export_case import KINDS, Deidentified, export_case
    from vb_desktop.pipeline.reader import reader

    wanted = dict(zip(KINDS, (dicom_seg, dicom_sr, dicom_pdf, dicom_key, nifti, csv, pdf, png), strict=True))
    how = Deidentified(pseudonym=pseudonym, key=key) if deidentify else None
    kinds = [kind for kind in KINDS if wanted[kind]]
    for path in export_case(read_case(case), folder, kinds, by=reader(), deidentified=how, images=images):
        typer.echo(f"Written: {path}")
