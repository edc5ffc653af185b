"""The layers: what is shown, how strongly, from which value on, and what its colour means."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vb_desktop.shell import labels
from vb_desktop.shell.language import translate
from vb_desktop.shell.panels.layer_legend import HAS_THRESHOLD, Legend, Swatch
from vb_desktop.shell.screen_words import class_name, named
from vb_desktop.shell.shown_layers import LayerId, LayerState, ShownLayers


class Row(NamedTuple):
    """A row of the panel: one of the paper's six layers.

    Attributes:
        key: that toggles it.
        title: its name.
        layer: what it is in the views.
        space: for the two images: the space that shows them; else empty.
    """

    key: str
    title: str
    layer: LayerId
    space: str = ""


ROWS = (
    Row("1", "Scan", LayerId.IMAGE, "native"),
    Row("2", "Processed", LayerId.IMAGE, "mni"),
    Row("3", "Boxes", LayerId.BOXES),
    Row("4", "Coarse prior", LayerId.COARSE),
    Row("5", "Refined prior", LayerId.REFINED),
    Row("6", "Grad-CAM", LayerId.GRAD_CAM),
)


class LayersPanel(QWidget):
    """A row a layer; opacity, threshold, legend and meaning of the one that was chosen last.

    Signals:
        space_requested (str): "native" (the scan) or "mni" (the processed scan).
        compare_requested (str, str, str): "pair", "blink" or "", and the titles of the two layers.
    """

    space_requested = Signal(str)
    compare_requested = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown: ShownLayers | None = None
        self._space, self._spaces = "native", frozenset[str]()
        self._sources: tuple[str, ...] = ()
        self._named = ""
        self.chosen = "Scan"
        self.toggles: dict[str, QCheckBox] = {}
        self._names: dict[str, _Name] = {}
        self._swatches: dict[str, Swatch] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(4)
        self._comparison(column)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(2, 1)
        for n, row in enumerate(ROWS):
            self._add_row(grid, n, row)
        column.addLayout(grid)
        self._details(column)
        self._show()

    def use(self, shown: ShownLayers) -> None:
        """The choice of layers that this panel shows and changes."""
        self._shown = shown
        shown.changed.connect(self._show)
        self._show()

    def show_space(self, space: str, spaces: tuple[str, ...]) -> None:
        """Which space is shown, and which there are."""
        self._space, self._spaces = space, frozenset(spaces)
        if self.chosen in ("Scan", "Processed"):
            self.chosen = "Scan" if space == "native" else "Processed"
        self._show()

    def show_sources(self, sources: tuple[str, ...], named: str) -> None:
        """Whose boxes there are, as `Box.source` and in words."""
        self._sources, self._named = sources, named
        self._swatches["Boxes"].sources = sources
        self._swatches["Boxes"].update()
        self._show()

    def choose(self, title: str) -> None:
        """Show what can be set for a layer."""
        self.chosen = title
        self._show()

    def press(self, key: str) -> None:
        """A key of the keyboard: toggle its layer, or change to its space."""
        row = next(row for row in ROWS if row.key == key)
        if self._shown is None or not self.toggles[row.title].isEnabled():
            return
        self.chosen = row.title
        self.toggles[row.title].click()

    # --- parts ------------------------------------------------------------------------------------------------------

    def _add_row(self, grid: QGridLayout, n: int, row: Row) -> None:
        key = QLabel(row.key)
        key.setObjectName("key")
        key.setToolTip(self.tr("Key {key}").format(key=row.key))
        key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        key.setFixedSize(18, 18)
        toggle = QCheckBox()
        toggle.setAccessibleName(self.tr("Show: {layer}").format(layer=named(row.title)))
        toggle.clicked.connect(lambda on, row=row: self._toggled(row, on))
        self.toggles[row.title] = toggle
        name = _Name(named(row.title))
        name.pressed.connect(lambda row=row: self.choose(row.title))
        self._names[row.title] = name
        swatch = Swatch(row.layer)
        self._swatches[row.title] = swatch
        grid.addWidget(key, n, 0)
        grid.addWidget(toggle, n, 1)
        if row.layer == LayerId.GRAD_CAM:
            line = QHBoxLayout()
            line.setSpacing(6)
            line.addWidget(name)
            self.classes = QComboBox()
            self.classes.setAccessibleName(self.tr("Class of the Grad-CAM"))
            self.classes.activated.connect(self._class_chosen)
            line.addWidget(self.classes, stretch=1)
            grid.addLayout(line, n, 2)
        else:
            grid.addWidget(name, n, 2)
        grid.addWidget(swatch, n, 3)
        grid.setRowMinimumHeight(n, 22)

    def _details(self, column: QVBoxLayout) -> None:
        self.looking_at = labels.quiet()
        column.addWidget(self.looking_at)
        self.legend = Legend()
        column.addWidget(self.legend)
        row = QHBoxLayout()
        row.setSpacing(6)
        self.opacity, self._opacity_words = self._slider(row, self.tr("Opacity"))
        self.threshold, self._threshold_words = self._slider(row, self.tr("Threshold"))
        self.opacity.valueChanged.connect(self._opacity_set)
        self.threshold.valueChanged.connect(self._threshold_set)
        column.addLayout(row)

    def _slider(self, row: QHBoxLayout, name: str) -> tuple[QSlider, QLabel]:
        word = QLabel(name)
        word.setObjectName("quiet")
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setAccessibleName(name)
        said = QLabel()
        said.setObjectName("quiet")
        said.setFixedWidth(34)
        row.addWidget(word)
        row.addWidget(slider, stretch=1)
        row.addWidget(said)
        return slider, said

    def _comparison(self, column: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.setContentsMargins(0, 4, 0, 2)
        heading = QLabel(self.tr("COMPARE"))
        heading.setObjectName("heading")
        row.addWidget(heading)
        self.left, self.right = QComboBox(), QComboBox()
        for box, name in ((self.left, self.tr("Compare this layer")), (self.right, self.tr("with this layer"))):
            for title in ("Scan alone", *(row.title for row in ROWS[2:])):
                box.addItem(named(title), title)
            box.setAccessibleName(name)
            box.setToolTip(name)
            box.setObjectName("small")
            box.setMinimumWidth(60)
            box.currentIndexChanged.connect(self._compare)
        self.right.setCurrentIndex(self.right.findData("Refined prior"))
        self.pair, self.blink = QToolButton(), QToolButton()
        for button, text, tip, mode in (
            (self.pair, "◫", self.tr("Side by side (F8)"), "pair"),
            (self.blink, "⇄", self.tr("Blink: one, then the other (F9)"), "blink"),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setCheckable(True)
            button.setObjectName("small")
            button.toggled.connect(lambda on, mode=mode: self._mode_chosen(mode, on))
        row.addWidget(self.left, stretch=1)
        row.addWidget(self.right, stretch=1)
        row.addWidget(self.pair)
        row.addWidget(self.blink)
        column.addLayout(row)

    # --- what is asked ----------------------------------------------------------------------------------------------

    def _toggled(self, row: Row, on: bool) -> None:
        if self._shown is None:
            return
        self.chosen = row.title
        if row.space and row.space != self._space:
            self._shown.show(LayerId.IMAGE, True)
            self.space_requested.emit(row.space)
        else:
            self._shown.show(row.layer, on)
        self._show()

    def _class_chosen(self, n: int) -> None:
        if self._shown is not None and n >= 0:
            self.chosen = "Grad-CAM"
            self._shown.show_class(self._shown.classes[n])
            self._shown.show(LayerId.GRAD_CAM, True)

    def _opacity_set(self, value: int) -> None:
        if self._shown is not None:
            self._shown.set_opacity(self._row.layer, value / 100)

    def _threshold_set(self, value: int) -> None:
        if self._shown is not None:
            self._shown.set_threshold(self._row.layer, value / 100)

    def _mode_chosen(self, mode: str, on: bool) -> None:
        if on:
            other = self.blink if mode == "pair" else self.pair
            other.setChecked(False)
        self._compare()

    def _compare(self) -> None:
        if not hasattr(self, "blink"):
            return
        mode = "pair" if self.pair.isChecked() else "blink" if self.blink.isChecked() else ""
        self.compare_requested.emit(mode, self.left.currentData(), self.right.currentData())

    def end_comparison(self) -> None:
        """Neither side by side nor blinking."""
        self.pair.setChecked(False)
        self.blink.setChecked(False)

    # --- what is said -----------------------------------------------------------------------------------------------

    @property
    def _row(self) -> Row:
        return next(row for row in ROWS if row.title == self.chosen)

    def _show(self) -> None:
        there = self._shown.there if self._shown is not None else frozenset[LayerId]()
        visible = self._shown.visible if self._shown is not None else frozenset[LayerId]()
        for row in ROWS:
            can = row.layer in there and (not row.space or row.space in self._spaces)
            toggle = self.toggles[row.title]
            toggle.setEnabled(can)
            toggle.setChecked(can and row.layer in visible and row.space in ("", self._space))
            self._names[row.title].mark(can, row.title == self.chosen)
            self._swatches[row.title].setEnabled(can)
        self.classes.setEnabled(LayerId.GRAD_CAM in there)
        if self._shown is not None:
            wanted = [class_name(class_) for class_ in self._shown.classes]
            if wanted != [self.classes.itemText(n) for n in range(self.classes.count())]:
                self.classes.clear()
                self.classes.addItems(wanted)
            if self._shown.class_:
                self.classes.setCurrentText(class_name(self._shown.class_))
        row = self._row
        state = self._shown.states[row.layer] if self._shown is not None else LayerState(1.0, 0.0)
        for slider, said, value in (
            (self.opacity, self._opacity_words, state.opacity),
            (self.threshold, self._threshold_words, state.threshold),
        ):
            with QSignalBlocker(slider):
                slider.setValue(round(100 * value))
            said.setText(f"{100 * value:.0f} %" if slider is self.opacity else f"{value:.2f}")
        has = row.layer in HAS_THRESHOLD
        self.threshold.setEnabled(has and row.layer in there)
        self.opacity.setEnabled(row.layer in there)
        if not has:
            self._threshold_words.setText("–")
        self.legend.show_layer(row.layer, state, self._sources)
        class_ = self._shown.class_ if self._shown is not None else ""
        if there:
            self.looking_at.setText(looking_at(row.title, state, class_, self._named))
        else:
            self.looking_at.setText(self.tr("No layer is shown."))


def looking_at(title: str, state: LayerState, class_: str = "", sources: str = "") -> str:
    """One line: what a layer means.

    Args:
        title: of its row.
        state: how it is shown.
        class_: whose Grad-CAM it is.
        sources: whose boxes they are, in words.
    """
    match title:
        case "Scan":
            return translate("LookingAt", "Scan: the image as it was read, in the scanner's own values.")
        case "Processed":
            return translate(
                "LookingAt", "Processed: brain alone, bias removed, in template space (MNI152), as z-scores."
            )
        case "Boxes":
            if not sources:
                return translate("LookingAt", "Boxes: none.")
            return translate("LookingAt", "Boxes: one a slice, with its confidence, by: {sources}.").format(
                sources=sources
            )
        case "Coarse prior":
            return translate("LookingAt", "Coarse prior: the boxes stacked, smoothed and dilated. Not a segmentation.")
        case "Refined prior":
            at_half = abs(state.threshold - 0.5) < 0.005
            line = translate("LookingAt", "0.5, the localised region") if at_half else f"{state.threshold:.2f}"
            return translate(
                "LookingAt", "Refined prior: coarse prior and voxel-wise network together; the line lies at {line}."
            ).format(line=line)
        case _:
            whom = class_name(class_) or translate("LookingAt", "the class")
            return translate(
                "LookingAt", "Grad-CAM: what raised the model's score for {whom}. Not where the tumour is."
            ).format(whom=whom)


class _Name(QPushButton):
    """A name to click on."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setObjectName("layer")
        self.setFlat(True)

    def mark(self, can: bool, is_chosen: bool) -> None:
        for name, on in (("there", can), ("chosen", is_chosen)):
            if self.property(name) is not on:
                self.setProperty(name, on)
                self.style().polish(self)
