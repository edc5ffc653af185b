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
    nifti: Annotated[bool, typer.Option("--nifti", help="Scan, priors and heatmaps in native space.")] = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Measurements and boxes as tables, case.json beside them.")
    ] = False,
) -> None:
    """Export a case. DICOM objects hold the patient's identity and refer to the source series.

    Example: vb-desktop export cases/0001 --dicom-seg --dicom-sr exported
    """
    from vb_desktop.pipeline.case_folder import read_case
    from vb_desktop.pipeline.export.export_case import KINDS, export_case
    from vb_desktop.pipeline.reader import reader

    wanted = dict(zip(KINDS, (dicom_seg, dicom_sr, dicom_pdf, nifti, csv), strict=True))
    for path in export_case(read_case(case), folder, [kind for kind in KINDS if wanted[kind]], by=reader()):
        typer.echo(f"Written: {path}")
