"""Many cases at a glance: one row each, as CSV, XLSX and a page of links to their reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case_folder import Case, read_case
from vb_desktop.pipeline.errors import CaseFolderError, VBError
from vb_desktop.pipeline.report.index_page import index_page
from vb_desktop.pipeline.report.summary_row import COLUMNS as OF_A_CASE
from vb_desktop.pipeline.report.summary_row import summary_row
from vb_desktop.pipeline.spreadsheet import csv_text, write_xlsx

TABLE, WORKBOOK, INDEX = "batch.csv", "batch.xlsx", "index.html"
FAILED = "failed"
COLUMNS = ("case", "source", *(name for name in OF_A_CASE if name != "case_id"), "error")


def empty_row(case: str, source: str = "") -> dict[str, Any]:
    """The row of a case of which nothing is known yet."""
    return dict.fromkeys(COLUMNS, "") | {"case": case, "source": source}


def row_of(case: Case, language: str = "en") -> dict[str, Any]:
    """What `empty_row` lacks of a case that was run; no identity."""
    row = summary_row(case, language)
    del row["case_id"]
    return row


def write_table(folder: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write the CSV alone, as after each case of a batch."""
    write_text(folder / TABLE, csv_text(COLUMNS, rows))
    return folder / TABLE


def write_overview(folder: Path, rows: Sequence[Mapping[str, Any]]) -> list[Path]:
    """Write table, workbook and page into the folder in which the case folders lie.

    Args:
        folder: of the cases.
        rows: `empty_row` with `row_of`; `case` is the name of a case folder in `folder`.
    """
    table = write_table(folder, rows)
    write_xlsx(folder / WORKBOOK, "cases", COLUMNS, rows)
    write_text(folder / INDEX, index_page(folder, rows))
    return [table, folder / WORKBOOK, folder / INDEX]


def overview_of_cases(folder: Path, *, print_reports: bool = False, language: str | None = None) -> list[Path]:
    """The same of case folders that are there already; one that can't be read is a row that says so.

    Args:
        folder: holds case folders.
        print_reports: write every report anew, not only those that are missing.
        language: of reports, location and enhancement; a case's own setting by default.

    Returns:
        Table, workbook and page.

    Raises:
        CaseFolderError: there is no case in the folder, or it can't be written.
    """
    from vb_desktop.pipeline.report.write_report import write_report

    folder = folder.expanduser().absolute()
    rows = []
    for path in sorted(one.parent for one in folder.glob("*/case.json")):
        row = empty_row(path.name)
        try:
            case = read_case(path)
            if print_reports or not (path / "report.pdf").is_file():
                write_report(case, language=language)
            row |= row_of(case, language or "en")
        except VBError as error:
            row |= {"status": FAILED, "error": error.sentence()}
        rows.append(row)
    if not rows:
        raise CaseFolderError("report.no_cases", folder=folder)
    try:
        return write_overview(folder, rows)
    except OSError as error:
        cause = (error.strerror or "the file system refused").rstrip(".")
        raise CaseFolderError("report.no_write", path=str(folder), cause=cause) from error
