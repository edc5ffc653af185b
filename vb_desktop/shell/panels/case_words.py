"""A case in words: what the panels say, as plain text in the window's language."""

from __future__ import annotations

from typing import Any

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import CaseRecord, GateRecord, MeasurementRecord
from vb_desktop.pipeline.messages import Message, says
from vb_desktop.shell.language import QT_TRANSLATE_NOOP, say, translate
from vb_desktop.shell.screen_words import named, say_record, short_path, source_name

CLASS_WORDS = {
    "glioma": QT_TRANSLATE_NOOP("CaseWords", "Glioma"),
    "pcnsl": QT_TRANSLATE_NOOP("CaseWords", "PCNSL (CNS lymphoma)"),
    "germinoma": QT_TRANSLATE_NOOP("CaseWords", "Germinoma"),
    "other": QT_TRANSLATE_NOOP("CaseWords", "Other rare tumour"),
}
GATE_WORDS = {"green": "passed", "amber": "attention", "red": "refused"}
OOD_WORDS = {
    "in": QT_TRANSLATE_NOOP("CaseWords", "The case resembles the training data."),
    "out": QT_TRANSLATE_NOOP("CaseWords", "The case is unlike the training data."),
    "not_assessed": QT_TRANSLATE_NOOP("CaseWords", "Whether the case resembles the training data was not assessed."),
}
REGION = QT_TRANSLATE_NOOP("CaseWords", "Of the localised region (refined prior > 0.5), not a segmentation.")
_TITLES = {
    "volume": QT_TRANSLATE_NOOP("CaseWords", "Volume"),
    "regions": QT_TRANSLATE_NOOP("CaseWords", "Separate regions"),
    "diameter_long": QT_TRANSLATE_NOOP("CaseWords", "Longest diameter"),
    "diameter_perp": QT_TRANSLATE_NOOP("CaseWords", "Perpendicular diameter"),
    "axes": QT_TRANSLATE_NOOP("CaseWords", "Extent R-L, A-P, S-I"),
    "midline_distance": QT_TRANSLATE_NOOP("CaseWords", "Distance to midline"),
    "side": QT_TRANSLATE_NOOP("CaseWords", "Side"),
    "location": QT_TRANSLATE_NOOP("CaseWords", "Centre"),
}


def class_words(class_: str) -> str:
    """A class in words."""
    return translate("CaseWords", CLASS_WORDS[class_]) if class_ in CLASS_WORDS else class_


def class_list(classes: list[str]) -> str:
    """Glioma, PCNSL or germinoma."""
    return _list(classes, translate("CaseWords", "{first} or {last}"))


def _list(classes: list[str], pattern: str) -> str:
    words = [class_words(class_) for class_ in classes]
    if not words:
        return translate("CaseWords", "no class")
    comma = translate("CaseWords", ", ", "between the members of a list")
    return words[0] if len(words) == 1 else pattern.format(first=comma.join(words[:-1]), last=words[-1])


def ood_words(state: str) -> str:
    """Whether the case resembles the training data."""
    return translate("CaseWords", OOD_WORDS[state]) if state in OOD_WORDS else state


def region_words() -> str:
    """What the measures are of."""
    return translate("CaseWords", REGION)


def decision(record: CaseRecord) -> tuple[str, str]:
    """What the model says of its own sureness, and the kind of note it is."""
    diagnosis = record.diagnosis
    if diagnosis is None:
        return "", "quiet"
    if diagnosis.abstain:
        if diagnosis.ood.get("state") == "out":
            return translate("CaseWords", "The model abstains: the case is unlike its training data."), "attention"
        if len(diagnosis.set90) > 1:
            which = _list(diagnosis.set90, translate("CaseWords", "{first} and {last}"))
            said = translate("CaseWords", "The model can't decide between {which} on this case.")
            return said.format(which=which), "attention"
        return translate("CaseWords", "The model abstains on this case."), "attention"
    said = translate("CaseWords", "The 90 % prediction set holds one class: {which}.")
    return said.format(which=class_list(diagnosis.set90)), "good"


def gate_name(gate: GateRecord) -> str:
    """What a gate looks at; its id where this version has no name for it."""
    id_ = f"gate.{gate.id}.name"
    return say(Message(id_)) if says(id_) else gate.id.replace("_", " ")


