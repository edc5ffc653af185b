"""A composed report as words, and what can be measured of a region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vb_desktop.pipeline.measurement.item import item
from vb_desktop.pipeline.report.content import Report

MEASURED = (
    item(
        "structures",
        [
            {"structure": "thalamus", "side": "right", "share": 0.62},
            {"structure": "brainstem", "side": "middle", "share": 0.21},
        ],
        "",
        tolerance=3,
        least=2,
    ),
    item(
        "ventricle_distance",
        {"structure": "third_ventricle", "side": "middle", "distance_mm": 0.0},
        "mm",
        tolerance=3,
    ),
    item(
        "eloquent",
        [
            {"structure": "motor_cortex", "side": "right", "distance_mm": 31.2, "share": 0.0},
            {"structure": "optic_chiasm", "side": "middle", "distance_mm": 4.0, "share": 0.0},
            {"structure": "thalamus", "side": "right", "distance_mm": 0.0, "share": 0.62},
            {"structure": "corticospinal_tract", "side": "middle", "distance_mm": "not_assessed", "share": 0.0},
        ],
        "mm",
        tolerance=3,
    ),
    item(
        "enhancement",
        {"pattern": "ring", "enhancing_ml": 7.42, "core_ml": 2.5, "core_share": 0.25},
        "mL",
        spreads="4",
        least="1",
        share=15,
        few=3,
        gap=6,
    ),
    item("midline_shift", {"shift_mm": 4.4, "towards": "left", "at": "septum"}, "mm"),
)


def blocks_of(report: Report, kind: type) -> list[Any]:
    def walk(value: Any) -> Iterator[Any]:
        if isinstance(value, kind):
            yield value
        if isinstance(value, tuple):
            for part in value:
                yield from walk(part)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                yield from walk(getattr(value, name))

    return list(walk(report.sections))


def said(report: Report) -> str:
    """Every word of the summary and the sections."""
    lines = [line.text for line in report.summary] + blocks_of(report, str)
    return "\n".join(lines).replace("\xa0", " ")
