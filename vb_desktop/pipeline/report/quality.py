"""What speaks against trusting the result: remarks, quality gates, and the intended-use check."""

from __future__ import annotations

from vb_desktop.pipeline.adaptive_diagnoser.intended_use import AGES, SUPERFICIAL_MM
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import GateRecord, MessageRecord
from vb_desktop.pipeline.messages import says
from vb_desktop.pipeline.report.content import Line, Section, Table, Tone
from vb_desktop.pipeline.report.known_error import card_of_run
from vb_desktop.pipeline.report.words import Words

SAID_ELSEWHERE = frozenset(
    {
        "case.research_use",
        "case.demo_model",
        "case.synthetic",
        "diagnosis.undecided",
        "diagnosis.outside_training",
        "diagnosis.ood_not_assessed",
    }
)
"""Remarks that the summary, the probabilities or the foot of every page say already."""
CONTRAST_GATE = "contrast_seen"


def attention_section(case: Case, words: Words, more: tuple[str, ...] = ()) -> Section | None:
    """Remarks of every stage and gates that are not green; None where there is nothing to say."""
    record = case.record
    in_summary = record.open_red_gates if record.status == "withheld" else []
    said = [_gate_sentence(gate, words) for gate in record.gates if gate.state != "green" and gate not in in_summary]
    said += [words.tell(remark) for remark in remarks_of(case) if remark.id not in SAID_ELSEWHERE]
    said += [finding for _, finding, outside in intended_use(case, words) if outside]
    said += more
    if not said:
        return None
    return Section("attention", words("heading.attention"), tuple(Line(text) for text in dict.fromkeys(said)))


def remarks_of(case: Case) -> list[MessageRecord]:
    """Remarks of every stage; those of a diagnosis only where it may be shown."""
    diagnosis = case.record.diagnosis
    shown = diagnosis.remarks if diagnosis is not None and case.shows_diagnosis else []
    return [*case.record.remarks, *shown]


def gates_section(case: Case, words: Words) -> Section:
    """Every gate with its state in word and colour, its sentence, value and limit."""
    gates = case.record.gates
    heading = words("heading.gates")
    if not gates:
        return Section("gates", heading, (Line(words("gates.none")),))
    head = tuple(words(f"gate.head.{name}") for name in ("state", "id", "sentence", "value", "threshold"))
    open_gates = [gate for gate in gates if gate.state != "green"]
    rows = [
        (
            words(f"gate.{gate.state}"),
            _gate_name(gate, words),
            _gate_sentence(gate, words),
            words.number(gate.value),
            words.number(gate.threshold),
        )
        for gate in open_gates
    ]
    tones: list[Tone] = [gate.state for gate in open_gates]
    if green := [gate for gate in gates if gate.state == "green"]:
        name = words("gates.green" if len(green) > 1 else "gates.green_one", count=len(green))
        rows.append((words("gate.green"), name, _in_a_row(green, words), "", ""))
        tones.append("green")
    table = Table(head, tuple(rows), (0.1, 0.17, 0.57, 0.08, 0.08), tuple(tones), figures=(3, 4), small=True)
    if not open_gates:  # the values of green ones stand in the text
        short = tuple(row[:3] for row in rows)
        table = Table(head[:3], short, (0.1, 0.17, 0.73), tuple(tones), small=True)
    return Section("gates", heading, (table,))


def _in_a_row(gates: list[GateRecord], words: Words) -> str:
    """Green gates by name with value and limit; those that were accepted say by whom."""
    said = []
    for gate in gates:
        limit = words("gates.value", value=words.number(gate.value), limit=words.number(gate.threshold))
        by = f" {words('gate.accepted', who=gate.accepted_by)}" if gate.accepted_by else ""
        said.append(f"{_gate_name(gate, words)} {limit}{by}")
    return "; ".join(said)


def intended_use_section(case: Case, words: Words) -> Section:
    """What the method was made for, condition by condition, and the limits that are known of it."""
    head = (words("intended.head.item"), words("intended.head.finding"))
    rows = tuple((item, finding) for item, finding, _ in intended_use(case, words))
    table = Table(head, rows, (0.4, 0.6), small=True)
    said: tuple[Line, ...] = (Line(words("intended.method")), Line(words("intended.cannot_tell")))
    if _remarked(case, "diagnosis.intended_use"):  # stands on the first page already
        said = ()
    limits = [words("limits.always"), *_limits_of_models(case)]
    return Section("intended_use", words("heading.intended_use"), (*said, table, Line(words.together(limits), "note")))


def _limits_of_models(case: Case) -> list[str]:
    """As the cards of the models say them."""
    cards = [card_of_run(case, name) for name in sorted(case.record.provenance.models)]
    return [f"{card.name}: {limit}" for card in cards if card is not None for limit in card.known_limits]


def intended_use(case: Case, words: Words) -> list[tuple[str, str, bool]]:
    """Condition, what is known of it in this case, and whether the case lies outside it."""
    unknown = words("not_assessed")
    count = next((item.value for item in case.record.measurements if item.id == "regions"), None)
    single, deep = (unknown, False), (unknown, False)
    if isinstance(count, int) and count > 0:
        said_already = _remarked(case, "several_regions")
        name = "intended.single.yes" if count == 1 else "intended.single.no"
        single = (words(name, count=count), count > 1 and not said_already)
        if _remarked(case, "diagnosis.superficial"):
            deep = (words("intended.deep.no"), False)  # the remark says it with the depth
        elif _remarked(case, "diagnosis.intended_use"):
            deep = (words("intended.deep.yes", mm=f"{SUPERFICIAL_MM:.0f}"), False)
    age, outside = _age(case.identity.age, words)
    agent = str(case.record.technique.get("contrast_agent", "")).strip()
    sequence = words("intended.sequence.agent", agent=agent) if agent else words("intended.sequence.unknown")
    seen = [_gate_sentence(gate, words) for gate in case.record.gates if gate.id == CONTRAST_GATE]
    sequence = ". ".join([sequence[0].upper() + sequence[1:], *seen]) if seen else sequence
    return [
        (words("intended.single"), *single),
        (words("intended.age"), age, outside and not _remarked(case, "diagnosis.age")),
        (words("intended.deep"), *deep),
        (words("intended.untreated"), unknown, False),
        (words("intended.sequence"), sequence, False),
    ]


def _remarked(case: Case, ending: str) -> bool:
    return any(remark.id.endswith(ending) for remark in remarks_of(case))


def _age(text: str, words: Words) -> tuple[str, bool]:
    try:
        age = float(text.strip().rstrip("Yy"))
    except ValueError:
        return words("intended.age.unknown"), False
    inside = AGES[0] <= age < AGES[1] + 1
    return words("intended.age.yes" if inside else "intended.age.no", age=f"{age:g}"), not inside


def _gate_name(gate: GateRecord, words: Words) -> str:
    """In the reader's words; the gate's id where a later version has none for it."""
    name = f"gate.{gate.id}.name"
    return words.tell(MessageRecord(id=name)) if says(name) else gate.id


def _gate_sentence(gate: GateRecord, words: Words) -> str:
    sentence = words.tell(gate.message)
    return f"{sentence} {words('gate.accepted', who=gate.accepted_by)}" if gate.accepted_by else sentence
