"""A case in the views: image, layers and boxes of one space, and what is said under the mouse."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from napari_plugin import names
from vb_desktop.pipeline.case import Array, Identity, Volume
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.shell.box_editor import BoxEditor
from vb_desktop.shell.cursor_words import CursorWords
from vb_desktop.shell.language import translate
from vb_desktop.shell.screen_words import source_name
from vb_desktop.shell.shown_boxes import ShownBox, of_book, of_records
from vb_desktop.shell.shown_layers import LayerId
from vb_desktop.shell.structure_names import structure_at
from vb_desktop.shell.window_layout import WindowLayout

if TYPE_CHECKING:
    from vb_desktop.pipeline.mri_processor.template_points import TemplatePoints
    from vb_desktop.shell.canvas_view import CanvasView

BLINK_MS = 600
_LAYERS = {
    "Boxes": LayerId.BOXES,
    "Coarse prior": LayerId.COARSE,
    "Refined prior": LayerId.REFINED,
    "Grad-CAM": LayerId.GRAD_CAM,
}


class CaseViews(QObject):
    """Fills canvas and panels with a case, in native or in template space.

    Signals:
        shown: a case is shown, or shown in the other space.

    Args:
        canvas: the views.
        parts: the widgets of the window.
        editor: the boxes as corrected.
    """

    shown = Signal()

    def __init__(self, canvas: CanvasView, parts: WindowLayout, editor: BoxEditor) -> None:
        super().__init__(canvas)
        self.canvas, self._parts, self._editor = canvas, parts, editor
        self.space = "native"
        self.image: Volume | None = None
        self._case: Case | None = None
        self._way: Future[TemplatePoints] | None = None
        self._reads = ThreadPoolExecutor(1)
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_MS)
        self._blink.timeout.connect(self._next_picture)
        self._pictures: list[frozenset[LayerId]] = []
        editor.changed.connect(self.show_boxes)
        canvas.slice_changed.connect(self._slice_changed)
        panel = parts.layers_panel
        panel.use(canvas.shown)
        panel.compare_requested.connect(self.compare)

    def show_case(self, case: Case, space: str, point: Array | None = None, *, keep: bool = False) -> None:
        """Show a case.

        Args:
            case: as read from its folder.
            space: "native" or "mni".
            point: world position (z, y, x) to show; None for the largest slice of the localised region.
            keep: leave zoom and place of the views as they are: it is the same image.

        Raises:
            CaseFolderError: a file of it is missing or damaged.
        """
        from napari_plugin.layers import case_layers
        from vb_desktop.pipeline.report.anatomy import anatomy

        described = case_layers(case, space)
        image = case.volume("scan" if space == "native" else "processed", space)
        assert image is not None  # case_layers has read it
        self.space, self.image, self._case = space, image, case
        seen = anatomy(case) if space == "native" else None  # the greys of the report's pictures
        auto = None if seen is None else (seen.low, seen.high)
        brain = case.volume("brain_mask" if space == "native" else "processed_mask")
        self._read_way(case)
        self.canvas.set_banner(banner_words(case.identity))
        self.canvas.show_layers(described, image, space, auto, self._words(case, image, space), brain, point, keep=keep)
        spaces = ("native", "mni") if case.path("processed").is_file() else ("native",)
        self._parts.banner.offer_spaces(spaces, space)
        self._parts.layers_panel.show_space(space, spaces)
        self._parts.boxes_panel.show_case(case)
        self.show_boxes()
        self.shown.emit()

    def show_scan(self, volume: Volume, identity: Identity) -> None:
        """Show a scan that was not analysed yet."""
        from napari_plugin.layers import scan_layer

        self.space, self.image, self._case, self._way = "native", volume, None, None
        self.canvas.set_banner(banner_words(identity))
        self.canvas.show_layers([scan_layer(volume)], volume, "native")
        self._parts.banner.offer_spaces(("native",), "native")
        self._parts.layers_panel.show_space("native", ("native",))

    def show_nothing(self) -> None:
        """No case."""
        self.compare("", "", "")
        self.image = self._case = self._way = None
        self._parts.layers_panel.end_comparison()
        self._parts.layers_panel.show_sources((), "")
        self.canvas.show_nothing()

    def show_boxes(self) -> None:
        """The boxes in force: in template space as corrected, in native space as computed with."""
        case, image = self._case, self.image
        if case is None or image is None:
            return
        boxes = self._boxes(case, image)
        self.canvas.show_boxes(boxes, frozenset(self._editor.selected) | self._dragged())
        sources = tuple(dict.fromkeys(box.source for box in boxes))
        named = ", ".join(source_name(source, case.record.config.get("vlm")) for source in sources)
        self._parts.layers_panel.show_sources(sources, named)
        if self._editor.dragged is None:
            self._parts.boxes_panel.show_boxes(boxes)

    def compare(self, mode: str, left: str, right: str) -> None:
        """Two layers over the image.

        Args:
            mode: "pair" (side by side), "blink", or "" for neither.
            left: title of a layer; anything else is the scan alone.
            right: likewise.
        """
        two = [frozenset({LayerId.IMAGE} | ({_LAYERS[name]} if name in _LAYERS else set())) for name in (left, right)]
        self._blink.stop()
        self.canvas.shown.blink(None)
        if mode == "pair" and self.image is not None:
            self.canvas.compare(*two)
        else:
            self.canvas.compare(frozenset(), frozenset())
        if mode == "blink" and self.image is not None:
            self._pictures = two
            self._next_picture()
            self._blink.start()

    def _next_picture(self) -> None:
        self._pictures.append(self._pictures.pop(0))
        self.canvas.shown.blink(self._pictures[-1])

    def _boxes(self, case: Case, image: Volume) -> list[ShownBox]:
        if self.space == "mni" and self._editor.can_edit:
            return of_book(self._editor.shown(), image)
        return of_records(case.record.boxes_in_force, image, self.space)

    def _dragged(self) -> frozenset[str]:
        dragged = self._editor.dragged
        return frozenset() if dragged is None else frozenset({dragged[0] or "new"})

    def _slice_changed(self) -> None:
        self._parts.boxes_panel.show_slice(self.canvas.index_of(self.canvas.point)[0])

    def _words(self, case: Case, image: Volume, space: str) -> CursorWords:
        overlays = {names.COARSE_PRIOR: "coarse_prior", names.REFINED_PRIOR: "refined_prior"}
        if case.shows_diagnosis and case.record.diagnosis is not None:
            overlays |= {names.grad_cam(class_): f"grad_cam_{class_}" for class_ in case.record.diagnosis.classes}
        volumes = {name: volume for name, file in overlays.items() if (volume := case.volume(file, space)) is not None}
        return CursorWords(image, space, volumes, self._to_template, structure_at)

    # --- the way to the template -----------------------------------------------------------------------------------

    def _read_way(self, case: Case) -> None:
        """Read the transforms beside the window's work: a second for a large field."""
        from vb_desktop.pipeline.mri_processor.template_points import TemplatePoints
        from vb_desktop.pipeline.stage_files import read_transforms

        if (case.folder / "transforms" / "transforms.json").is_file():
            self._way = self._reads.submit(lambda: TemplatePoints.of(read_transforms(case.folder)))
        else:
            self._way = None

    def _to_template(self, xyz: Array) -> Array | None:
        if self._way is None or not self._way.done() or self._way.exception() is not None:
            return None
        return self._way.result()(np.asarray(xyz))


def banner_words(identity: Identity) -> str:
    """Whose scan it is, for every view."""
    who = (identity.name, identity.patient_id, identity.birth_date, identity.study_date)
    return "  ".join(part for part in who if part) or translate("PatientBanner", "No identity in the file")
