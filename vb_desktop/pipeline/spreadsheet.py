"""Tables for spreadsheets: CSV and XLSX, in which no text can become a formula."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.atomic import atomic_path

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60
"""Characters."""


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as CSV, with the columns' names first."""
    text = StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows([{key: harmless(cell) for key, cell in row.items()} for row in rows])
    return text.getvalue()


def write_xlsx(path: Path, title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write one sheet: figures as figures, the names of the columns kept in sight, and a filter on each."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(list(columns))
    for row in rows:
        cells = [harmless(row.get(name, "")) for name in columns]
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in cells])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for at, name in enumerate(columns, start=1):
        longest = max([len(name), *(len(str(row.get(name, ""))) for row in rows)])
        sheet.column_dimensions[get_column_letter(at)].width = min(_WIDEST, longest + 2)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    with atomic_path(path) as temporary:
        book.save(temporary)


def harmless(cell: Any) -> Any:
    """Words from outside must not become a formula when a spreadsheet opens the table."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in _FORMULA else cell
