"""Open a scan, whatever it comes as: decided by content, never by the name of the file."""

from __future__ import annotations

import stat
from pathlib import Path

from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore
from vb_desktop.pipeline.scan_import.canonical import closest_canonical
from vb_desktop.pipeline.scan_import.checks import check_voxels
from vb_desktop.pipeline.scan_import.content import Content, content_of
from vb_desktop.pipeline.scan_import.nifti import header_beside, read_nifti


def open_scan(path: Path, series_uid: str | None = None, on_progress: OnProgress = ignore) -> Scan:
    """Open one 3D MRI of a head.

    Args:
        path: a NIfTI, NRRD or MetaImage file, a DICOM file with many frames, a folder with DICOM files (subfolders
            included), a DICOMDIR or a zip archive with DICOM files.
        series_uid: the DICOM series to take where there are several.
        on_progress: hears of each step.

    Returns:
        float32 voxels in closest canonical RAS, identity of the patient kept apart.

    Raises:
        UnreadableScan: it is not one readable 3D MRI of a head; says why and what to do next.
    """
    path = Path(path)
    content = content_at(path)
    if content in (Content.DICOM, Content.ZIP):
        from vb_desktop.pipeline.scan_import.dicom import open_dicom

        return open_dicom(path, series_uid, on_progress)
    if series_uid:
        raise UnreadableScan("scan_import.series_of_nifti")
    return _open_file(path, content, on_progress)


def content_at(path: Path) -> Content:
    """What lies there; a folder is taken to hold DICOM.

    Raises:
        UnreadableScan: nothing, nothing that can be read, or something else.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return Content.DICOM
        if not stat.S_ISREG(mode):
            raise UnreadableScan("scan_import.not_a_file")
        return Content.NIFTI if header_beside(path) else content_of(path)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in the path
        raise UnreadableScan("scan_import.missing") from error
    except OSError as error:
        raise UnreadableScan("scan_import.no_access", cause=error.strerror or "it is refused") from error


def _open_file(path: Path, content: Content, on_progress: OnProgress) -> Scan:
    on_progress(Progress(Stage.OPEN, None, "Reading the scan"))
    if content is Content.NIFTI:
        image = read_nifti(header_beside(path) or path)
    else:
        from vb_desktop.pipeline.scan_import.itk_image import read_itk

        image = read_itk(path, content)
    _, remarks = check_voxels(image.volume.voxels)
    volume, _ = closest_canonical(image.volume)
    return Scan(
        volume=volume,
        technique=image.technique,
        remarks=image.remarks + remarks,
        synthetic=image.synthetic,
    )
