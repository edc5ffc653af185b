"""Write what was chosen of a case to a folder, all of it or nothing."""

from __future__ import annotations

import secrets
import shutil
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import uuid4

from pydicom.dataset import Dataset

from vb_desktop.pipeline.case_folder import Case, append_log
from vb_desktop.pipeline.errors import ExportFailed

Kind = Literal["dicom-seg", "dicom-sr", "dicom-pdf", "dicom-key", "nifti", "csv", "pdf", "png"]
KINDS: tuple[Kind, ...] = ("dicom-seg", "dicom-sr", "dicom-pdf", "dicom-key", "nifti", "csv", "pdf", "png")
DICOM: frozenset[str] = frozenset({"dicom-seg", "dicom-sr", "dicom-pdf", "dicom-key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deidentified:
    """How an export is to be de-identified.

    Attributes:
        pseudonym: what name, patient ID and names of files become; empty: one is drawn by lot.
        key: file outside of the export that leads from the pseudonym back to the patient; None: nothing does.
    """

    pseudonym: str = ""
    key: Path | None = None


def export_case(
    case: Case, folder: Path, kinds: Collection[Kind], by: str = "", *, deidentified: Deidentified | None = None,
    images: Path | None = None,
) -> list[Path]:  # fmt: skip
    """Export a case.

    Args:
        case: as read.
        folder: made where it is missing; no file in it is ever replaced.
        kinds: what to write. A structured report refers to a segmentation, so it comes with one.
        by: who exports (pseudonym), for the log.
        deidentified: without identity, by DICOM PS3.15 Annex E; None: with it.
        images: folder of the DICOM series that the scan came from: its images are exported too.

    Returns:
        The files, in the order in which they were asked for.

    Raises:
        ExportFailed: the case has nothing of that kind, did not come from DICOM, or the folder can't be written; or a
            string of the source's identity was left, so that nothing was written.
    """
    if not kinds and images is None:
        raise ExportFailed("export.nothing_chosen")
    folder = folder.expanduser().absolute()
    work = folder / f".{uuid4().hex[:12]}.tmp"
    try:
        work.mkdir(parents=True)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the libraries' warnings quote the patient's name
                if deidentified is None:
                    write_kinds(case, work, kinds)
                    _copy_images(case, work, images)
                else:
                    from vb_desktop.pipeline.export.deidentified_export import write_deidentified

                    pseudonym = deidentified.pseudonym.strip() or f"VB-{secrets.token_hex(4).upper()}"
                    write_deidentified(case, work, kinds, pseudonym, deidentified.key, images, folder)
            written = _publish(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise ExportFailed("export.no_write", folder=folder, cause=error.strerror or "it is refused") from error
    told = [kind for kind in KINDS if kind in kinds]
    append_log(case.folder, "exported", kinds=told, by=by, deidentified=deidentified is not None)
    return written


def write_kinds(case: Case, folder: Path, kinds: Collection[Kind]) -> None:
    """Write every kind that was asked for.

    Raises:
        ExportFailed: the case has nothing of that kind, or did not come from DICOM.
    """
    from vb_desktop.pipeline.export.research_files import export_tables, export_volumes

    stem = case.record.case_id
    if DICOM & set(kinds):
        from vb_desktop.pipeline.export.encapsulated_pdf import encapsulated_pdf
        from vb_desktop.pipeline.export.key_images import secondary_captures
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
        if "dicom-key" in kinds:
            for number, capture in enumerate(secondary_captures(case, source), start=1):
                _save(capture, folder / f"{stem}_key_{number:02d}.dcm")
    if "nifti" in kinds:
        export_volumes(case, folder)
    if "csv" in kinds:
        export_tables(case, folder)
    if "pdf" in kinds:
        report = case.folder / "report.pdf"
        if not report.is_file():
            raise ExportFailed("export.no_report")
        shutil.copyfile(report, folder / f"{stem}_report.pdf")
    if "png" in kinds:
        from vb_desktop.pipeline.export.key_images import export_pictures

        export_pictures(case, folder)


def _copy_images(case: Case, folder: Path, images: Path | None) -> None:
    if images is None:
        return
    from vb_desktop.pipeline.export.scanner_images import scanner_images

    for path, _ in scanner_images(case, images):
        target = folder / path.name
        if target.exists():
            target = folder / f"{uuid4().hex[:8]}_{path.name}"
        shutil.copyfile(path, target)


def _save(dataset: Dataset, path: Path) -> None:
    dataset.save_as(path, enforce_file_format=True)


def _publish(work: Path, folder: Path) -> list[Path]:
    made = sorted(work.iterdir())
    for path in made:
        if (folder / path.name).exists():
            raise ExportFailed("export.exists", name=path.name, folder=folder)
    return [path.rename(folder / path.name) for path in made]
