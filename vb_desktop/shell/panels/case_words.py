"""A case in words: what the panels say, as plain text without Qt."""

from __future__ import annotations

from typing import Any

from napari_plugin.names import box_source
from vb_desktop.pipeline.case_record import CaseRecord, GateRecord, MeasurementRecord
from vb_desktop.pipeline.messages import Message, say, says

CLASS_WORDS = {
    "glioma": "Glioma",
    "pcnsl": "PCNSL (CNS lymphoma)",
    "germinoma": "Germinoma",
    "other": "Other rare tumour",
}
GATE_WORDS = {"green": "passed", "amber": "attention", "red": "refused"}
OOD_WORDS = {
    "in": "The case resembles the training data.",
    "out": "The case is unlike the training data.",
    "not_assessed": "Whether the case resembles the training data was not assessed.",
}
REGION = "Of the localised region (refined prior > 0.5), not a segmentation."
_TITLES = {
    "volume": "Volume",
    "regions": "Separate regions",
    "diameter_long": "Longest diameter",
    "diameter_perp": "Perpendicular diameter",
    "axes": "Extent R-L, A-P, S-I",
    "midline_distance": "Distance to midline",
    "side": "Side",
    "location": "Centre",
}


def class_words(class_: str) -> str:
    """A class in words."""
    return CLASS_WORDS.get(class_, class_)


def class_list(classes: list[str]) -> str:
    """Glioma, PCNSL or germinoma."""
    words = [class_words(class_) for class_ in classes]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else "no class"


def decision(record: CaseRecord) -> tuple[str, str]:
    """What the model says of its own sureness, and the kind of note it is."""
    diagnosis = record.diagnosis
    if diagnosis is None:
        return "", "quiet"
    if diagnosis.abstain:
        if diagnosis.ood.get("state") == "out":
            return "The model abstains: the case is unlike its training data.", "attention"
        if len(diagnosis.set90) > 1:
            which = class_list(diagnosis.set90).replace(" or ", " and ")
            return f"The model can't decide between {which} on this case.", "attention"
        return "The model abstains on this case.", "attention"
    return f"The 90 % prediction set holds one class: {class_list(diagnosis.set90)}.", "good"


def gate_name(gate: GateRecord) -> str:
    """What a gate looks at; its id where this version has no name for it."""
    id_ = f"gate.{gate.id}.name"
    return say(Message(id_)) if says(id_) else gate.id.replace("_", " ")


def gate_line(gate: GateRecord) -> str:
    """A gate with its state as a word."""
    accepted = f" (accepted by {gate.accepted_by})" if gate.accepted_by else ""
    return f"{GATE_WORDS[gate.state].capitalize()}{accepted}: {gate.message.say()}"


def measurement_rows(measurements: list[MeasurementRecord]) -> list[tuple[str, str, str]]:
    """Title, value with unit, and how it was measured."""
    rows = []
    for item in measurements:
        if (value := _value(item)) and item.id in _TITLES:
            rows.append((_TITLES[item.id], value, item.method))
    return rows


def _value(item: MeasurementRecord) -> str:
    match item.id, item.value:
        case _, None | "not_assessed":
            return "not assessed"
        case "axes", [*lengths]:
            return " × ".join(f"{length:.0f}" for length in lengths) + f" {item.unit}"
        case "side", {"side": side, **rest}:
            return f"{side}{', crosses the midline' if rest.get('crosses_midline') else ''}"
        case "location", dict():
            return _place(item.value)
        case "regions", 1:
            return ""
        case _, bool() | str():
            return str(item.value)
        case _, int():
            return f"{item.value} {item.unit}".strip()
        case "volume", float():
            return f"{item.value:.1f} {item.unit}"
        case _, float():
            return f"{item.value:.0f} {item.unit}".strip()
        case _:
            return ""


def _place(place: dict[str, Any]) -> str:
    point = place.get("native_mm")
    if not isinstance(point, (list, tuple)) or len(point) != 3:
        return "not assessed"
    return (
        "  ".join(
            f"{high if value >= 0 else low} {abs(value):.0f}"
            for value, high, low in zip(point, ("R", "A", "S"), ("L", "P", "I"), strict=True)
        )
        + " mm"
    )


def boxes_line(record: CaseRecord) -> str:
    """How many boxes, of whom, on how many slices looked at."""
    sources = dict.fromkeys(box.source for box in record.boxes_in_force)
    named = ", ".join(box_source(source, record.config.get("vlm")) for source in sources)
    count = len(record.boxes_in_force)
    looked = f" {record.slices_looked_at} axial slices were looked at." if record.slices_looked_at else ""
    if not count:
        return f"No box was marked.{looked}"
    slices = len({box.k for box in record.boxes_in_force})
    what = f"{count} {'box' if count == 1 else 'boxes'} on {slices} {'slice' if slices == 1 else 'slices'}"
    return f"{what}, by: {named}.{looked}"


def changes(before: CaseRecord, after: CaseRecord) -> str:
    """What an update came to: volume and the most probable class, before and after."""
    said = []
    volumes = [
        next((item.value for item in record.measurements if item.id == "volume"), None) for record in (before, after)
    ]
    if all(isinstance(volume, float) for volume in volumes):
        said.append(f"volume {volumes[0]:.1f} → {volumes[1]:.1f} mL")
    if after.diagnosis is not None and after.status == "done":
        top = max(after.diagnosis.classes, key=lambda name: after.diagnosis.classes[name])  # type: ignore[union-attr]
        now = f"{after.diagnosis.classes[top]:.0%}"
        was = f"{before.diagnosis.classes.get(top, 0):.0%} → " if before.diagnosis is not None else ""
        said.append(f"{class_words(top)} {was}{now}")
    elif after.status == "no_tumour_found":
        said.append("no box is left: no diagnosis")
    return "Updated: " + "; ".join(said) if said else "Updated."
