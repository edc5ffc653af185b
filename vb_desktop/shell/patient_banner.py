"""Whose scan this is, always in view."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from vb_desktop.pipeline.case import Identity
from vb_desktop.shell import theme

HEIGHT = 46


class PatientBanner(QWidget):
    """Identity and study as read, the space that is shown, and the badges.

    Signals:
        space_requested (str): "native" or "mni".
    """

    space_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.patient = _line("patient")
        self.study = _line("quiet")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.patient)
        words.addWidget(self.study)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 10, 2)
        row.setSpacing(6)
        row.addLayout(words, stretch=1)
        self.oblique = _badge("", "oblique")
        self.synthetic = _badge(self.tr("SYNTHETIC CASE"), "synthetic")
        self.demo_model = _badge(self.tr("DEMONSTRATION MODEL"), "demo")
        self.research = _badge(self.tr("RESEARCH USE ONLY"), "research")
        self.demo_model.setToolTip(self.tr("Trained on synthetic cases: not for clinical use."))
        self.research.setToolTip(self.tr("Not a substitute for biopsy."))
        self._spaces = self._space_buttons(row)
        for badge in (self.oblique, self.synthetic, self.demo_model, self.research):
            row.addWidget(badge, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.follow_look()
        self.show_nothing()

    def follow_look(self) -> None:
        """As high as the font asks for."""
        self.setFixedHeight(theme.scaled(HEIGHT))

    def show_nothing(self) -> None:
        """No case is open."""
        self.patient.setText(self.tr("No scan open"))
        self.study.setText("")
        self.study.hide()
        for badge in (self.oblique, self.synthetic, self.demo_model):
            badge.hide()
        self.offer_spaces((), "native")

    def show_identity(self, identity: Identity, *, synthetic: bool, demo_model: bool, obliquity_deg: float) -> None:
        """Show whose scan it is, exactly as read."""
        born = self.tr("born {date}").format(date=identity.birth_date) if identity.birth_date else ""
        age = self.tr("{age} y").format(age=identity.age) if identity.age and not identity.birth_date else ""
        sex = self.tr("sex {sex}").format(sex=identity.sex) if identity.sex else ""
        number = self.tr("ID {id}").format(id=identity.patient_id) if identity.patient_id else ""
        who = "   ".join(part for part in (identity.name, number, born or age, sex) if part)
        self.patient.setText(who or self.tr("No identity in the file"))
        study = (identity.study_description, identity.series_description, identity.study_date)
        self.study.setText("  ·  ".join(part for part in study if part) or self.tr("No study information in the file"))
        self.study.show()
        self.patient.setToolTip(self.patient.text())
        self.study.setToolTip(self.study.text())
        self.synthetic.setVisible(synthetic)
        self.demo_model.setVisible(demo_model)
        self.oblique.setText(self.tr("OBLIQUE BY {angle}°").format(angle=f"{obliquity_deg:.0f}"))
        self.oblique.setToolTip(self.tr("Shown on the scan's own voxel grid, not turned to the axes of the patient."))
        self.oblique.setVisible(obliquity_deg >= 0.5)

    def offer_spaces(self, spaces: tuple[str, ...], current: str) -> None:
        """Which spaces the case can be shown in."""
        for name, button in self._spaces.items():
            button.setEnabled(name in spaces)
            button.setChecked(name == current)
            button.setVisible(bool(spaces))

    def _space_buttons(self, row: QHBoxLayout) -> dict[str, QPushButton]:
        group = QButtonGroup(self)
        buttons: dict[str, QPushButton] = {}
        for name, text, tip in (
            ("native", self.tr("Native"), self.tr("The scan as it was read.")),
            ("mni", "MNI", self.tr("The processed scan in the space of the MNI152 template.")),
        ):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(self.tr("Show the {space} space").format(space=text))
            group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(lambda _=False, name=name: self.space_requested.emit(name))
            buttons[name] = button
        return buttons


def _line(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _badge(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("badge")
    label.setProperty("kind", kind)
    return label
