"""The drawn parts of the report: bookmarks, bar chart, pictures with their legend, lines to sign."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image
from reportlab.lib.colors import HexColor, white
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from vb_desktop.pipeline.report.content import Bars, Figure, LegendEntry
from vb_desktop.pipeline.report.figures import CAM_FLOOR, Picture, inferno
from vb_desktop.pipeline.report.fonts import BOLD, TEXT
from vb_desktop.pipeline.report.markup import draw_line, shortened, width_of
from vb_desktop.pipeline.report.style import (
    BAR,
    BODY,
    DASHES,
    INK,
    LAYERS,
    LEADING_BAR,
    QUIET,
    RULE,
    SMALL,
    TINY,
    WIDTHS,
)
from vb_desktop.pipeline.report.tags import tagged

MM = 72 / 25.4
GAP = 7.0
TITLE = 11.0
CAPTION = 10.0
BAR_ROW = 26.0


class Bookmark(Flowable):  # type: ignore[misc]  # reportlab has no types
    """An entry in the outline of the PDF, of no size."""

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self.key, self.title = key, title

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Takes no room."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Add the entry."""
        self.canv.bookmarkHorizontal(self.key, 0, 20)
        self.canv.addOutlineEntry(self.title, self.key, 0)


class BarChart(Flowable):  # type: ignore[misc]
    """Class probabilities as horizontal bars from 0 to 100 %."""

    def __init__(self, bars: Bars) -> None:
        super().__init__()
        self.bars = bars.bars

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The whole width, one row a class."""
        self.width, self.height = width, BAR_ROW * len(self.bars) + 4
        return self.width, self.height

    def draw(self) -> None:
        """Label and note above each bar, percent at its right."""
        words = "; ".join(" ".join(filter(None, (bar.label, bar.text, bar.note))) for bar in self.bars)
        with tagged(self.canv, "Figure", words):
            self._draw()

    def _draw(self) -> None:
        canvas, right = self.canv, self.width - 38
        for row, bar in enumerate(self.bars):
            y = self.height - BAR_ROW * row - 10
            draw_line(canvas, 0, y, bar.label, BODY, bold=bar.leading)
            draw_line(canvas, right, y, bar.note, TINY, align="right")
            canvas.setFillColor(HexColor("#E6EAED"))
            canvas.rect(0, y - 10, right, 5.5, stroke=0, fill=1)
            canvas.setFillColor(HexColor(LEADING_BAR if bar.leading else BAR))
            canvas.rect(0, y - 10, max(0.6, right * bar.share), 5.5, stroke=0, fill=1)
            if bar.low is not None and bar.high is not None:
                _whisker(canvas, right * bar.low, right * bar.high, y - 7.25)
            canvas.setFillColor(HexColor(INK))
            draw_line(canvas, self.width, y - 10.5, bar.text, BODY, bold=bar.leading, align="right")


class FigureRow(Flowable):  # type: ignore[misc]
    """Pictures side by side, to the same scale, each with title and caption."""

    def __init__(
        self,
        figures: tuple[Figure, ...],
        pictures: list[Picture],
        columns: int,
        limit: float,
        *,
        stamp: str = "",
        dry: bool = False,
    ) -> None:
        super().__init__()
        self.figures, self.pictures, self.columns, self.limit = figures, pictures, columns, limit
        self.stamp, self.dry = stamp, dry

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The largest scale at which all fit into the width and none is higher than the limit."""
        widths = [picture.width_mm for picture in self.pictures]
        widths += [widths[0]] * (self.columns - len(widths))
        tallest = max(picture.height_mm for picture in self.pictures)
        self.scale = min((width - GAP * (len(widths) - 1)) / sum(widths), self.limit / tallest)
        free = width - self.scale * sum(widths)
        self.gap = min(free / max(1, len(widths) - 1), 3 * GAP)
        self.image_height = self.scale * tallest
        self.width, self.height = width, self.image_height + TITLE + CAPTION + 5
        return self.width, self.height

    def draw(self) -> None:
        """Each picture in its column; nothing in a pass that only counts pages."""
        if self.dry:
            return
        x = 0.0
        for figure, picture in zip(self.figures, self.pictures, strict=True):
            cell = picture.width_mm * self.scale
            with tagged(self.canv, "Figure", f"{figure.title}: {figure.caption}"):
                self._figure(figure, picture, x, cell)
            x += cell + self.gap

    def _figure(self, figure: Figure, picture: Picture, x: float, cell: float) -> None:
        """One picture with its title and caption, `cell` wide."""
        high = picture.height_mm * self.scale
        self.canv.setFillColor(HexColor(INK))
        draw_line(self.canv, x, self.height - 8, shortened(figure.title, cell, SMALL, BOLD), SMALL, bold=True)
        draw_picture(self.canv, picture, x, CAPTION + 5 + self.image_height - high, cell, high, self.stamp)
        self.canv.setFillColor(HexColor(QUIET))
        size = min(TINY, TINY * cell / max(1.0, width_of(figure.caption, TINY)))
        draw_line(self.canv, x, 5 + self.image_height - high, figure.caption, size)


