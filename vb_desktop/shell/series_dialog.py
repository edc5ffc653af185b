"""The series of an examination, to choose one: what each is, how likely it is the T1-CE and why, what forbids it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vb_desktop.pipeline.scan_import.series_list import ListedVolume
from vb_desktop.pipeline.scan_import.thumbnails import Thumbnail
from vb_desktop.shell import labels, theme
from vb_desktop.shell.language import say
from vb_desktop.shell.series_jobs import ListedSeries

_ID = Qt.ItemDataRole.UserRole
_PICTURE = 72


class SeriesDialog(QDialog):
    """A row a volume; the proposed one is chosen at first.

    Signals:
        chosen (str): id of the volume that is to be opened.
    """

    chosen = Signal(str)

    def __init__(self, listed: ListedSeries, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Series of this examination"))
        self._volumes = {volume.id: volume for volume in listed.series.volumes}
        pictures = {picture.id: picture for picture in listed.pictures}
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.addWidget(labels.title(self.tr("Choose the contrast-enhanced T1")))
        column.addWidget(labels.body(say(listed.series.proposal)))
        for remark in listed.series.remarks:
            column.addWidget(labels.note(say(remark), "attention"))
        self.take = QPushButton(self.tr("Open this series"))
        self.take.setObjectName("primary")
        self.take.clicked.connect(self._choose)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Series"))
        self.list.setRootIsDecorated(False)
        self.list.setIconSize(QSize(_PICTURE, _PICTURE))
        self.list.setHeaderLabels(
            [
                self.tr("Series"), self.tr("What"), self.tr("Description"), self.tr("Grid"), self.tr("Voxel, mm"),
                self.tr("Plane"), self.tr("T1-CE"), "",
            ]
        )  # fmt: skip
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for volume in listed.series.volumes:
            self.list.addTopLevelItem(self._row(volume, pictures.get(volume.id), listed.series.proposed_id))
        self.list.currentItemChanged.connect(lambda item, _: self._show(item))
        self.list.itemDoubleClicked.connect(lambda *_: self.take.click())
        column.addWidget(self.list, stretch=1)
        self.reasons = labels.quiet()
        column.addWidget(self.reasons)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(cancel)
        foot.addWidget(self.take)
        column.addLayout(foot)
        self.resize(theme.scaled(980), theme.scaled(620))
        self._show(None)
        first = next((row for row in self._rows() if row.data(0, _ID) == listed.series.proposed_id), None)
        if first is not None:
            self.list.setCurrentItem(first)

    def _rows(self) -> list[QTreeWidgetItem]:
        rows = (self.list.topLevelItem(n) for n in range(self.list.topLevelItemCount()))
        return [row for row in rows if row is not None]

    def _row(self, volume: ListedVolume, picture: Thumbnail | None, proposed: str | None) -> QTreeWidgetItem:
        grid = volume.geometry
        state = ""
        if volume.why_unusable is not None:
            state = self.tr("can't be used")
        elif volume.id == proposed:
            state = self.tr("proposed")
        item = QTreeWidgetItem(
            [
                volume.number,
                f"{volume.kind} {volume.part}".strip(),
                volume.description,
                f"{grid.columns} × {grid.rows} × {grid.slices}" if grid else "",
                " × ".join("?" if edge is None else f"{edge:.2g}" for edge in grid.spacing_mm) if grid else "",
                grid.orientation if grid else "",
                f"{volume.t1ce.value:.2f}",
                state,
            ]
        )
        item.setData(0, _ID, volume.id)
        if picture is not None and picture.pixels is not None:
            rows, columns = picture.pixels.shape
            kind = QImage.Format.Format_Grayscale8
            image = QImage(picture.pixels.tobytes(), columns, rows, columns, kind).copy()
            item.setIcon(0, QIcon(QPixmap.fromImage(image)))
        return item

    def _show(self, item: QTreeWidgetItem | None) -> None:
        volume = self._volumes.get(item.data(0, _ID)) if item is not None else None
        self.take.setEnabled(volume is not None and volume.why_unusable is None)
        if volume is None:
            self.reasons.setText(self.tr("Choose a series to see what speaks for it."))
        elif volume.why_unusable is not None:
            self.reasons.setText(say(volume.why_unusable))
        else:
            said = [f"{reason.weight:+.2f}  {say(reason.message)}" for reason in volume.t1ce.reasons]
            problem = [say(volume.geometry.problem)] if volume.geometry and volume.geometry.problem else []
            self.reasons.setText("\n".join([*said, *problem, *map(say, volume.remarks)]))

    def _choose(self) -> None:
        if (item := self.list.currentItem()) is not None:
            self.chosen.emit(str(item.data(0, _ID)))
            self.accept()
