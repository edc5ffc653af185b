"""The slice ribbon as it is drawn: boxes, region and Grad-CAM over the height of the head."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from vb_desktop.pipeline.report.content import Ribbon
from vb_desktop.pipeline.report.figures import inferno
from vb_desktop.pipeline.report.markup import draw_line
from vb_desktop.pipeline.report.style import INK, LAYERS, QUIET, RULE, TINY
from vb_desktop.pipeline.report.tags import tagged

LABELS = 92.0
"""Room for the words on the left, points."""
AREA = 24.0
STRIP = 7.0
BETWEEN = 3.0
FOOT = 10.0


class RibbonChart(Flowable):  # type: ignore[misc]  # reportlab has no types
    """One column a slice, inferior on the left; a row each for boxes, region, Grad-CAM and key slices."""

    def __init__(self, ribbon: Ribbon) -> None:
        super().__init__()
        self.ribbon = ribbon

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The whole width."""
        self.width = width
        rows = [STRIP, AREA, STRIP, STRIP]
        there = [size for size, label in zip(rows, self.ribbon.labels, strict=True) if label]
        self.height = sum(there) + BETWEEN * len(there) + FOOT
        return self.width, self.height

    def draw(self) -> None:
        """From the top: boxes, area, Grad-CAM, marks of the key slices, positions of the ends."""
        ends = f"{self.ribbon.left} - {self.ribbon.right}"
        with tagged(self.canv, "Figure", "; ".join([ends, *filter(None, self.ribbon.labels)])):
            self._draw()

    def _draw(self) -> None:
        slices, (box, area, heat, key) = self.ribbon.slices, self.ribbon.labels
        step = (self.width - LABELS) / len(slices)
        y = self.height
        if box:
            y -= STRIP
            self._strip(box, y, STRIP)
            for at, one in enumerate(slices):
                if one.boxes:
                    self._cell(at, step, y, STRIP, LAYERS["reader_box" if one.reader else "box"])
            y -= BETWEEN
        if area:
            y -= AREA
            self._strip(area, y, AREA)
            most = max(one.area_cm2 for one in slices) or 1.0
            for at, one in enumerate(slices):
                if one.area_cm2:
                    self._cell(at, step, y, AREA * one.area_cm2 / most, LAYERS["refined_prior"])
            self.canv.setFillColor(HexColor(QUIET))
            draw_line(self.canv, self.width, y + AREA - 6, f"{most:.1f} cm²", TINY - 0.6, align="right")
            y -= BETWEEN
        if heat:
            y -= STRIP
            self._strip(heat, y, STRIP)
            most = max(one.grad_cam for one in slices) or 1.0
            for at, one in enumerate(slices):
                red, green, blue = (int(v) for v in inferno(one.grad_cam / most))
                self._cell(at, step, y, STRIP, f"#{red:02x}{green:02x}{blue:02x}")
            y -= BETWEEN
        if key:
            y -= STRIP
            self._label(key, y, STRIP)
            self.canv.setFillColor(HexColor(INK))
            for at, one in enumerate(slices):
                if one.shown:
                    x = LABELS + (at + 0.5) * step
                    path = self.canv.beginPath()
                    path.moveTo(x, y + STRIP - 0.5)
                    path.lineTo(x - 2.4, y + 0.8)
                    path.lineTo(x + 2.4, y + 0.8)
                    path.close()
                    self.canv.drawPath(path, stroke=0, fill=1)
        self.canv.setFillColor(HexColor(QUIET))
        draw_line(self.canv, LABELS, 2, self.ribbon.left, TINY)
        draw_line(self.canv, self.width, 2, self.ribbon.right, TINY, align="right")

    def _strip(self, label: str, y: float, height: float) -> None:
        self._label(label, y, height)
        self.canv.setFillColor(HexColor("#F1F4F6"))
        self.canv.setStrokeColor(HexColor(RULE))
        self.canv.setLineWidth(0.3)
        self.canv.rect(LABELS, y, self.width - LABELS, height, stroke=1, fill=1)

    def _label(self, label: str, y: float, height: float) -> None:
        self.canv.setFillColor(HexColor(QUIET))
        draw_line(self.canv, 0, y + height / 2 - 2.2, label, TINY)

    def _cell(self, at: int, step: float, y: float, height: float, colour: str) -> None:
        self.canv.setFillColor(HexColor(colour))
        self.canv.rect(LABELS + at * step, y, step + 0.15, height, stroke=0, fill=1)
