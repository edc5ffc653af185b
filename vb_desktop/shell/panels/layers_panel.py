"""The layers: what is shown, how strongly, and what its colour means."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QSlider, QVBoxLayout, QWidget

from napari_plugin import names, palette
from vb_desktop.shell import labels, theme

_GRAD_CAM = "Grad-CAM"
_ONE_LINE = 20
"""Characters of a name that fit on one line."""
_MEANINGS = {
    names.SCAN: "Scan: the image itself.",
    names.COARSE_PRIOR: "Coarse prior: boxes stacked, smoothed and dilated; black 0 to violet 1.",
    names.REFINED_PRIOR: "Refined prior: line where it passes 0.5, light fill above.",
}


class LayersPanel(QWidget):
    """A row a layer; the Grad-CAM of the classes share one row, where the class is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(4)
        column.addWidget(labels.heading("LAYERS"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(3)
        column.addLayout(self._rows)
        self.looking_at = labels.quiet()
        column.addWidget(self.looking_at)
        self.toggles: dict[str, QCheckBox] = {}
        self.opacities: dict[str, QSlider] = {}
        self.classes: QComboBox | None = None
        self._cams: dict[str, Any] = {}
        self._layers: list[Any] = []
        self.show_layers([])

    def show_layers(self, layers: list[Any]) -> None:
        """Offer these napari layers, the scan first."""
        labels.clear(self._rows)
        self.toggles, self.opacities, self.classes = {}, {}, None
        self._layers = list(layers)
        self._cams = {layer.name: layer for layer in layers if layer.name.startswith(_GRAD_CAM)}
        for layer in layers:
            if layer.name not in self._cams:
                self._add_row(layer.name, [layer])
        if self._cams:
            self._add_row(_GRAD_CAM, list(self._cams.values()))
        self._say()

    def _add_row(self, name: str, layers: list[Any]) -> None:
        row = QGridLayout()
        row.setHorizontalSpacing(8)
        row.setVerticalSpacing(0)
        row.setColumnStretch(1, 1)
        row.setRowMinimumHeight(0, 24 if len(name) <= _ONE_LINE else 36)
        toggle = QCheckBox()
        toggle.setChecked(any(layer.visible for layer in layers))
        toggle.setAccessibleName(f"Show {name}")
        toggle.toggled.connect(lambda on, name=name: self._toggle(name, on))
        self.toggles[name] = toggle
        row.addWidget(toggle, 0, 0)
        if name == _GRAD_CAM:
            self.classes = self._class_box()
            row.addWidget(self.classes, 0, 1)
        else:
            row.addWidget(labels.body(name), 0, 1)
        row.addWidget(_Swatch(name), 0, 2)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setFixedWidth(70)
        slider.setValue(round(100 * layers[0].opacity))
        slider.setAccessibleName(f"Opacity of {name}")
        slider.setToolTip(f"Opacity {slider.value()} %")
        slider.valueChanged.connect(lambda value, name=name: self._set_opacity(name, value))
        self.opacities[name] = slider
        row.addWidget(slider, 0, 3)
        self._rows.addLayout(row)

    def _class_box(self) -> QComboBox:
        box = QComboBox()
        box.addItems(list(self._cams))
        box.setCurrentText(next((name for name, layer in self._cams.items() if layer.visible), box.currentText()))
        box.setAccessibleName("Class of the Grad-CAM")
        box.currentTextChanged.connect(lambda _: self._toggle(_GRAD_CAM, self.toggles[_GRAD_CAM].isChecked()))
        return box

    def _of(self, name: str) -> list[Any]:
        if name == _GRAD_CAM:
            return list(self._cams.values())
        return [layer for layer in self._layers if layer.name == name]

    def _toggle(self, name: str, on: bool) -> None:
        chosen = self.classes.currentText() if name == _GRAD_CAM and self.classes is not None else None
        for layer in self._of(name):
            layer.visible = on and chosen in (None, layer.name)
        self._say()

    def _set_opacity(self, name: str, value: int) -> None:
        self.opacities[name].setToolTip(f"Opacity {value} %")
        for layer in self._of(name):
            layer.opacity = value / 100

    def _say(self) -> None:
        shown = [layer for layer in self._layers if layer.visible]
        self.looking_at.setText(looking_at([layer.name for layer in shown]))


def looking_at(shown: list[str]) -> str:
    """One line: what the topmost layer that is shown means."""
    if not shown:
        return "No layer is shown."
    top = shown[-1]
    if top.startswith(_GRAD_CAM):
        class_ = top.removeprefix(f"{_GRAD_CAM} (").removesuffix(")")
        return f"Grad-CAM: where the model looked for {class_}, from 0 to 1; the lowest 20 % are not drawn."
    if top.startswith("Boxes"):
        return f"{top}: one box a slice, with its confidence."
    return _MEANINGS.get(top, top)


class _Swatch(QWidget):
    """The layer's palette."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setFixedSize(34, 14)
        self._name = name

    def paintEvent(self, _: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        area = self.rect().adjusted(1, 1, -1, -1)
        if self._name.startswith("Boxes"):
            painter.setPen(QColor(palette.TEAL if self._name == names.boxes("reader") else palette.AMBER))
            painter.drawRect(area.adjusted(6, 1, -7, -2))
        elif self._name == names.REFINED_PRIOR:
            fill = QColor(palette.PINK)
            painter.setPen(fill)
            fill.setAlphaF(0.25)
            painter.setBrush(fill)
            painter.drawEllipse(area.adjusted(6, 0, -7, -1))
        else:
            stops = {
                names.COARSE_PRIOR: ["#000000", palette.VIOLET],
                _GRAD_CAM: ["#420A68", "#932667", "#DD513A", "#FCA50A", "#FCFFA4"],
            }.get(self._name, ["#000000", "#FFFFFF"])
            gradient = QLinearGradient(area.topLeft(), area.topRight())
            for n, colour in enumerate(stops):
                gradient.setColorAt(n / (len(stops) - 1), QColor(colour))
            painter.fillRect(area, gradient)
            painter.setPen(QColor(theme.LINE))
            painter.drawRect(area)
        painter.end()
