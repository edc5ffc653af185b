"""The boxes: of whom they are, what was said of the slice, and the reader's corrections."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.shell import labels
from vb_desktop.shell.box_editor import BoxEditor
from vb_desktop.shell.language import QT_TRANSLATE_NOOP
from vb_desktop.shell.panels import case_words as words
from vb_desktop.shell.screen_words import named, say_record, source_name
from vb_desktop.shell.shown_boxes import ShownBox
from vb_desktop.shell.slice_overlay import box_pen

_IMPORT = "scan_import."
_ID, _SLICE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_HOW = QT_TRANSLATE_NOOP(
    "BoxesPanel", "Drag: a new box. Click a box: drag it or its handles; Shift+click: a second one."
)


class BoxesPanel(QWidget):
    """The boxes, one line each; a click shows the slice.

    Signals:
        slice_requested (int): axial slice of the grid that is shown.
        edit_requested (bool): begin or end correcting.
        copy_requested: the selected box on the slice that is shown.
    """

    slice_requested = Signal(int)
    edit_requested = Signal(bool)
    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._editor: BoxEditor | None = None
        self._boxes: list[ShownBox] = []
        self._config: dict[str, object] = {}
        self._slice = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(6)
        self._column.addWidget(labels.title(named("Boxes")))
        self.summary = labels.body()
        self._column.addWidget(self.summary)
        self._build_correction()
        self.said = labels.quiet()
        self._column.addWidget(self.said)
        self.list = QListWidget()
        self.list.setAccessibleName(named("Boxes"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setIconSize(QSize(20, 14))
        self.list.setMinimumHeight(110)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._chosen)
        self.list.itemActivated.connect(self._chosen)
        self.list.itemSelectionChanged.connect(self._selected)
        self._column.addWidget(self.list, stretch=1)
        self._column.addWidget(labels.quiet(self.tr("Width × depth. Click a box to see its slice.")))
        self._remarks = QVBoxLayout()
        self._column.addLayout(self._remarks)
        self.show_nothing()

    def text(self) -> str:
        """Everything that the panel says."""
        return "\n".join(label.text() for label in self.findChildren(QLabel) if label.isVisibleTo(self))

    def show_nothing(self) -> None:
        """No case."""
        self._boxes = []
        self._summary = self.tr("No boxes yet: analyse a scan first.")
        self.summary.setText(self._summary)
        labels.clear(self._remarks)
        self.show_boxes([])
        self._show_tools()

    def show_case(self, case: Case) -> None:
        """What a case says of its boxes."""
        self._config = dict(case.record.config.get("vlm") or {})
        self._summary = words.boxes_line(case.record)
        self.summary.setText(self._summary)
        labels.clear(self._remarks)
        for remark in case.record.remarks:
            if not remark.id.startswith(_IMPORT):
                self._remarks.addWidget(labels.note(say_record(remark), "attention"))

    def use(self, editor: BoxEditor) -> None:
        """The corrections that this panel shows and makes."""
        self._editor = editor
        editor.changed.connect(self._show_tools)
        editor.refused.connect(self._refused)
        self.undo.clicked.connect(editor.undo)
        self.redo.clicked.connect(editor.redo)
        self.delete.clicked.connect(editor.delete)
        self.fill.clicked.connect(editor.fill)
        self._show_tools()

    def show_boxes(self, boxes: list[ShownBox]) -> None:
        """The boxes as they are shown."""
        if boxes != self._boxes or not boxes:
            self._boxes = list(boxes)
            with QSignalBlocker(self.list):
                self.list.clear()
                for box in boxes:
                    self.list.addItem(self._item(box))
        self._mark()
        self.show_slice(self._slice)

    def show_slice(self, k: int) -> None:
        """The source's own words for the slice that is shown."""
        self._slice = k
        here = [box for box in self._boxes if box.k == k]
        said = [
            f"{source_name(box.source, self._config)}: {box.text}"
            if box.text
            else source_name(box.source, self._config)
            for box in here
        ]
        if here:
            what = "; ".join(dict.fromkeys(said))
            self.said.setText(self.tr("On slice {n}: {what}").format(n=k + 1, what=what))
        else:
            self.said.setText(self.tr("On slice {n}: no box.").format(n=k + 1) if self._boxes else "")

    # --- parts ------------------------------------------------------------------------------------------------------

    def _build_correction(self) -> None:
        self.edit = QPushButton(self.tr("Correct the boxes"))
        self.edit.setCheckable(True)
        self.edit.setToolTip(self.tr("Draw, move, resize and delete boxes in template space (F2)"))
        self.edit.clicked.connect(self.edit_requested)
        self._column.addWidget(self.edit)
        where = self.tr("Boxes lie in template space (MNI), so correcting shows it.")
        self.how = labels.quiet(f"{self.tr(_HOW)} {where}")
        self._column.addWidget(self.how)
        self.undo = _tool(self.tr("Undo"), self.tr("Take the last correction back (Ctrl+Z)"))
        self.redo = _tool(self.tr("Redo"), self.tr("Make it again (Ctrl+Shift+Z)"))
        self.delete = _tool(self.tr("Delete"), self.tr("Take the selected boxes out (Delete)"))
        self.copy = _tool(self.tr("Copy"), self.tr("Copy the selected box to the slice that is shown (Ctrl+D)"))
        self.fill = _tool(self.tr("Fill"), self.tr("Interpolate between the two selected boxes (Ctrl+I)"))
        self.copy.clicked.connect(self.copy_requested)
        self._tools = QWidget()
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in (self.undo, self.redo, self.delete, self.copy, self.fill):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        self._column.addWidget(self._tools)

    def _show_tools(self) -> None:
        editor = self._editor
        can = editor is not None and editor.can_edit
        editing = can and self.edit.isChecked()
        self.edit.setEnabled(can)
        self.edit.setVisible(can)
        for widget in (self.how, self._tools):
            widget.setVisible(editing)
        if editor is None:
            return
        self.summary.setText(
            self._summary + (self.tr(" As corrected: {what}.").format(what=_count(editor)) if editor.is_pending else "")
        )
        self.undo.setEnabled(editor.can_undo)
        self.redo.setEnabled(editor.can_redo)
        self.delete.setEnabled(bool(editor.selected))
        self.copy.setEnabled(len(editor.selected) == 1)
        self.fill.setEnabled(len(editor.selected) == 2)
        self._mark()

    def _refused(self, sentence: str) -> None:
        self.said.setText(sentence)

    def _item(self, box: ShownBox) -> QListWidgetItem:
        width, depth = (high - low for low, high in (box.x_range, box.y_range))
        who = source_name(box.source, self._config)
        if box.source == "reader":
            sure = self.tr("drawn by the reader")
        else:
            sure = self.tr("confidence {value}").format(value=f"{box.confidence:.2f}")
        slice_ = self.tr("slice {n}:").format(n=box.k + 1)
        item = QListWidgetItem(f"{slice_}  {width:.0f} × {depth:.0f} mm   {sure}")
        item.setIcon(_icon(box.source))
        item.setData(_ID, box.id)
        item.setData(_SLICE, box.k)
        item.setToolTip(f"{who}. {box.text}".strip())
        return item

    def _mark(self) -> None:
        """Show the editor's selection in the list."""
        selected = self._editor.selected if self._editor is not None else ()
        with QSignalBlocker(self.list):
            for n in range(self.list.count()):
                item = self.list.item(n)
                item.setSelected(item.data(_ID) in selected)

    def _chosen(self, item: QListWidgetItem) -> None:
        self.slice_requested.emit(int(item.data(_SLICE)))

    def _selected(self) -> None:
        if self._editor is not None:
            chosen = [item.data(_ID) for item in self.list.selectedItems()]
            self._editor.select(chosen)


def _count(editor: BoxEditor) -> str:
    boxes = editor.book.in_force.values()
    return words.box_count(len(boxes), len({box.k for box in boxes}))


def _tool(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName("small")
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


def _icon(source: str) -> QIcon:
    pixmap = QPixmap(40, 28)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setPen(box_pen(source))
    painter.drawRect(2, 2, 16, 10)
    painter.end()
    return QIcon(pixmap)
