"""The result in a sentence, and the class probabilities with what speaks against trusting them.

Probabilities stand here only where the case may show its diagnosis (`Case.shows_diagnosis`).
"""

from __future__ import annotations

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import DiagnosisRecord
from vb_desktop.pipeline.report.content import Bar, Bars, Line
from vb_desktop.pipeline.report.words import Words

STAGES = ("open", "process", "localize", "diagnose")
"""What a complete case has behind it when its report is written."""


def summary(case: Case, words: Words) -> tuple[Line, ...]:
    """The result, and in the next lines its doubt or what to do."""
    status = case.record.status
    if status == "no_tumour_found":
        return (Line(words("summary.no_tumour"), "strong"), *_what_was_looked_at(case, words))
    if status == "withheld":
        return _withheld(case, words)
    if status == "partial":
        return (
            Line(words("partial.missing", stages=", ".join(missing_stages(case, words))), "strong"),
            Line(words("partial.resume")),
        )
    diagnosis = case.record.diagnosis
    if diagnosis is None or not case.shows_diagnosis:
        return (Line(words("summary.no_diagnosis"), "strong"),)
    lines = [Line(_headline(diagnosis, words), "strong"), Line(prediction_set(diagnosis, words))]
    if case.record.provenance.demo_model:
        lines.append(Line(words.case("demo_model"), "amber"))
    if diagnosis.ood.get("state") == "out":
        lines.append(Line(doubt(diagnosis, words)[0]))
    return tuple(lines)


def missing_stages(case: Case, words: Words) -> list[str]:
    """The stages that were not done, in words."""
    stages = case.record.stages
    missing = [name for name in STAGES if name not in stages or stages[name].state not in ("done", "cached")]
    return [words(f"stage.{name}") for name in missing] or [words("stage.report")]


def bars(diagnosis: DiagnosisRecord, words: Words) -> Bars:
    """All classes, the most probable first."""
    ranked = sorted(diagnosis.classes.items(), key=lambda item: -item[1])
    return Bars(
        tuple(
            Bar(
                label=words.known(f"class.{name}", name),
                share=share,
                text=words.percent(share),
                note=words("in_set") if name in diagnosis.set90 else "",
                leading=name == ranked[0][0],
                low=_interval(diagnosis, name)[0],
                high=_interval(diagnosis, name)[1],
            )
            for name, share in ranked
        )
    )


def doubt(diagnosis: DiagnosisRecord, words: Words) -> list[str]:
    """What stands under the probabilities: distance from the training data, and where Grad-CAM lies."""
    said = []
    state = str(diagnosis.ood.get("state", "not_assessed"))
    if state in ("in", "out"):
        score, limit = (_figure(diagnosis.ood.get(key), words) for key in ("score", "threshold"))
        said.append(words(f"doubt.ood_{state}", score=score, threshold=limit))
    else:
        said.append(words("doubt.ood_not_assessed"))
    top = most_probable(diagnosis)
    share = diagnosis.cam_in_prior.get(top)
    if (copies := diagnosis.spread.get("copies")) and diagnosis.spread.get("deviation"):
        said.append(words("doubt.spread", copies=copies))
    if share is None:
        said.append(words("doubt.cam_not_assessed"))
    else:
        said.append(words("doubt.cam", name=in_text(top, words), percent=words.percent(share)))
    return said


def prediction_set(diagnosis: DiagnosisRecord, words: Words) -> str:
    """The classes of the 90 % prediction set."""
    names = [in_text(name, words) for name in diagnosis.set90]
    return words("doubt.set", names=words("comma").join(names)) if names else words("doubt.set_empty")


def most_probable(diagnosis: DiagnosisRecord) -> str:
    """The class with the highest probability."""
    return max(diagnosis.classes, key=lambda name: diagnosis.classes[name])


def in_text(name: str, words: Words) -> str:
    """A class inside a sentence."""
    return words.known(f"class.in_text.{name}", name)


def source_name(case: Case, words: Words) -> str:
    """Where the boxes come from, as the backend of the run is to be called."""
    section = case.record.config.get("vlm")
    name = section.get("backend") if isinstance(section, dict) else case.record.config.get("vlm.backend")
    machine = [box.source for box in case.record.boxes_in_force if box.source != "reader"]
    name = machine[0] if machine else str(name or "")
    return words.known(f"source.{name}", name or words("not_known"))


def _interval(diagnosis: DiagnosisRecord, name: str) -> tuple[float | None, float | None]:
    """Two standard deviations of a class's probability over mirrored and moved copies, where that was tried."""
    deviation = diagnosis.spread.get("deviation", {}).get(name)
    if deviation is None:
        return None, None
    share = diagnosis.classes[name]
    return max(0.0, share - 2 * float(deviation)), min(1.0, share + 2 * float(deviation))


def _headline(diagnosis: DiagnosisRecord, words: Words) -> str:
    top = most_probable(diagnosis)
    percent = words.percent(diagnosis.classes[top])
    if not diagnosis.abstain:
        return words("summary.done", name=in_text(top, words), percent=percent)
    if diagnosis.ood.get("state") == "out":
        return words("summary.abstain_outside")
    names = [in_text(name, words) for name in diagnosis.set90]
    if len(names) > 1:
        return words("summary.abstain", names=words.listing(names, "between"))
    return words("summary.abstain_one")


def _what_was_looked_at(case: Case, words: Words) -> tuple[Line, ...]:
    looked = words("no_tumour.looked", slices=case.record.slices_looked_at, source=source_name(case, words))
    return Line(looked), Line(words("no_tumour.no_class"))


def _withheld(case: Case, words: Words) -> tuple[Line, ...]:
    red = case.record.open_red_gates
    head = words("withheld.one") if len(red) == 1 else words("withheld.many", count=len(red))
    lines = [Line(head if red else words("withheld.record"), "strong")]
    lines += [Line(words("withheld.gate", gate=gate.id, sentence=words.tell(gate.message))) for gate in red]
    if red:
        lines.append(Line(words("withheld.accept", gate=" --accept-gate ".join(gate.id for gate in red))))
    return tuple(lines)


def _figure(value: object, words: Words) -> str:
    return words.number(float(value)) if isinstance(value, (int, float)) else words("not_known")
