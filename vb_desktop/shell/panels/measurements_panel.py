"""What the reader measured: a line each, taken out or exported."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from vb_desktop.pipeline.reading import ReaderMeasurement, Reading
from vb_desktop.shell import labels
from vb_desktop.shell.screen_words import named


class MeasurementsPanel(QWidget):
    """The reader's lines and two-diameter measurements.

    Signals:
        chosen (object): a measurement is to be shown.
        removed (object): a measurement is to be taken out.
        export_requested (Path): all are to be written as CSV.
    """

    chosen = Signal(object)
    removed = Signal(object)
    export_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(labels.heading(self.tr("READER'S MEASUREMENTS")))
        self.how = labels.quiet(
            self.tr("Ruler (F3): drag a line; a second line on the same slice makes two diameters as for RANO.")
        )
        column.addWidget(self.how)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Reader's measurements"))
        self.list.setFixedHeight(84)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.list.itemActivated.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.list.itemSelectionChanged.connect(self._enable)
        column.addWidget(self.list)
        self.remove = QPushButton(self.tr("Take out"))
        self.remove.clicked.connect(self._remove)
        self.export = QPushButton(self.tr("Export as CSV…"))
        self.export.clicked.connect(self._choose_file)
        row = QHBoxLayout()
        row.addWidget(self.remove)
        row.addWidget(self.export)
        column.addLayout(row)
        self._can_change = False
        self.show_reading(Reading(), can_change=False)

    def show_reading(self, reading: Reading, *, can_change: bool) -> None:
        """The measurements of a case."""
        self._can_change = can_change
        self.list.clear()
        for item in reading.measurements:
            shown = QListWidgetItem(self.words(item))
            shown.setData(Qt.ItemDataRole.UserRole, item)
            shown.setToolTip(f"{item.author}  {item.time}".strip())
            self.list.addItem(shown)
        self.list.setVisible(bool(reading.measurements))
        self.remove.setVisible(bool(reading.measurements))
        self.export.setVisible(bool(reading.measurements) or reading.region is not None)
        self._enable()

    def words(self, item: ReaderMeasurement) -> str:
        """A measurement as a line of text."""
        lengths = " × ".join(f"{line.length_mm:.1f}" for line in item.lines)
        said = f"{lengths} mm"
        if item.product_mm2 is not None:
            said += f" = {item.product_mm2:.0f} mm²"
        where = named(item.plane.capitalize())
        return f"{said}   {where}" + ("" if item.space == "native" else "   MNI")

    def _enable(self) -> None:
        self.remove.setEnabled(self._can_change and bool(self.list.selectedItems()))

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.removed.emit(item.data(Qt.ItemDataRole.UserRole))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export as CSV"), "measurements.csv", "CSV (*.csv)")
        if name:
            self.export_requested.emit(Path(name))
