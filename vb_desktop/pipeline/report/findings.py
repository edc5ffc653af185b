"""What was measured of the localised region, each item with how it was measured, and the error that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.report.content import Line, Section, Table
from vb_desktop.pipeline.report.words import Words

WIDTHS = (0.2, 0.3, 0.5)


def measurements_section(measurements: Sequence[MeasurementRecord], words: Words) -> Section:
    """The table of measurements."""
    items = {item.id: item for item in measurements}
    rows = [row for id_ in items if (row := _row(id_, items, words)) is not None]
    if not rows:
        return Section("measurements", words("heading.measurements"), (Line(words("measurements.none")),))
    rows.append((words("measure.lobe"), words("not_assessed"), words("measure.lobe_method")))
    rows.append((words("measure.error"), words("measure.error_unknown"), words("measure.error_method")))
    head = (words("measure.head.item"), words("measure.head.value"), words("measure.head.method"))
    blocks = (Line(words("measurements.of")), Table(head, tuple(rows), WIDTHS))
    return Section("measurements", words("heading.measurements"), blocks)


def _row(id_: str, items: Mapping[str, MeasurementRecord], words: Words) -> tuple[str, str, str] | None:
    item = items[id_]
    if id_ == "diameter_perp" and "diameter_long" in items:
        return None  # stands in the row of the longest
    if id_ == "diameter_long" and "diameter_perp" in items:
        pair = f"{words.mm(item.value)} × {words.mm(items['diameter_perp'].value)} mm"
        return words("measure.diameters"), pair, f"{item.method} {items['diameter_perp'].method}"
    return words.known(f"measure.{id_}", id_), _value(item, words), item.method


def _value(item: MeasurementRecord, words: Words) -> str:
    value = item.value
    if value is None or value == "not_assessed":
        return words("not_assessed")
    if item.id == "side" and isinstance(value, dict):
        return _side(value, words)
    if item.id == "location" and isinstance(value, dict):
        return _location(value, words)
    if item.id == "volume":
        return words.ml(float(value))
    if item.unit == "mm" and isinstance(value, (int, float)):
        return f"{words.mm(value)} mm"
    if item.unit == "mm" and isinstance(value, (list, tuple)):
        return f"{' × '.join(words.mm(float(v)) for v in value)} mm"
    return f"{value} {item.unit}".strip()


def _side(value: dict[str, Any], words: Words) -> str:
    left, right = float(value["left_share"]), float(value["right_share"])
    side = words(f"side.{value['side']}")
    if value["crosses_midline"]:
        return words("side.crosses", side=side, left=words.percent(left), right=words.percent(right))
    return words("side.one", side=side, share=words.percent(max(left, right)))


def _location(value: dict[str, Any], words: Words) -> str:
    native = words("location.native", position=words.position(value["native_mm"]))
    if value["mni_mm"] == "not_assessed":
        return f"{native}; {words('location.mni_not_assessed')}"
    return f"{native}; {words('location.mni', position=words.position(value['mni_mm']))}"
