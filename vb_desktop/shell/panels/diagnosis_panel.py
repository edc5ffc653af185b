"""What the model says, how sure it is, and what speaks against trusting it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.case_record import CaseRecord, DiagnosisRecord
from vb_desktop.pipeline.messages import Message
from vb_desktop.shell import labels
from vb_desktop.shell.language import say
from vb_desktop.shell.panels import case_words as words
from vb_desktop.shell.panels.gate_labels import gate_labels
from vb_desktop.shell.panels.probability_bars import ProbabilityBars, percent
from vb_desktop.shell.screen_words import named, say_record


class DiagnosisPanel(QWidget):
    """The diagnosis of a case in each of its states.

    Signals:
        gate_accepted (str): the reader accepts a red gate by its id.
    """

    gate_accepted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.bars: ProbabilityBars | None = None
        self.accept_buttons: dict[str, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(6)
        self.show_nothing()

    def text(self) -> str:
        """Everything that the panel says, for screen readers and tests."""
        lines = [label.text() for label in self.findChildren(QLabel)]
        return "\n".join([*lines, *(self.bars.rows() if self.bars is not None else [])])

    def show_nothing(self) -> None:
        """No case."""
        self._begin()
        self._add(labels.body(self.tr("No diagnosis yet: analyse a scan first.")))
        self._column.addStretch()

    def show_case(self, case: Case) -> None:
        """Show what the case came to."""
        record = case.record
        self._begin()
        if record.provenance.demo_model and record.diagnosis is not None and case.shows_diagnosis:
            self._add(labels.note(say(Message("case.demo_model")), "refusal"))
        if case.shows_diagnosis and record.diagnosis is not None:
            self._probabilities(record, record.diagnosis)
        elif record.status == "withheld":
            self._withheld(record)
        elif record.status == "no_tumour_found":
            self._no_tumour(record)
        else:
            said = self.tr("The run ended before the diagnosis: there are no class probabilities.")
            self._add(labels.note(said, "quiet"))
        self._measured(record)
        self._gates(record)
        if record.boxes_in_force:
            self._add(labels.heading(self.tr("BOXES")))
            self._add(labels.quiet(words.boxes_line(record)))
        self._column.addStretch()

    def _probabilities(self, record: CaseRecord, diagnosis: DiagnosisRecord) -> None:
        called = {class_: words.class_words(class_) for class_ in diagnosis.classes}
        self.bars = ProbabilityBars()
        self.bars.show_probabilities(diagnosis.classes, diagnosis.set90, called)
        self._column.addWidget(self.bars)
        self._add(labels.note(*words.decision(record)))
        state = str(diagnosis.ood.get("state", "not_assessed"))
        if not (diagnosis.abstain and state == "out"):  # the decision has said it
            kind = {"in": "good", "out": "attention"}.get(state, "quiet")
            self._add(labels.note(words.ood_words(state), kind))
        which = ", ".join(map(words.class_words, diagnosis.set90))
        self._add(labels.quiet(self.tr("90 % prediction set: {which}.").format(which=which)))
        top = max(diagnosis.classes, key=lambda name: diagnosis.classes[name])
        if (share := diagnosis.cam_in_prior.get(top)) is not None:
            name = words.class_words(top)
            said = self.tr("{share} of the Grad-CAM for {name} lies in the localised region.")
            self._add(labels.quiet(said.format(share=percent(share), name=name)))
        for remark in diagnosis.remarks:
            if remark.id == "case.demo_model":  # said above
                continue
            self._add(labels.note(say_record(remark), "attention"))

    def _withheld(self, record: CaseRecord) -> None:
        self._add(labels.note(self.tr("The diagnosis is withheld: a quality gate refused the case."), "refusal"))
        for gate in record.open_red_gates:
            self._add(labels.body(say_record(gate.message)))
            button = QPushButton(self.tr("Accept this gate and go on"))
            button.setToolTip(self.tr("The case records who accepted it and when."))
            button.clicked.connect(lambda _=False, id_=gate.id: self.gate_accepted.emit(id_))
            self.accept_buttons[gate.id] = button
            self._column.addWidget(button)

    def _no_tumour(self, record: CaseRecord) -> None:
        self._add(labels.note(self.tr("No tumour was found. This does not mean that there is none."), "quiet"))
        self._add(labels.body(words.boxes_line(record)))
        self._add(labels.quiet(self.tr("Without a box there are no class probabilities and no Grad-CAM.")))

    def _measured(self, record: CaseRecord) -> None:
        rows = words.measurement_rows(record.measurements)
        if not rows:
            return
        self._add(labels.heading(self.tr("MEASURED")))
        for name, value, method in rows:
            row = QHBoxLayout()
            left, right = QLabel(name), QLabel(value)
            left.setToolTip(method)
            right.setToolTip(method)
            row.addWidget(left, stretch=1)
            row.addWidget(right)
            self._column.addLayout(row)
        self._add(labels.quiet(words.region_words()))

    def _gates(self, record: CaseRecord) -> None:
        if not record.gates:
            return
        self._add(labels.heading(self.tr("QUALITY GATES")))
        for label in gate_labels(record.gates):
            self._add(label)

    def _begin(self) -> None:
        labels.clear(self._column)
        self.bars = None
        self.accept_buttons = {}
        self._add(labels.title(named("Diagnosis")))

    def _add(self, label: QLabel) -> None:
        self._column.addWidget(label)
