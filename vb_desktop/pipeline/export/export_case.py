"""Write what was chosen of a case to a folder, all of it or nothing."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Collection
from pathlib import Path
from typing import Literal
from uuid import uuid4

from pydicom.dataset import Dataset

from vb_desktop.pipeline.case_folder import Case, append_log
from vb_desktop.pipeline.errors import ExportFailed

Kind = Literal["dicom-seg", "dicom-sr", "dicom-pdf", "nifti", "csv"]
KINDS: tuple[Kind, ...] = ("dicom-seg", "dicom-sr", "dicom-pdf", "nifti", "csv")


def export_case(case: Case, folder: Path, kinds: Collection[Kind], by: str = "") -> list[Path]:
    """Export a case.

    Args:
        case: as read.
        folder: made where it is missing; no file in it is ever replaced.
        kinds: what to write. A structured report refers to a segmentation, so it comes with one.
        by: who exports (pseudonym), for the log.

    Returns:
        The files, in the order in which they were asked for.

    Raises:
        ExportFailed: the case has nothing of that kind, did not come from DICOM, or the folder can't be written.
    """
    if not kinds:
        raise ExportFailed("export.nothing_chosen")
    folder = folder.expanduser().absolute()
    work = folder / f".{uuid4().hex[:12]}.tmp"
    try:
        work.mkdir(parents=True)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the libraries' warnings quote the patient's name
                _write(case, work, kinds)
            written = _publish(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise ExportFailed("export.no_write", folder=folder, cause=error.strerror or "it is refused") from error
    append_log(case.folder, "exported", kinds=[kind for kind in KINDS if kind in kinds], by=by)
    return written


def _write(case: Case, folder: Path, kinds: Collection[Kind]) -> None:
    from vb_desktop.pipeline.export.research_files import export_tables, export_volumes

    stem = case.record.case_id
    if {"dicom-seg", "dicom-sr", "dicom-pdf"} & set(kinds):
        from vb_desktop.pipeline.export.encapsulated_pdf import encapsulated_pdf
        from vb_desktop.pipeline.export.measurement_report import measurement_report
        from vb_desktop.pipeline.export.segmentation import segmentation
        from vb_desktop.pipeline.export.source_images import read_source

        source = read_source(case)
        if {"dicom-seg", "dicom-sr"} & set(kinds):
            region = segmentation(case, source)
            _save(region, folder / f"{stem}_seg.dcm")
            if "dicom-sr" in kinds:
                _save(measurement_report(case, source, region), folder / f"{stem}_sr.dcm")
        if "dicom-pdf" in kinds:
            _save(encapsulated_pdf(case, source), folder / f"{stem}_report.dcm")
    if "nifti" in kinds:
        export_volumes(case, folder)
    if "csv" in kinds:
        export_tables(case, folder)


def _save(dataset: Dataset, path: Path) -> None:
    dataset.save_as(path, enforce_file_format=True)


def _publish(work: Path, folder: Path) -> list[Path]:
    made = sorted(work.iterdir())
    for path in made:
        if (folder / path.name).exists():
            raise ExportFailed("export.exists", name=path.name, folder=folder)
    return [path.rename(folder / path.name) for path in made]
