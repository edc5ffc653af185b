"""The reader's region: painted on the localised region, the reader's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from vb_desktop.pipeline.reading import Reading
from vb_desktop.shell import labels

LEAST_MM, MOST_MM, FIRST_MM = 1, 20, 4


class RegionPanel(QWidget):
    """Begin, paint, show, take out.

    Signals:
        begin_requested: take the localised region to begin with.
        paint_requested (bool): the left button is for the brush, or not any more.
        clear_requested: take the region out.
        shown (bool): draw the region over the image, or not.
        radius_chosen (float): of the brush, mm.
    """

    begin_requested = Signal()
    paint_requested = Signal(bool)
    clear_requested = Signal()
    shown = Signal(bool)
    radius_chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(labels.heading(self.tr("READER'S REGION")))
        self.said = labels.body()
        column.addWidget(self.said)
        column.addWidget(
            labels.quiet(
                self.tr(
                    "Painted by the reader in native space and kept with the case. Its volume is listed with the "
                    "reader's measurements; priors and diagnosis are not computed from it."
                )
            )
        )
        self.begin = QPushButton(self.tr("Begin with the localised region"))
        self.begin.clicked.connect(self.begin_requested)
        column.addWidget(self.begin)
        self.paint = QPushButton(self.tr("Paint"))
        self.paint.setCheckable(True)
        self.paint.setToolTip(self.tr("Drag paints on the slice; with Shift it rubs out"))
        self.paint.clicked.connect(self.paint_requested)
        self.clear = QPushButton(self.tr("Take out"))
        self.clear.clicked.connect(self.clear_requested)
        row = QHBoxLayout()
        row.addWidget(self.paint)
        row.addWidget(self.clear)
        column.addLayout(row)
        self.radius = QSlider(Qt.Orientation.Horizontal)
        self.radius.setRange(LEAST_MM, MOST_MM)
        self.radius.setValue(FIRST_MM)
        self.radius.setAccessibleName(self.tr("Radius of the brush in mm"))
        self.radius_said = QLabel()
        self.radius.valueChanged.connect(self._radius_changed)
        brush = QHBoxLayout()
        brush.addWidget(QLabel(self.tr("Brush")))
        brush.addWidget(self.radius, stretch=1)
        brush.addWidget(self.radius_said)
        column.addLayout(brush)
        self.show_it = QCheckBox(self.tr("Show over the image"))
        self.show_it.setChecked(True)
        self.show_it.toggled.connect(self.shown)
        column.addWidget(self.show_it)
        self._radius_changed(FIRST_MM)
        self.show_reading(Reading(), can_change=False, can_begin=False)

    def show_reading(self, reading: Reading, *, can_change: bool, can_begin: bool) -> None:
        """The region of a case."""
        region = reading.region
        if region is None:
            self.said.setText(self.tr("No region of the reader's."))
        else:
            said = self.tr("{volume} mL, painted by {reader}")
            self.said.setText(said.format(volume=f"{region.volume_ml:.1f}", reader=region.author))
        self.begin.setEnabled(can_begin)
        self.paint.setEnabled(can_change)
        self.clear.setEnabled(can_change and region is not None)
        if not can_change:
            self.paint.setChecked(False)

    def _radius_changed(self, mm: int) -> None:
        self.radius_said.setText(f"{mm} mm")
        self.radius_chosen.emit(float(mm))
