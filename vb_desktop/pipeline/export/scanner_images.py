"""The images of the scanner that a case was made from, found again in a folder."""

from __future__ import annotations

import json
from pathlib import Path

from pydicom.dataset import Dataset

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import ExportFailed


def scanner_images(case: Case, folder: Path) -> list[tuple[Path, Dataset]]:
    """The files of the case's series below a folder, in the order of their names.

    Raises:
        ExportFailed: the scan did not come as DICOM, or none of its images is there.
    """
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    source = case.folder / "source_dicom.json"
    if not source.is_file():
        raise ExportFailed("export.no_dicom_source")
    wanted = {one["sop_instance_uid"] for one in json.loads(source.read_text(encoding="utf-8"))["slices"]}
    found: list[tuple[Path, Dataset]] = []
    for path in sorted(p for p in folder.expanduser().rglob("*") if p.is_file()):
        try:
            header = dcmread(path, specific_tags=["SOPInstanceUID"])
            if header.get("SOPInstanceUID") in wanted:
                found.append((path, dcmread(path)))
        except (InvalidDicomError, OSError, ValueError, KeyError):
            continue
    if len({image.SOPInstanceUID for _, image in found}) < len(wanted):
        raise ExportFailed("export.no_images", found=len(found), wanted=len(wanted))
    return found
