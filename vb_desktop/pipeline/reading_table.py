"""What readers measured and rated, as tables: one row an entry, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case_folder import read_record
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.reading import Reading, read_reading

MEASUREMENTS = ("case_id", "plane", "space", "length_mm", "second_mm", "product_mm2", "volume_ml", "reader", "time")
RATINGS = ("case_id", "evidence", "score", "class", "confidence", "before_result", "reader", "time")


def measurement_rows(case_id: str, reading: Reading) -> list[dict[str, str]]:
    """The reader's lines, two-diameter measurements and region of a case."""
    rows = []
    for item in reading.measurements:
        lengths = [f"{line.length_mm:.1f}" for line in item.lines]
        product = "" if item.product_mm2 is None else f"{item.product_mm2:.0f}"
        rows.append(
            {
                "case_id": case_id, "plane": item.plane, "space": item.space, "length_mm": lengths[0],
                "second_mm": lengths[1] if len(lengths) == 2 else "", "product_mm2": product,
                "reader": item.author, "time": item.time,
            }
        )  # fmt: skip
    if (region := reading.region) is not None:
        rows.append(
            {
                "case_id": case_id, "space": "native", "volume_ml": f"{region.volume_ml:.2f}",
                "reader": region.author, "time": region.time,
            }
        )  # fmt: skip
    return rows


def rating_rows(case_id: str, reading: Reading) -> list[dict[str, str]]:
    """Plausibility ratings of a case, and the impression as a row of its own."""
    rows = [
        {
            "case_id": case_id, "evidence": rating.of, "score": str(rating.score), "reader": rating.author,
            "time": rating.time,
        }
        for rating in reading.ratings
    ]  # fmt: skip
    if (said := reading.impression) is not None:
        rows.append(
            {
                "case_id": case_id, "evidence": "impression", "class": said.class_, "confidence": said.confidence,
                "before_result": "yes" if said.before_result else "no", "reader": said.author, "time": said.time,
            }
        )  # fmt: skip
    return rows


def ratings_of(folders: Iterable[Path]) -> list[dict[str, str]]:
    """The ratings of several cases; a folder that is no readable case is passed over."""
    rows = []
    for folder in folders:
        try:
            rows += rating_rows(read_record(folder).case_id, read_reading(folder))
        except VBError:
            continue
    return rows


def write_table(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> None:
    """Write rows as CSV, atomically.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {key: f"'{value}" if value.startswith(("=", "+", "@")) else value for key, value in row.items()}
        )
    write_text(path, text.getvalue())
