"""Which layers are shown, how strongly and from which value on: the same for every plane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from vb_desktop.shell.steps_rail import Step


class LayerId(StrEnum):
    """The layers over one another, from below."""

    IMAGE = "image"
    BOXES = "boxes"
    COARSE = "coarse_prior"
    REFINED = "refined_prior"
    GRAD_CAM = "grad_cam"


LAYER_NAMES = {
    LayerId.IMAGE: "Scan",
    LayerId.BOXES: "Boxes",
    LayerId.COARSE: "Coarse prior",
    LayerId.REFINED: "Refined prior",
    LayerId.GRAD_CAM: "Grad-CAM",
}


@dataclass(frozen=True, slots=True)
class LayerState:
    """How a layer is shown.

    Attributes:
        opacity: in [0, 1].
        threshold: nothing is drawn below this value, in [0, 1]; without meaning for image and boxes.
    """

    opacity: float
    threshold: float


BEGIN = {
    LayerId.IMAGE: LayerState(1.0, 0.0),
    LayerId.BOXES: LayerState(1.0, 0.0),
    LayerId.COARSE: LayerState(0.4, 0.1),
    LayerId.REFINED: LayerState(1.0, 0.5),
    LayerId.GRAD_CAM: LayerState(0.5, 0.3),
}
EVIDENCE = {
    Step.SCAN: frozenset({LayerId.IMAGE}),
    Step.BOXES: frozenset({LayerId.IMAGE, LayerId.BOXES}),
    Step.PRIOR: frozenset({LayerId.IMAGE, LayerId.BOXES, LayerId.COARSE, LayerId.REFINED}),
    Step.DIAGNOSIS: frozenset({LayerId.IMAGE, LayerId.REFINED, LayerId.GRAD_CAM}),
}
"""What a step shows until the reader chooses otherwise; the other steps leave everything as it is."""


class ShownLayers(QObject):
    """The choice of layers; each step keeps its own until another case is shown.

    Signals:
        changed: something is to be shown otherwise.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.there: frozenset[LayerId] = frozenset()
        self.states = dict(BEGIN)
        self.classes: tuple[str, ...] = ()
        self.class_ = ""
        self._step = Step.DIAGNOSIS
        self._chosen: dict[Step, frozenset[LayerId]] = {}
        self._blink: frozenset[LayerId] | None = None

    @property
    def visible(self) -> frozenset[LayerId]:
        """The layers that are shown."""
        if self._blink is not None:
            return self._blink & self.there
        return self._chosen.get(self._step, EVIDENCE[self._step]) & self.there

    def offer(self, there: frozenset[LayerId], classes: tuple[str, ...], class_: str) -> None:
        """What the image that is shown has: layers, classes with a Grad-CAM, and the class to show first."""
        before = self.there, self.classes, self.class_
        self.there, self.classes = there, classes
        if self.class_ not in classes:
            self.class_ = class_
        if before != (self.there, self.classes, self.class_):
            self.changed.emit()

    def forget(self) -> None:
        """Another case comes: everything as at the beginning, but for opacity and threshold."""
        self.there, self.classes, self.class_ = frozenset(), (), ""
        self._chosen.clear()
        self._blink = None
        self.changed.emit()

    def use_step(self, step: Step) -> None:
        """Show the evidence of a step."""
        if step in EVIDENCE and step != self._step:
            self._step = step
            self.changed.emit()

    def show(self, layer: LayerId, on: bool) -> None:
        """Show a layer or not."""
        visible = self._chosen.get(self._step, EVIDENCE[self._step])
        self._chosen[self._step] = visible | {layer} if on else visible - {layer}
        self.changed.emit()

    def toggle(self, layer: LayerId) -> None:
        """Show it if it is not shown."""
        if layer in self.there:
            self.show(layer, layer not in self.visible)

    def show_class(self, class_: str) -> None:
        """Whose Grad-CAM is shown."""
        if class_ in self.classes and class_ != self.class_:
            self.class_ = class_
            self.changed.emit()

    def set_opacity(self, layer: LayerId, opacity: float) -> None:
        """In [0, 1]."""
        self.states[layer] = replace(self.states[layer], opacity=opacity)
        self.changed.emit()

    def set_threshold(self, layer: LayerId, threshold: float) -> None:
        """In [0, 1]."""
        self.states[layer] = replace(self.states[layer], threshold=threshold)
        self.changed.emit()

    def blink(self, only: frozenset[LayerId] | None) -> None:
        """Show these alone for a moment; None for what was chosen."""
        self._blink = only
        self.changed.emit()