class Signature(Flowable):  # type: ignore[misc]
    """Lines to be filled in by hand."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__()
        self.labels = labels

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The whole width, room for a hand."""
        self.width, self.height = width, 25.0
        return self.width, self.height

    def draw(self) -> None:
        """A line each with its label under it."""
        with tagged(self.canv, "P"):
            self._draw()

    def _draw(self) -> None:
        cell = (self.width - 18 * (len(self.labels) - 1)) / len(self.labels)
        self.canv.setStrokeColor(HexColor(INK))
        self.canv.setLineWidth(0.5)
        for at, label in enumerate(self.labels):
            x = at * (cell + 18)
            self.canv.line(x, 11, x + cell, 11)
            self.canv.setFillColor(HexColor(QUIET))
            draw_line(self.canv, x, 2, label, TINY)


class Legend(Flowable):  # type: ignore[misc]
    """What each line and colour means; wraps into as many lines as it needs."""

    def __init__(self, entries: tuple[LegendEntry, ...]) -> None:
        super().__init__()
        self.entries = entries

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Place the entries one behind the other."""
        self.placed: list[tuple[float, int, LegendEntry]] = []
        x, line = 0.0, 0
        for entry in self.entries:
            need = _sample_width(entry) + 4 + width_of(entry.text, TINY + 0.4) + 12
            if x and x + need - 12 > width:
                x, line = 0.0, line + 1
            self.placed.append((x, line, entry))
            x += need
        self.width, self.height = width, 12.0 * (line + 1)
        return self.width, self.height

    def draw(self) -> None:
        """On a dark chip, as on the picture."""
        with tagged(self.canv, "Figure", "; ".join(entry.text for entry in self.entries)):
            self._draw()

    def _draw(self) -> None:
        canvas = self.canv
        for x, line, entry in self.placed:
            y = self.height - 12 * line - 9
            sample = _sample_width(entry)
            if entry.layer == "grad_cam":
                for step in range(24):
                    value = CAM_FLOOR + (1 - CAM_FLOOR) * step / 23
                    red, green, blue = (float(c) / 255 for c in inferno(value))
                    canvas.setFillColorRGB(red, green, blue)
                    canvas.rect(x + 14 + step, y, 1.1, 7, stroke=0, fill=1)
                canvas.setFillColor(HexColor(QUIET))
                draw_line(canvas, x, y + 1.2, f"{CAM_FLOOR:.1f}", TINY - 0.4)
                draw_line(canvas, x + 40, y + 1.2, "1.0", TINY - 0.4)
            else:
                canvas.setFillColor(HexColor("#2A3036"))
                canvas.rect(x, y, sample, 7, stroke=0, fill=1)
                _pen(canvas, entry.layer)
                canvas.line(x + 1.5, y + 3.5, x + sample - 1.5, y + 3.5)
                canvas.setDash()
            canvas.setFillColor(HexColor(INK))
            draw_line(canvas, x + sample + 4, y + 0.8, entry.text, TINY + 0.4)


def draw_picture(
    canvas: Any, picture: Picture, x: float, y: float, width: float, height: float, stamp: str = ""
) -> None:
    """Pixels, strokes, letters, scale bar and the patient's ID into the rectangle from (x, y)."""
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(x, y, width, height)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.drawImage(_jpeg(picture), x, y, width, height)
    for stroke in picture.strokes:
        path = canvas.beginPath()
        path.moveTo(x + stroke.points[0, 0] * width, y + (1 - stroke.points[0, 1]) * height)
        for px, py in stroke.points[1:]:
            path.lineTo(x + px * width, y + (1 - py) * height)
        canvas.setStrokeColorRGB(0, 0, 0, alpha=0.55)  # a dark casing keeps every colour apart from white matter
        canvas.setLineWidth(WIDTHS[stroke.style] + 0.8)
        canvas.drawPath(path, stroke=1, fill=0)
        _pen(canvas, stroke.style)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.setDash()
    for letter, (px, py) in picture.letters.items():
        _letter(canvas, letter, x + 7 + px * (width - 14), y + 7 + (1 - py) * (height - 14))
    _scale_bar(canvas, picture, x, y, width)
    if stamp:
        text = shortened(stamp, width * 0.6, 5.0)
        canvas.setFillColorRGB(0, 0, 0, alpha=0.55)
        canvas.rect(x + 2.5, y + height - 9.5, width_of(text, 5.0) + 3, 7, stroke=0, fill=1)
        canvas.setFillColor(white)
        draw_line(canvas, x + 4, y + height - 7.6, text, 5.0)
    canvas.restoreState()
    canvas.setStrokeColor(HexColor(RULE))
    canvas.setLineWidth(0.4)
    canvas.rect(x, y, width, height, stroke=1, fill=0)


