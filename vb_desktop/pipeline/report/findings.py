"""What was measured of the localised region, each item with how it was measured, and the error that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.report.content import Block, Line, Row, Rows, Section, Table
from vb_desktop.pipeline.report.words import Words


def findings(measurements: Sequence[MeasurementRecord], words: Words, columns: int) -> tuple[Block, ...]:
    """Statement of what is measured, its known error, and the values."""
    rows = _rows({item.id: item for item in measurements}, words)
    if not rows:
        return (Line(words("measurements.none")),)
    rows.append(Row(words("measure.lobe"), words("not_assessed"), known=False))
    return (
        Line(f"{words('measurements.of')} {words('measurements.error')}"),
        Rows(tuple(rows), columns=columns, label=0.45),
    )


def methods_section(measurements: Sequence[MeasurementRecord], words: Words) -> Section | None:
    """How each item was measured; None where nothing was."""
    if not measurements:
        return None
    head = (words("measure.head.item"), words("measure.head.method"))
    rows = tuple((words.known(f"measure.{item.id}", item.id), item.method) for item in measurements)
    table = Table(head, rows, (0.24, 0.76), notes=(1,))
    return Section("measured_how", words("heading.measured_how"), (table,))


def _rows(items: Mapping[str, MeasurementRecord], words: Words) -> list[Row]:
    rows: list[Row] = []
    for id_, item in items.items():
        if id_ == "diameter_perp" and "diameter_long" in items:
            continue  # stands in the row of the longest
        if id_ == "diameter_long" and "diameter_perp" in items:
            pair = f"{words.mm(item.value)} × {words.mm(items['diameter_perp'].value)}\u00a0mm"
            rows.append(Row(words("measure.diameters"), pair))
        elif id_ == "location" and isinstance(item.value, dict):
            rows += _location(item.value, words)
        else:
            rows.append(Row(words.known(f"measure.{id_}", id_), _value(item, words)))
    return rows


def _value(item: MeasurementRecord, words: Words) -> str:
    value = item.value
    if value is None or value == "not_assessed":
        return words("not_assessed")
    if item.id == "side" and isinstance(value, dict):
        return _side(value, words)
    if item.id == "volume":
        return words.ml(float(value))
    if item.unit == "mm" and isinstance(value, (int, float)):
        return f"{words.mm(value)}\u00a0mm"
    if item.unit == "mm" and isinstance(value, (list, tuple)):
        return f"{' × '.join(words.mm(float(v)) for v in value)}\u00a0mm"
    return f"{value} {item.unit}".strip()


def _side(value: dict[str, Any], words: Words) -> str:
    left, right = float(value["left_share"]), float(value["right_share"])
    side = words(f"side.{value['side']}")
    if value["crosses_midline"]:
        return words("side.crosses", side=side, left=words.percent(left), right=words.percent(right))
    return words("side.one", side=side, share=words.percent(max(left, right)))


def _location(value: dict[str, Any], words: Words) -> list[Row]:
    mni = value["mni_mm"]
    there = words("not_assessed") if mni == "not_assessed" else words.position(mni)
    return [
        Row(words("measure.centroid_native"), words.position(value["native_mm"])),
        Row(words("measure.centroid_mni"), there, known=mni != "not_assessed"),
    ]
