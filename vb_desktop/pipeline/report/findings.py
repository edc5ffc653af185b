"""What was measured of the localised region: each item with the error that is known of it and how it was measured.

Every item of the list stands in the report; what could not be measured is "not assessed".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.report.content import Line, Section, Table
from vb_desktop.pipeline.report.known_error import KnownError, in_words, known_errors
from vb_desktop.pipeline.report.words import Words

ITEMS = (
    "structures", "side", "midline_distance", "ventricle_distance", "eloquent", "midline_shift", "regions", "volume",
    "diameter_long", "diameter_perp", "axes", "enhancement", "location",
)  # fmt: skip
"""In the order of the report; others follow as they stand in the record."""
NOT_ASSESSED = "not_assessed"
MOST = 6
"""Structures that are named; the share of the others is told together."""
LEAST_SHARE = 0.01
"""Less of the region inside a structure is contact."""
NEAR_MM = 10.0
"""Eloquent structures farther away are named together."""


def findings_section(case: Case, words: Words) -> Section:
    """Every item: what was found, the error known of it, how it was measured."""
    items = {item.id: item for item in case.record.measurements}
    heading = words("heading.measurements")
    if not items or items["volume"].value == 0 if "volume" in items else not items:
        return Section("region", heading, (Line(words("measurements.none")),))
    errors = known_errors(case)
    head = tuple(words(f"measure.head.{name}") for name in ("item", "finding", "method"))
    names = [*ITEMS, *(id_ for id_ in items if id_ not in ITEMS)]
    rows = tuple(_row(id_, items.get(id_), errors, words) for id_ in names)
    table = Table(head, rows, (0.15, 0.42, 0.43), notes=(2,), small=True)
    said = words.together([words("measurements.of")] + ([] if errors else [words("measurements.error")]))
    return Section("region", heading, (Line(said), table))


def in_short(case: Case, words: Words) -> list[str]:
    """The findings of the first page as phrases: where, how large, how it takes up contrast agent."""
    items = {item.id: item for item in case.record.measurements}
    if not items.get("volume") or not items["volume"].value:
        return []
    phrases = []
    if "regions" in items and items["regions"].value != 1:
        label = words("measure.regions")
        said = [words("short.item", label=label, value=value_in_words(items["regions"], words))]
        said += [words("short.largest")] if items["regions"].value else []
        phrases.append(words.together(said))
    for id_ in ("structures", "side", "enhancement"):
        item = items.get(id_)
        if item is not None and item.value not in (None, NOT_ASSESSED):
            label = words.known(f"measure.{id_}", id_)
            phrases.append(words("short.item", label=label, value=value_in_words(item, words)))
    size = value_in_words(items["volume"], words)
    if "diameter_long" in items and "diameter_perp" in items:
        pair = f"{words.mm(items['diameter_long'].value)} × {words.mm(items['diameter_perp'].value)}\u00a0mm"
        size = words("short.size", volume=size, diameters=pair)
    phrases.append(size)
    return phrases


def value_in_words(item: MeasurementRecord, words: Words) -> str:
    """The value with its unit."""
    value = item.value
    if value is None or value == NOT_ASSESSED:
        return words("not_assessed")
    if item.id in _SAY:
        try:
            return _SAY[item.id](value, words)
        except (KeyError, TypeError, ValueError, AttributeError):  # another version's
            return str(value)
    if item.id == "volume":
        return words.ml(float(value))
    if item.unit == "mm" and isinstance(value, (int, float)):
        return f"{words.mm(value)}\u00a0mm"
    if item.unit == "mm" and isinstance(value, (list, tuple)):
        return f"{' × '.join(words.mm(float(v)) for v in value)}\u00a0mm"
    return f"{value} {item.unit}".strip()


def structure_in_words(entry: Mapping[str, Any], words: Words) -> str:
    """A structure with its side, e.g. "right thalamus"."""
    name = words.known(f"structure.{entry['structure']}", str(entry["structure"]).replace("_", " "))
    side = str(entry["side"])
    return name if side == "middle" else words("structure.sided", side=words(f"side.{side}"), name=name)


def method_in_words(item: MeasurementRecord, words: Words) -> str:
    """How it was measured; as recorded where the record has words only."""
    return words.together([words.tell(message).strip() for message in item.how]) if item.how else item.method


def _row(id_: str, item: MeasurementRecord | None, errors: Mapping[str, KnownError], words: Words) -> tuple[str, ...]:
    label = words.known(f"measure.{id_}", id_)
    if item is None:
        return label, words("not_assessed"), ""
    said = value_in_words(item, words)
    if errors and id_ in ("volume", "diameter_long", "diameter_perp"):
        said = f"{said}; {in_words(id_, dict(errors), words)}"
    return label, said, method_in_words(item, words)


def _side(value: Mapping[str, Any], words: Words) -> str:
    left, right = float(value["left_share"]), float(value["right_share"])
    side = words(f"side.{value['side']}")
    if value["crosses_midline"]:
        return words("side.crosses", side=side, left=words.percent(left), right=words.percent(right))
    return words("side.one", side=side, share=words.percent(max(left, right)))


def _location(value: Mapping[str, Any], words: Words) -> str:
    mni = value["mni_mm"]
    there = words("not_assessed") if mni == NOT_ASSESSED else words.position(mni)
    return words("centroid", native=words.position(value["native_mm"]), mni=there)


def _structures(value: Any, words: Words) -> str:
    """The structures with the largest shares, and what the others come to together."""
    if not value:
        return words("structure.unlabelled")
    told = [f"{structure_in_words(entry, words)} {words.percent(float(entry['share']))}" for entry in value[:MOST]]
    if others := sum(float(entry["share"]) for entry in value[MOST:]):
        told.append(words("structure.others", count=len(value) - MOST, share=words.percent(others)))
    return words("comma").join(told)


def _ventricle(value: Mapping[str, Any], words: Words) -> str:
    name, distance = structure_in_words(value, words), float(value["distance_mm"])
    return words("contact", name=name) if distance == 0 else words("away", name=name, mm=words.mm(distance))


def _eloquent(value: Any, words: Words) -> str:
    """Those within reach with share or distance, the others by name, and those that the atlas lacks."""
    near, far, unknown = [], [], []
    for entry in value:
        name, distance = structure_in_words(entry, words), entry["distance_mm"]
        if distance == NOT_ASSESSED:
            unknown.append(name)
        elif float(entry["share"]) >= LEAST_SHARE:
            near.append(words("eloquent.inside", name=name, share=words.percent(float(entry["share"]))))
        elif float(distance) <= NEAR_MM:
            near.append(_ventricle(entry, words))
        else:
            far.append(f"{name} {words.mm(float(distance))}\u00a0mm")
    said = [words("eloquent.near", names="; ".join(near))] if near else [words("eloquent.none_near", mm=f"{NEAR_MM:g}")]
    if far:
        said.append(words("eloquent.far", names=words("comma").join(far)))
    if unknown:
        said.append(words("eloquent.unknown", names=words("comma").join(unknown)))
    return words.together(said)


def _enhancement(value: Mapping[str, Any], words: Words) -> str:
    return words(
        f"enhancement.{value['pattern']}",
        enhancing=words.ml(float(value["enhancing_ml"])),
        core=words.ml(float(value["core_ml"])),
        share=words.percent(float(value["core_share"])),
    )


def _shift(value: Mapping[str, Any], words: Words) -> str:
    shift = float(value["shift_mm"])
    return words(
        "shift.none" if shift < LEAST_SHIFT_MM else "shift.some",
        mm=words.mm(shift), side=words(f"side.{value['towards']}"), at=words(f"shift.at.{value['at']}"),
        least=f"{LEAST_SHIFT_MM:g}",
    )  # fmt: skip


LEAST_SHIFT_MM = 2.0
"""Below, a shift can't be told from the error of the alignment."""
_SAY: dict[str, Callable[[Any, Words], str]] = {
    "side": _side,
    "location": _location,
    "structures": _structures,
    "ventricle_distance": _ventricle,
    "eloquent": _eloquent,
    "enhancement": _enhancement,
    "midline_shift": _shift,
}
