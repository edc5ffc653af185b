"""What was analysed and how: acquisition, steps, times, settings, models and versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.anatomy import Anatomy
from vb_desktop.pipeline.report.content import Line, Row, Rows, Section
from vb_desktop.pipeline.report.known_error import card_of_run
from vb_desktop.pipeline.report.result import source_name
from vb_desktop.pipeline.report.words import Words

STAGES = ("open", "process", "localize", "diagnose", "report")
SHORT_HASH = 12


def settings(case: Case) -> dict[str, Any]:
    """Dotted key -> value of every setting of the run."""
    return _flat(case.record.config)


def technique_section(case: Case, shown: Anatomy | None, words: Words) -> Section:
    """The scan as read, and each module with its parameters."""
    keys = settings(case)
    rows = []
    if shown is not None:
        shape = " × ".join(str(n) for n in shown.scan.voxels.shape)
        spacing = " × ".join(f"{mm:.2f}" for mm in shown.scan.spacing)
        name = "technique.grid_oblique" if shown.tilt >= 1.0 else "technique.grid"
        grid = words(name, shape=shape, spacing=spacing, degrees=f"{shown.tilt:.0f}")
        rows.append(Row(words("technique.scan"), grid))
    for key, value in case.record.technique.items():
        label = words.known(f"technique.kind.{key}", key.replace("_", " ").capitalize())
        rows.append(Row(label, f"{value:g}" if isinstance(value, float) else words.clipped(str(value))))
    rows += [
        Row(words("technique.processing"), _processing(case, keys, words)),
        Row(words("technique.localisation"), _localisation(case, keys, words)),
        Row(words("boxes.label"), _boxes(case, words)),
        Row(words("technique.diagnosis"), _diagnosis(case, keys, words)),
    ]
    rows.append(Row(words("technique.times"), times(case, words)))
    rows.append(Row("", words("technique.source"), known=False))
    return Section("technique", words("heading.technique"), (Rows(tuple(rows), small=True, label=0.14),))


def times(case: Case, words: Words) -> str:
    """How long each stage took. The report itself is being written while this is said."""
    said = []
    for name in STAGES:
        stage = case.record.stages.get(name)
        if name == "report":
            continue
        label = words(f"stage.{name}")
        if stage is None:
            said.append(f"{label}: {words('stage.missing')}")
            continue
        state = "" if stage.state == "done" else f" ({words(f'stage.{stage.state}')})"
        said.append(f"{label} {stage.seconds:.1f}\u00a0s{state}")
    return "; ".join(said)


def models_in_words(case: Case, words: Words) -> list[str]:
    """Each model of this program with what it learned from and its calibration, from its card."""
    said = []
    for name in sorted(case.record.provenance.models):
        card = card_of_run(case, name)
        if card is None:
            continue
        synthetic = words("model.synthetic") if card.synthetic else words("model.real")
        text = words("model.data", name=card.name, version=card.version, n=card.training_data.cases, kind=synthetic)
        if card.calibration is not None:
            text += " " + words("model.calibrated", n=card.calibration.cases, t=f"{card.calibration.temperature:.2f}")
        said.append(text)
    return said


def provenance_section(case: Case, words: Words) -> Section:
    """With what the result was made, and every setting of the run: what the paper leaves open is named here."""
    made = case.record.provenance
    models = ", ".join(f"{name} {digest[:SHORT_HASH]}" for name, digest in sorted(made.models.items()))
    packages = ", ".join(f"{name} {version}" for name, version in sorted(made.packages.items()))
    every = "; ".join(f"{key}\u00a0=\u00a0{_value(value, words)}" for key, value in settings(case).items())
    said = Line(f"{words('heading.settings')}: {every}", "fine")
    rows = [
        Row(
            words("provenance.case"),
            f"{case.record.case_id}; {words('product')} {made.version}; {_template(case, words)}",
        ),
        Row(words("provenance.models"), models or words("none")),
        *(Row(words("provenance.model"), text) for text in models_in_words(case, words)),
        Row(words("provenance.packages"), packages or words("not_known")),
    ]
    return Section("provenance", words("heading.provenance"), (Rows(tuple(rows), small=True, label=0.14), said))


def _template(case: Case, words: Words) -> str:
    return f"{words('provenance.template')}: {case.record.provenance.template or words('none')}"


def _processing(case: Case, keys: Mapping[str, Any], words: Words) -> str:
    space = str(keys.get("input.space", "native"))
    return words(
        f"technique.processing_{space}",
        skull_stripping=keys.get("skull_stripping.method", words("not_known")),
        shrink=keys.get("bias_field.shrink", words("not_known")),
        registration=keys.get("registration.method", words("not_known")),
        template=case.record.provenance.template or words("not_known"),
    )


def _localisation(case: Case, keys: Mapping[str, Any], words: Words) -> str:
    return words(
        "technique.localisation_text",
        source=source_name(case, words),
        sigma=keys.get("coarse.sigma_mm", words("not_known")),
        dilation=keys.get("coarse.dilation_mm", words("not_known")),
        tau=keys.get("refine.tau", words("not_known")),
        mode=keys.get("refine.mode", words("not_known")),
    )


def _boxes(case: Case, words: Words) -> str:
    boxes = case.record.boxes_in_force
    if not boxes:
        return words("boxes.none", slices=case.record.slices_looked_at, source=source_name(case, words))
    by_source: dict[str, int] = {}
    for box in boxes:
        name = words.known(f"source.{box.source}", box.source)
        by_source[name] = by_source.get(name, 0) + 1
    total = words("boxes.count", boxes=len(boxes), slices=len({box.k for box in boxes}))
    sources = "; ".join(words("boxes.of", count=count, source=name) for name, count in by_source.items())
    return f"{total}; {sources}"


def _diagnosis(case: Case, keys: Mapping[str, Any], words: Words) -> str:
    if not case.shows_diagnosis:
        return words("technique.diagnosis_none")
    return words("technique.diagnosis_text", backbone=keys.get("diagnose.backbone", words("not_known")))


def _value(value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(v, words) for v in value)
    return words("none") if value is None or value == "" else str(value)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found