def _whisker(canvas: Any, low: float, high: float, y: float) -> None:
    """An interval: a thin line with ends, on its white casing."""
    for colour, width in ((white, 2.2), (HexColor(INK), 0.8)):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(width)
        canvas.line(low, y, high, y)
        canvas.line(low, y - 2.2, low, y + 2.2)
        canvas.line(high, y - 2.2, high, y + 2.2)


def _pen(canvas: Any, style: str) -> None:
    canvas.setStrokeColor(HexColor(LAYERS[style]))
    canvas.setLineWidth(WIDTHS[style])
    canvas.setDash(list(DASHES[style])) if style in DASHES else canvas.setDash()


def _letter(canvas: Any, letter: str, x: float, y: float) -> None:
    canvas.setFillColorRGB(0, 0, 0, alpha=0.55)
    canvas.circle(x, y, 5.2, stroke=0, fill=1)
    canvas.setFillColor(white)
    draw_line(canvas, x, y - 2.6, letter, 7.2, bold=True, align="middle")


def _scale_bar(canvas: Any, picture: Picture, x: float, y: float, width: float) -> None:
    length = picture.bar_mm * width / picture.width_mm
    right, base = x + width - 6, y + 6
    for colour, thick in (("#000000", 2.6), ("#FFFFFF", 1.1)):
        canvas.setStrokeColor(HexColor(colour))
        canvas.setLineWidth(thick)
        canvas.line(right - length, base, right, base)
    text = f"{picture.bar_mm:.0f} mm"
    canvas.setFillColorRGB(0, 0, 0, alpha=0.55)
    wide = canvas.stringWidth(text, TEXT, 5.6)
    canvas.rect(right - wide - 1.5, base + 2.4, wide + 3, 7, stroke=0, fill=1)
    canvas.setFillColor(white)
    draw_line(canvas, right, base + 4, text, 5.6, align="right")


def _sample_width(entry: LegendEntry) -> float:
    return 50.0 if entry.layer == "grad_cam" else 18.0


def _jpeg(picture: Picture) -> ImageReader:
    grey = (picture.pixels[..., 0] == picture.pixels[..., 1]).all() and (
        picture.pixels[..., 1] == picture.pixels[..., 2]
    ).all()
    image = Image.fromarray(picture.pixels[..., 0] if grey else picture.pixels)
    data = BytesIO()
    image.save(data, "JPEG", quality=88, subsampling=0)
    data.seek(0)
    return ImageReader(data)
