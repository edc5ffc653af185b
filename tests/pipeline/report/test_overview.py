"""Many cases at a glance."""

from __future__ import annotations

import csv
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.overview import COLUMNS, empty_row, row_of, write_overview

NASTY = '<img src="http://x" onerror=1>&'


class Page(HTMLParser):
    """Tags, links and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for key, value in attrs if key in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_table_workbook_and_page_say_the_same(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case("a b#1")
    (case.folder / "report.pdf").write_bytes(b"%PDF-")
    rows = [
        empty_row("a b#1", "scan.nii.gz") | row_of(case),
        empty_row("broken", "=1+1") | {"status": "failed", "error": NASTY},
    ]
    table, workbook, index = write_overview(tmp_path, rows)
    with table.open() as file:
        read = list(csv.DictReader(file))
    sheet = [list(row) for row in load_workbook(workbook).active.iter_rows(values_only=True)]
    assert tuple(read[0]) == tuple(sheet[0]) == COLUMNS
    first = dict(zip(COLUMNS, sheet[1], strict=True))
    assert first["probability"] == first["pcnsl"] == 0.6832 and read[0]["probability"] == "0.6832"
    assert isinstance(first["volume_ml"], float) and first["synthetic"] is True
    assert read[1]["source"] == sheet[2][1] == "'=1+1"
    page = Page(index.read_text())
    assert page.links == ["batch.xlsx", "batch.csv", "a%20b%231/report.pdf"]
    assert "script" not in page.tags and "img" not in page.tags
    text = "".join(page.text)
    for part in (NASTY, "68\xa0%", "PCNSL, glioma", "Research use only", "1 of them failed"):
        assert part in text
    assert "Doe" not in text + table.read_text() and "MRN" not in text + table.read_text()


def test_cases_that_are_there_already(
    make_case: Callable[..., Case], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_case("one", spacing=(6.0, 6.0, 8.0))
    (tmp_path / "two").mkdir()
    (tmp_path / "two/case.json").write_text("{}")
    assert run_app(["overview", str(tmp_path)]) == 0
    assert (tmp_path / "one/report.pdf").read_bytes()[:5] == b"%PDF-"
    with (tmp_path / "batch.csv").open() as file:
        assert [(row["case"], row["status"]) for row in csv.DictReader(file)] == [("one", "done"), ("two", "failed")]
    assert run_app(["overview", str(tmp_path / "one")]) == 1
    assert "holds no case" in capsys.readouterr().err
