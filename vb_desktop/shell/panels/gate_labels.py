"""Quality gates as notes: those that did not pass in words, the others counted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel

from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.shell import labels
from vb_desktop.shell.language import translate
from vb_desktop.shell.panels import case_words as words


def gate_labels(gates: Sequence[GateRecord]) -> list[QLabel]:
    """A label for each gate that did not pass, and one that names those that did (their sentences in its tool tip)."""
    made: list[QLabel] = []
    for gate in gates:
        if gate.state != "green":
            kind = "refusal" if gate.state == "red" and gate.accepted_by is None else "attention"
            made.append(labels.note(words.gate_line(gate), kind))
    if passed := [gate for gate in gates if gate.state == "green"]:
        names = ", ".join(words.gate_name(gate).lower() for gate in passed)
        said = translate("Gates", "{n} of {all} passed: {names}.")
        label = labels.quiet(said.format(n=len(passed), all=len(gates), names=names))
        label.setToolTip("\n".join(words.gate_line(gate) for gate in passed))
        made.append(label)
    return made
