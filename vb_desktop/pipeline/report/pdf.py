"""How the report looks: reportlab draws what `report.py` says. Same report, same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report import content as say
from vb_desktop.pipeline.report.anatomy import Anatomy, anatomy
from vb_desktop.pipeline.report.content import Report
from vb_desktop.pipeline.report.figures import Picture, picture
from vb_desktop.pipeline.report.flowables import BarChart, Bookmark, FigureRow, Legend
from vb_desktop.pipeline.report.fonts import BOLD, register
from vb_desktop.pipeline.report.markup import markup
from vb_desktop.pipeline.report.page import BOTTOM, TOP, draw_frame
from vb_desktop.pipeline.report.style import BAND, BODY, MARGIN, RULE, SMALL, TONES, heading, paragraph

SIZES = {"A4": A4, "Letter": LETTER}
PICTURE_LIMIT = 205.0
"""No picture is higher than this, points: three rows fit a page."""


def draw(report: Report, case: Case, path: Path) -> None:
    """Write the PDF under a temporary name and rename it.

    Args:
        report: what it says.
        case: where the pictures are cut from.
        path: of the PDF.
    """
    register()
    drawing = _Drawing(report, anatomy(case))
    pages = drawing.build(path.with_suffix(".unused"), 0, measure_only=True)
    with atomic_path(path) as temporary:
        drawing.build(temporary, pages)


class _Drawing:
    """Turns the blocks of a report into flowables; pictures are cut once for both passes."""

    def __init__(self, report: Report, shown: Anatomy | None) -> None:
        self.report, self.shown = report, shown
        self.size: tuple[float, float] = SIZES.get(report.page, A4)
        self.width = self.size[0] - 2 * MARGIN
        self._pictures: dict[say.Figure, Picture] = {}

    def build(self, path: Path, pages: int, measure_only: bool = False) -> int:
        """Lay the report out and write it; the first pass only counts its pages.

        Returns:
            The number of pages.
        """
        from io import BytesIO

        report = self.report
        document = BaseDocTemplate(
            BytesIO() if measure_only else str(path),
            pagesize=self.size,
            invariant=1,
            lang=report.language,
            title=f"{report.title}, {report.case_line}",
            author=report.product,
            subject=report.footer[0],
            creator=report.product,
            pageCompression=1,
        )
        frame = Frame(MARGIN, BOTTOM, self.width, self.size[1] - TOP - BOTTOM, 0, 0, 0, 0, id="body")
        count = 0

        def on_page(canvas: Any, _: Any) -> None:
            nonlocal count
            count += 1
            draw_frame(canvas, report, self.size, count, pages)

        document.addPageTemplates(PageTemplate("page", [frame], onPage=on_page))
        document.build(self._story())
        return count

    def _story(self) -> list[Flowable]:
        report = self.report
        story: list[Flowable] = [
            Bookmark("title", report.title),
            Paragraph(markup(report.title, BOLD), paragraph("strong", 16)),
            Spacer(0, 4),
            Paragraph(markup(report.subtitle), paragraph("quiet", BODY)),
            Spacer(0, 9),
            *self._blocks(report.identity.blocks, self.width),
            Spacer(0, 9),
            self._summary(),
        ]
        for section in report.sections:
            story += self._section(section)
        return story

    def _section(self, section: say.Section) -> list[Flowable]:
        title = [
            Spacer(0, 11),
            Bookmark(section.id, section.heading),
            Paragraph(markup(section.heading, BOLD), heading()),
            Spacer(0, 2),
            _Rule(self.width),
            Spacer(0, 5),
        ]
        body = self._blocks(section.blocks, self.width)
        together = [KeepTogether([*title, *body[:1]]), *body[1:]]
        return [PageBreak(), *together] if section.new_page else together

    def _summary(self) -> Flowable:
        first, *rest = self.report.summary
        lines = [Paragraph(markup(first.text, BOLD), paragraph("strong", 11.5)), Spacer(0, 2)]
        lines += [Paragraph(markup(line.text), paragraph(line.tone, BODY + 0.4)) for line in rest]
        box = Grid([[lines]], colWidths=[self.width])
        box.setStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), HexColor(BAND)),
                ("LINEBEFORE", (0, 0), (0, -1), 2.4, HexColor("#3F6F9B")),
                ("LEFTPADDING", (0, 0), (-1, -1), 11),
                ("TOPPADDING", (0, 0), (-1, -1), 7),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
            ]
        )
        return box

    def _blocks(self, blocks: tuple[say.Block, ...], width: float) -> list[Flowable]:
        flowables: list[Flowable] = []
        for block in blocks:
            flowables += self._block(block, width)
        return flowables

    def _block(self, block: say.Block, width: float) -> list[Flowable]:
        if isinstance(block, say.Line):
            font = BOLD if block.tone not in ("plain", "quiet") else None
            text = markup(block.text, font) if font else markup(block.text)
            size = SMALL if block.tone == "quiet" else BODY
            return [Paragraph(text, paragraph(block.tone, size)), Spacer(0, 3)]
        if isinstance(block, say.Rows):
            return [_rows(block, width), Spacer(0, 3)]
        if isinstance(block, say.Table):
            return [_table(block, width), Spacer(0, 3)]
        if isinstance(block, say.Bars):
            return [BarChart(block), Spacer(0, 4)]
        if isinstance(block, say.Pictures):
            return self._picture_rows(block)
        return [self._beside(block, width)]

    def _beside(self, block: say.Beside, width: float) -> Flowable:
        gap = 16.0
        left = (width - gap) * block.share
        right = width - gap - left
        grid = Grid([[self._blocks(block.left, left), "", self._blocks(block.right, right)]], [left, gap, right])
        grid.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()])
        return grid

    def _picture_rows(self, block: say.Pictures) -> list[Flowable]:
        if self.shown is None:
            return []
        columns = max(len(row) for row in block.rows) if len(block.rows) > 1 else len(block.rows[0])
        rows: list[Flowable] = []
        for note in block.notes:
            rows += [Paragraph(markup(note.text), paragraph(note.tone, SMALL)), Spacer(0, 3)]
        legend = [Legend(block.legend), Spacer(0, 3)] if block.legend else []
        if len(block.rows) > 1:
            rows += legend
        for figures in block.rows:
            pictures = [self._picture(figure) for figure in figures]
            rows += [FigureRow(figures, pictures, max(columns, 3 if len(block.rows) > 1 else 1), PICTURE_LIMIT)]
        return rows if len(block.rows) > 1 else [*rows, *legend]

    def _picture(self, figure: say.Figure) -> Picture:
        if figure not in self._pictures and self.shown is not None:
            self._pictures[figure] = picture(self.shown, figure)
        return self._pictures[figure]


class _Rule(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A thin line across the page."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width, self.height = width, 0.5

    def draw(self) -> None:
        self.canv.setStrokeColor(HexColor(RULE))
        self.canv.setLineWidth(0.5)
        self.canv.line(0, 0, self.width, 0)


def _rows(block: say.Rows, width: float) -> Flowable:
    size = SMALL if block.small else BODY
    columns = block.columns
    cell = width / columns
    label = cell * (0.62 if block.small else 0.30 if columns > 1 else 0.17)
    cells: list[list[Any]] = []
    for at in range(0, len(block.rows), columns):
        line: list[Any] = []
        for row in block.rows[at : at + columns]:
            line.append(Paragraph(markup(row.label), paragraph("quiet", size)))
            line.append(Paragraph(markup(row.value), paragraph("plain" if row.known else "quiet", size)))
        cells.append(line + [""] * (2 * columns - len(line)))
    grid = Grid(cells, [label, cell - label] * columns)
    pad = 0.6 if block.small else 1.4
    grid.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), pad),
            ("BOTTOMPADDING", (0, 0), (-1, -1), pad),
        ]
    )
    return grid


def _table(block: say.Table, width: float) -> Flowable:
    cells: list[list[Any]] = [[Paragraph(markup(title), paragraph("quiet", SMALL)) for title in block.head]]
    tones = block.tones or ("plain",) * len(block.rows)
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, HexColor(RULE)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, HexColor("#E3E7EA")),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
    ]
    for number, (row, tone) in enumerate(zip(block.rows, tones, strict=True), start=1):
        first = _chip(row[0], tone) if tone in TONES else Paragraph(markup(row[0]), paragraph("plain", BODY))
        line = [first, *(Paragraph(markup(cell), paragraph("plain", BODY)) for cell in row[1:])]
        if len(row) == 3:
            line[2] = Paragraph(markup(row[2]), paragraph("quiet", SMALL))
        cells.append(line)
        if tone in TONES:
            style.append(("LEFTPADDING", (0, number), (0, number), 3))
    grid = Grid(cells, [share * width for share in block.widths], repeatRows=1)
    grid.setStyle(style)
    return grid


def _chip(text: str, tone: say.Tone) -> Flowable:
    """A word on its colour: the word carries the meaning, in grey print too."""
    style = paragraph(tone, SMALL).clone(f"chip-{tone}", textColor=white, alignment=1)
    chip = Grid([[Paragraph(markup(text, BOLD), style)]], [38])
    chip.setStyle([("BACKGROUND", (0, 0), (-1, -1), HexColor(TONES[tone])), *_no_padding()])
    chip.hAlign = "LEFT"
    return chip


def _no_padding() -> list[tuple[Any, ...]]:
    edges = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(edge, (0, 0), (-1, -1), 0) for edge in edges]
