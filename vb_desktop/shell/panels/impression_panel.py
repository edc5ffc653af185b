"""The reader's own impression, recorded before the model's answer is shown where the reader wants it so."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.reading import Impression
from vb_desktop.shell import labels
from vb_desktop.shell.screen_words import class_name

UNDECIDED = "undecided"
_SURE = ("low", "moderate", "high")


class ImpressionPanel(QWidget):
    """Class, confidence and note; nothing is filled in beforehand.

    Signals:
        recorded (str, str, str): class, confidence and note.
        read_first_chosen (bool): whether the model's answer waits for the reader's.
    """

    recorded = Signal(str, str, str)
    read_first_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._is_open = self._is_hidden = False
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 4)
        column.setSpacing(6)
        column.addWidget(labels.heading(self.tr("YOUR IMPRESSION")))
        self.read_first = QCheckBox(self.tr("Read first"))
        self.read_first.setToolTip(self.tr("The model's answer stays hidden until your own impression is recorded"))
        self.read_first.toggled.connect(self.read_first_chosen)
        column.addWidget(self.read_first)
        self.said = labels.body()
        column.addWidget(self.said)
        self.open_form = QPushButton(self.tr("Record an impression…"))
        self.open_form.setObjectName("flat")
        self.open_form.setCheckable(True)
        self.open_form.toggled.connect(self._show_form)
        column.addWidget(self.open_form)
        self.form = QWidget()
        form = QFormLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        self.class_ = QComboBox()
        self.class_.addItem(self.tr("Choose…"), "")
        for name in CLASSES:
            self.class_.addItem(class_name(name), name)
        self.class_.addItem(self.tr("undecided"), UNDECIDED)
        self.confidence = QComboBox()
        self.confidence.addItem(self.tr("Choose…"), "")
        for code, words in zip(_SURE, self._sure(), strict=True):
            self.confidence.addItem(words, code)
        self.note = QPlainTextEdit()
        self.note.setFixedHeight(58)
        self.note.setTabChangesFocus(True)
        self.note.setAccessibleName(self.tr("Note"))
        form.addRow(self.tr("Class"), self.class_)
        form.addRow(self.tr("Confidence"), self.confidence)
        form.addRow(self.tr("Note"), self.note)
        column.addWidget(self.form)
        self.record = QPushButton(self.tr("Record"))
        self.record.setObjectName("primary")
        self.record.clicked.connect(self._record)
        column.addWidget(self.record)
        for box in (self.class_, self.confidence):
            box.currentIndexChanged.connect(self._enable)
        self.show_impression(None, hidden=False, can_change=False)

    def show_impression(self, said: Impression | None, *, hidden: bool, can_change: bool) -> None:
        """What was recorded, or the form to record it.

        Args:
            said: the impression; None for none yet.
            hidden: the model's answer waits for it.
            can_change: there is a case that is not signed.
        """
        self._is_open, self._is_hidden = can_change and said is None, hidden
        self._show_form()
        if said is not None:
            before = (
                self.tr("recorded before the result") if said.before_result else self.tr("recorded after the result")
            )
            name = self.tr("undecided") if said.class_ == UNDECIDED else class_name(said.class_)
            sure = dict(zip(_SURE, self._sure(), strict=True))[said.confidence]
            lines = [
                self.tr("{class_name}, confidence {sure} ({when}).").format(class_name=name, sure=sure, when=before)
            ]
            self.said.setText("\n".join([*lines, said.note] if said.note else lines))
        elif hidden:
            self.said.setText(self.tr("The model's answer is hidden until your impression is recorded."))
        else:
            self.said.setText("")
        if said is None and not can_change:
            self.forget()
        self.record.setText(self.tr("Record and show the answer") if hidden else self.tr("Record"))
        self._enable()

    def forget(self) -> None:
        """Nothing of one case stays in the form for the next."""
        self.open_form.setChecked(False)
        self.class_.setCurrentIndex(0)
        self.confidence.setCurrentIndex(0)
        self.note.clear()

    def _show_form(self) -> None:
        """At once where the answer waits for it; else one line that opens it, so that the answer keeps its place."""
        self.open_form.setVisible(self._is_open and not self._is_hidden)
        shown = self._is_open and (self._is_hidden or self.open_form.isChecked())
        self.form.setVisible(shown)
        self.record.setVisible(shown)

    def _sure(self) -> tuple[str, str, str]:
        return self.tr("low"), self.tr("moderate"), self.tr("high")

    def _enable(self) -> None:
        self.record.setEnabled(bool(self.class_.currentData() and self.confidence.currentData()))

    def _record(self) -> None:
        class_, sure, note = self.class_.currentData(), self.confidence.currentData(), self.note.toPlainText().strip()
        self.forget()
        self.recorded.emit(class_, sure, note)
