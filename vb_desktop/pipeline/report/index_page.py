"""The page that leads to the reports of many cases: plain HTML, nothing from a network, links within the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vb_desktop.pipeline.messages import Message, say
from vb_desktop.pipeline.report.words import Words

WORDS = Words("en")
_SHOWN = (
    ("status", "Status"), ("class", "Most probable class"), ("probability", "Probability"),
    ("set90", "90 % prediction set"), ("volume_ml", "Volume, mL"), ("diameter_long_mm", "Longest diameter, mm"),
    ("side", "Side"), ("location", "Location"), ("red_gates", "Red gates"), ("amber_gates", "Amber gates"),
    ("signed", "Signed"),
)  # fmt: skip
_FIGURES = frozenset({"probability", "volume_ml", "diameter_long_mm"})
_STATUS = {"done": "done", "no_tumour_found": "no tumour found", "withheld": "withheld", "partial": "not finished"}
_STYLE = """
body{font:15px/1.45 "Noto Sans","Segoe UI",Helvetica,Arial,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;
color:#1c2126;background:#fff}
h1{font-size:1.5rem;margin:0 0 .2rem}p{margin:.2rem 0 .8rem}.note{font-weight:600}
table{border-collapse:collapse;width:100%;font-size:.87rem}
th{text-align:left;border-bottom:2px solid #1c2126;padding:.35rem .6rem;vertical-align:bottom}
td{border-bottom:1px solid #c9ced3;padding:.35rem .6rem;vertical-align:top;overflow-wrap:break-word}
td:first-child{min-width:8em;max-width:16em}.figure{text-align:right}
td.figure{font-variant-numeric:tabular-nums;white-space:nowrap}
tr.failed td{background:#fdf0ef}tr.withheld td{background:#fff7e6}a{color:#0b5cad}
@media (prefers-color-scheme:dark){body{background:#171a1d;color:#e6e9ec}th{border-color:#e6e9ec}
td{border-color:#3a4148}a{color:#7cb8f2}tr.failed td{background:#3a2322}tr.withheld td{background:#3a3120}}
@media print{@page{size:A4 landscape;margin:12mm}body{margin:0;max-width:none;font-size:9pt;color:#000;background:#fff}
thead{display:table-header-group}tr{break-inside:avoid}a{color:#000;text-decoration:none}
tr.failed td,tr.withheld td{background:#fff}}
"""


def index_page(folder: Path, rows: Sequence[Mapping[str, Any]]) -> str:
    """The page as text; every text from outside is escaped.

    Args:
        folder: in which the page and the case folders lie; a link is made to a report that is there.
        rows: as of `overview`.
    """
    head = "".join(
        f'<th scope="col"{_figure(name)}>{escape(title)}</th>' for name, title in (("case", "Case"), *_SHOWN)
    )
    body = "\n".join(_row(folder, row) for row in rows)
    notes = [say(Message("case.research_use"))]
    notes += [say(Message("case.demo_model"))] if any(row.get("demonstration_model") is True for row in rows) else []
    notes += [say(Message("case.synthetic"))] if any(row.get("synthetic") is True for row in rows) else []
    failed = sum(row.get("status") == "failed" for row in rows)
    count = f"{len(rows)} cases" if len(rows) != 1 else "1 case"
    if failed:
        count += f", {failed} of them failed"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Virtual Biopsy Desktop: {escape(count)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Virtual Biopsy Desktop: {escape(count)}</h1>
{"".join(f'<p class="note">{escape(note)}</p>' for note in notes)}
<p>Names of cases are those of their folders. All figures: <a href="batch.xlsx">batch.xlsx</a>,
<a href="batch.csv">batch.csv</a>.</p>
<table>
<caption hidden>One row for each case</caption>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</body>
</html>
"""


def _row(folder: Path, row: Mapping[str, Any]) -> str:
    name = str(row["case"])
    told = escape(name)
    if (folder / name / "report.pdf").is_file():
        told = f'<a href="{escape(quote(name))}/report.pdf">{told}</a>'
    status = str(row.get("status", ""))
    if error := str(row.get("error", "")):
        cells = f'<td>{escape(status)}</td><td colspan="{len(_SHOWN) - 1}">{escape(error)}</td>'
    else:
        cells = "".join(f"<td{_figure(key)}>{escape(_said(key, row.get(key, '')))}</td>" for key, _ in _SHOWN)
    return f'<tr class="{escape(status)}"><td>{told}</td>{cells}</tr>'


def _figure(name: str) -> str:
    return ' class="figure"' if name in _FIGURES else ""


def _said(key: str, value: Any) -> str:
    if key == "status":
        return _STATUS.get(str(value), str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key == "probability" and isinstance(value, int | float):
        return WORDS.percent(float(value))
    if key in ("class", "set90"):
        return ", ".join(WORDS.known(f"class.in_text.{name}", name) for name in str(value).split(", ") if name)
    if key in ("red_gates", "amber_gates"):
        return str(value).replace("_", " ")
    return f"{value:.1f}" if isinstance(value, float) else str(value)
