"""From a case to its PDF."""

from __future__ import annotations

from pathlib import Path

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.provenance import settings
from vb_desktop.pipeline.report.report import compose


def write_report(case: Case, path: Path | None = None, language: str | None = None) -> Path:
    """Write the report of a case.

    Args:
        case: as read from its folder.
        path: of the PDF; `report.pdf` in the case folder by default.
        language: of the report; the case's own setting by default.

    Returns:
        The path of the PDF. It holds the identity of the patient.

    Raises:
        CaseFolderError: a volume of the case is damaged, or the PDF can't be written there.
    """
    from vb_desktop.pipeline.errors import CaseFolderError
    from vb_desktop.pipeline.report.pdf import draw

    target = case.folder / "report.pdf" if path is None else path
    report = compose(case, language or str(settings(case).get("report.language", "en")))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draw(report, case, target)
    except OSError as error:
        cause = (error.strerror or "the file system refused").rstrip(".")
        raise CaseFolderError("report.no_write", path=str(target), cause=cause) from error
    return target
