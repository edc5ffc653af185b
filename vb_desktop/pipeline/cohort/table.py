"""Tables of a cohort: CSV, TSV and XLSX with columns under the usual names."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from vb_desktop.pipeline.errors import CohortError

MAX_BYTES = 50 * 2**20
MAX_UNPACKED_BYTES = 400 * 2**20
MAX_ROWS = 200_000
ENDINGS = (".csv", ".tsv", ".xlsx")
COLUMNS: dict[str, tuple[str, ...]] = {
    "path": ("path", "file", "filename", "filepath", "image", "imagepath", "scan", "t1ce", "t1c", "t1gd", "nifti",
             "volume", "路径", "文件", "文件名"),
    "label": ("label", "class", "diagnosis", "pathology", "histology", "category", "tumor", "tumour", "tumortype",
              "tumourtype", "group", "type", "诊断", "病理", "类别", "标签"),
    "patient": ("patient", "patientid", "subject", "subjectid", "participantid", "participant", "pid", "患者",
                "患者编号"),
    "name": ("case", "caseid", "id", "name", "编号", "病例"),
    "age": ("age", "ageyears", "patientage", "年龄"),
    "sex": ("sex", "gender", "patientsex", "性别"),
    "input_space": ("inputspace", "space"),
    "truth": ("truth",),
}  # fmt: skip
"""What is needed -> headers that mean it; compared without case and signs. Earlier ones win."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what is needed -> text; and its number as a spreadsheet shows it."""

    number: int
    values: dict[str, str]

    def get(self, key: str) -> str:
        """Stripped text; empty where there is none."""
        return self.values.get(key, "").strip()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file and which columns it has."""

    file: Path
    columns: frozenset[str]
    rows: tuple[Row, ...]


def read_table(file: Path) -> Table:
    """Read a table.

    Raises:
        CohortError: it is too large or not what its ending says.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise CohortError("cohort.table_unreadable", table=file.name, cause=f"larger than {MAX_BYTES >> 20} MB")
        lines = _sheet(file) if file.suffix.lower() == ".xlsx" else _text(file)
    except CohortError:
        raise
    except Exception as error:  # whatever a damaged spreadsheet makes its reader say
        cause = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise CohortError("cohort.table_unreadable", table=file.name, cause=cause[:200]) from error
    if not lines:
        return Table(file, frozenset(), ())
    places = _places(lines[0])
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        values = {key: line[place] for key, place in places.items() if place < len(line)}
        if any(value.strip() for value in values.values()):
            rows.append(Row(number, values))
    return Table(file, frozenset(places), tuple(rows))


def _places(header: list[str]) -> dict[str, int]:
    plain = [re.sub(r"[\W_]+", "", name).lower() for name in header]
    places = {}
    for key, names in COLUMNS.items():
        for name in names:
            if name in plain:
                places[key] = plain.index(name)
                break
    return places


def _text(file: Path) -> list[list[str]]:
    raw = file.read_bytes()
    if b"\0" in raw[:1000] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CohortError("cohort.table_unreadable", table=file.name, cause="it is no text")
    for encoding in ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030", "latin-1"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CohortError("cohort.table_unreadable", table=file.name, cause="its characters have no known encoding")
    first = text.split("\n", 1)[0]
    delimiter = max("\t;,|", key=first.count)
    lines = []
    for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        lines.append(line)
        if len(lines) > MAX_ROWS:
            raise CohortError("cohort.table_unreadable", table=file.name, cause=f"more than {MAX_ROWS} rows")
    return lines


def _sheet(file: Path) -> list[list[str]]:
    """The first sheet that has more than one line."""
    import openpyxl

    with zipfile.ZipFile(file) as archive:  # a small file can unpack to anything
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise CohortError("cohort.table_unreadable", table=file.name, cause="it unpacks to too much")
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            lines = []
            for line in sheet.iter_rows(values_only=True, max_row=MAX_ROWS, max_col=500):
                lines.append(["" if value is None else str(value) for value in line])
            if len(lines) > 1:
                return lines
    finally:
        book.close()
    return []
