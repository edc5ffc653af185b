"""Boxes on the image while the backend still looks at the slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from vb_desktop.pipeline.case_record import BoxRecord
from vb_desktop.pipeline.progress import Progress
from vb_desktop.shell.case_jobs import CaseJobs
from vb_desktop.shell.shown_boxes import of_records
from vb_desktop.shell.steps_rail import Step

if TYPE_CHECKING:
    from vb_desktop.shell.case_views import CaseViews

_KEPT = ("k", "i0", "i1", "j0", "j1", "confidence", "source", "text")


class StreamedBoxes(QObject):
    """Draws what a run has marked so far, in native space; the result takes its place at the end.

    Args:
        jobs: the window's jobs.
        views: what shows the scan.
    """

    def __init__(self, jobs: CaseJobs, views: CaseViews) -> None:
        super().__init__(views)
        self._jobs, self._views = jobs, views
        self.boxes: list[BoxRecord] = []
        jobs.runner.progressed.connect(self._heard)
        jobs.rested.connect(self._forget)

    def _heard(self, progress: Progress) -> None:
        if not progress.corners_mm or self._views.image is None or self._views.space != "native":
            return
        for box, corners in zip(progress.boxes, progress.corners_mm, strict=True):
            values = {
                name: getattr(box, name) for name in ("k", "i0", "i1", "j0", "j1", "confidence", "source", "text")
            }
            self.boxes.append(BoxRecord(id=f"new-{len(self.boxes)}", native_corners_mm=corners, **values))  # type: ignore[arg-type]
        canvas = self._views.canvas
        canvas.shown.use_step(Step.BOXES)
        canvas.show_boxes(of_records(self.boxes, self._views.image, "native"))

    def _forget(self) -> None:
        if self.boxes:
            self.boxes = []
            self._views.canvas.show_boxes([])
            self._views.show_boxes()  # those of the case, where there is one