def gate_line(gate: GateRecord) -> str:
    """A gate with its state as a word."""
    accepted = ""
    if gate.accepted_by:
        accepted = translate("CaseWords", " (accepted by {name})").format(name=gate.accepted_by)
    colon = translate("CaseWords", ": ", "after the state of a gate")
    return f"{named(GATE_WORDS[gate.state]).capitalize()}{accepted}{colon}{say_record(gate.message)}"


def measurement_rows(measurements: list[MeasurementRecord]) -> list[tuple[str, str, str]]:
    """Title, value with unit, and how it was measured."""
    rows = []
    for item in measurements:
        if (value := _value(item)) and item.id in _TITLES:
            rows.append((translate("CaseWords", _TITLES[item.id]), value, _method(item)))
    return rows


def _method(item: MeasurementRecord) -> str:
    """How it was measured, in the window's language where the case keeps it as sentences."""
    return " ".join(say_record(part).strip() for part in item.how) or item.method


def technique_name(key: str) -> str:
    """A part of the acquisition."""
    id_ = f"report.technique.kind.{key}"
    return say(Message(id_)) if says(id_) else key.replace("_", " ").capitalize()


def _value(item: MeasurementRecord) -> str:
    match item.id, item.value:
        case _, None | "not_assessed":
            return translate("CaseWords", "not assessed")
        case "axes", [*lengths]:
            return " × ".join(f"{length:.0f}" for length in lengths) + f" {item.unit}"
        case "side", {"side": side, **rest}:
            crosses = translate("CaseWords", ", crosses the midline") if rest.get("crosses_midline") else ""
            return named(str(side)) + crosses
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
        return translate("CaseWords", "not assessed")
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
    whose = ", ".join(source_name(source, record.config.get("vlm")) for source in sources)
    looked = ""
    if record.slices_looked_at:
        looked = translate("CaseWords", " {n} axial slices were looked at.").format(n=record.slices_looked_at)
    if not record.boxes_in_force:
        return translate("CaseWords", "No box was marked.") + looked
    what = box_count(len(record.boxes_in_force), len({box.k for box in record.boxes_in_force}))
    return translate("CaseWords", "{what}, by: {whose}.").format(what=what, whose=whose) + looked


def box_count(count: int, slices: int) -> str:
    """So many boxes on so many slices."""
    match count, slices:
        case 1, _:
            return translate("CaseWords", "1 box on 1 slice")
        case _, 1:
            return translate("CaseWords", "{n} boxes on 1 slice").format(n=count)
        case _:
            return translate("CaseWords", "{n} boxes on {slices} slices").format(n=count, slices=slices)


def changes(before: CaseRecord, after: CaseRecord) -> str:
    """What an update came to: volume and the most probable class, before and after."""
    said = []
    volumes = [
        next((item.value for item in record.measurements if item.id == "volume"), None) for record in (before, after)
    ]
    if all(isinstance(volume, float) for volume in volumes):
        before_ml, after_ml = (f"{volume:.1f}" for volume in volumes)
        said.append(translate("CaseWords", "volume {a} → {b} mL").format(a=before_ml, b=after_ml))
    if after.diagnosis is not None and after.status == "done":
        top = max(after.diagnosis.classes, key=lambda name: after.diagnosis.classes[name])  # type: ignore[union-attr]
        now = f"{after.diagnosis.classes[top]:.0%}"
        was = f"{before.diagnosis.classes.get(top, 0):.0%} → " if before.diagnosis is not None else ""
        said.append(f"{class_words(top)} {was}{now}")
    elif after.status == "no_tumour_found":
        said.append(translate("CaseWords", "no box is left: no diagnosis"))
    return translate("CaseWords", "Updated: ") + "; ".join(said) if said else translate("CaseWords", "Updated.")


def case_line(case: Case) -> str:
    """Which case is open, what it came to, when, and where it lies."""
    status = {
        "done": translate("MainWindow", "analysed"),
        "no_tumour_found": translate("MainWindow", "analysed: no tumour found"),
        "withheld": translate("MainWindow", "analysed: diagnosis withheld"),
        "partial": translate("MainWindow", "analysed in part"),
    }[case.record.status]
    said = translate("MainWindow", "Case {id}, {status} on {date}.")
    date = f"{case.record.created:%Y-%m-%d %H:%M}"
    return f"{said.format(id=case.record.case_id, status=status, date=date)}\n{short_path(case.folder)}"
