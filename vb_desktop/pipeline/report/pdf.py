"""How the report looks: reportlab draws what `report.py` says. Same report, same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
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
from vb_desktop.pipeline.report.fonts import BOLD, TEXT, register
from vb_desktop.pipeline.report.markup import markup
from vb_desktop.pipeline.report.page import BOTTOM, TOP, draw_frame
from vb_desktop.pipeline.report.style import BAND, BODY, MARGIN, RULE, SMALL, TONES, heading, paragraph

SIZES = {"A4": A4, "Letter": LETTER}
SHORT_SECTIONS = frozenset({"region", "result", "intended_use", "stages", "measured_how"})
"""Sections that are not torn apart by the end of a page where they fit on one."""
_FONT = ("FONTNAME", (0, 0), (-1, -1), TEXT)  # else reportlab names Helvetica, which is not embedded
ROWS = 3
"""Rows of pictures on a page."""
HEADING_ROOM = 97.0
"""Heading, notes and legend above the first row, points."""
ROW_EXTRA = 27.0
"""Title and caption of a row of pictures, points."""


def draw(report: Report, case: Case, path: Path) -> None:
    """Write the PDF under a temporary name and rename it.

    Args:
        report: what it says.
        case: where the pictures are cut from.
        path: of the PDF.
    """
    register()
    drawing = _Drawing(report, anatomy(case))
    as_text, rl_config.useA85 = rl_config.useA85, 0  # pictures as bytes: a quarter smaller and a second faster
    try:
        pages = drawing.build(path, 0, measure_only=True)
        with atomic_path(path) as temporary:
            drawing.build(temporary, pages)
    finally:
        rl_config.useA85 = as_text


class _Drawing:
    """Turns the blocks of a report into flowables; pictures are cut once for both passes."""

    def __init__(self, report: Report, shown: Anatomy | None) -> None:
        self.report, self.shown = report, shown
        self.size: tuple[float, float] = SIZES.get(report.page, A4)
        self.width = self.size[0] - 2 * MARGIN
        self._pictures: dict[say.Figure, Picture] = {}
        self._dry = False

    def build(self, path: Path, pages: int, measure_only: bool = False) -> int:
        """Lay the report out and write it; the first pass only counts its pages.

        Returns:
            The number of pages.
        """
        from io import BytesIO

        report, self._dry = self.report, measure_only
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
            initialFontName=TEXT,
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
            Spacer(0, 9),
            Bookmark(section.id, section.heading),
            Paragraph(markup(section.heading, BOLD), heading()),
            Spacer(0, 2),
            _Rule(self.width),
            Spacer(0, 5),
        ]
        body = self._blocks(section.blocks, self.width)
        first = 1 + next((at for at, part in enumerate(body) if isinstance(part, FigureRow)), 0)
        if section.id in SHORT_SECTIONS:
            first = len(body)
        return [KeepTogether([*title, *body[:first]]), *body[first:]]

    def _summary(self) -> Flowable:
        first, *rest = self.report.summary
        lines = [Paragraph(markup(first.text, BOLD), paragraph("strong", 11.5)), Spacer(0, 2)]
        lines += [Paragraph(markup(line.text), paragraph(line.tone, BODY + 0.4)) for line in rest]
        box = Grid([[lines]], colWidths=[self.width])
        box.setStyle(
            [
                _FONT,
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
        grid = Grid(
            [[self._blocks(block.left, left), Spacer(0, 0), self._blocks(block.right, right)]], [left, gap, right]
        )
        grid.setStyle([_FONT, ("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()])
        return grid

    def _picture_rows(self, block: say.Pictures) -> list[Flowable]:
        if self.shown is None:
            return []
        alone = len(block.rows) == 1 and len(block.rows[0]) == 1
        columns = 1 if alone else max(3, *(len(row) for row in block.rows))
        free = self.size[1] - TOP - BOTTOM
        limit = free * 0.238 if alone else (free - HEADING_ROOM) / ROWS - ROW_EXTRA
        rows: list[Flowable] = []
        for note in block.notes:
            rows += [Paragraph(markup(note.text), paragraph(note.tone, SMALL)), Spacer(0, 3)]
        legend = [Legend(block.legend), Spacer(0, 3)] if block.legend else []
        if not alone:
            rows += legend
        for figures in block.rows:
            pictures = [self._picture(figure) for figure in figures]
            rows.append(FigureRow(figures, pictures, columns, limit, self._dry))
        return [*rows, *legend] if alone else rows

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
    label = cell * (block.label or (0.62 if block.small else 0.30 if columns > 1 else 0.17))
    cells: list[list[Any]] = []
    for at in range(0, len(block.rows), columns):
        line: list[Any] = []
        for row in block.rows[at : at + columns]:
            line.append(Paragraph(markup(row.label), paragraph("quiet", size)))
            line.append(Paragraph(markup(row.value), paragraph("plain" if row.known else "quiet", size)))
        cells.append(line + [Spacer(0, 0)] * (2 * columns - len(line)))
    grid = Grid(cells, [label, cell - label] * columns, splitInRow=1)
    pad = 0.6 if block.small else 1.0
    grid.setStyle(
        [
            _FONT,
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), pad),
            ("BOTTOMPADDING", (0, 0), (-1, -1), pad),
        ]
    )
    return grid


def _table(block: say.Table, width: float) -> Flowable:
    cells: list[list[Any]] = [[_cell(block, column, title, head=True) for column, title in enumerate(block.head)]]
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
    style += [("TOPPADDING", (column, 1), (column, -1), 3.3) for column in block.notes]
    for number, (row, tone) in enumerate(zip(block.rows, tones, strict=True), start=1):
        first = _chip(row[0], tone) if tone in TONES else Paragraph(markup(row[0]), paragraph("plain", BODY))
        cells.append([first, *(_cell(block, column, row[column]) for column in range(1, len(row)))])
        if tone in TONES:
            style.append(("TOPPADDING", (0, number), (0, number), 3.2))
    grid = Grid(cells, [share * width for share in block.widths], repeatRows=1, splitInRow=1)
    grid.setStyle([_FONT, *style])
    return grid


def _cell(block: say.Table, column: int, text: str, head: bool = False) -> Flowable:
    small = head or column in block.notes
    style = paragraph("quiet" if small else "plain", SMALL if small else BODY)
    if column in block.figures:
        style = style.clone(f"{style.name}-figure", alignment=2)
    return Paragraph(markup(text), style)


def _chip(text: str, tone: str) -> Flowable:
    """A word on its colour: the word carries the meaning, in grey print too."""
    style = paragraph("strong", SMALL).clone(f"chip-{tone}", textColor=white, alignment=1)
    chip = Grid([[Paragraph(markup(text, BOLD), style)]], [38])
    chip.setStyle([_FONT, ("BACKGROUND", (0, 0), (-1, -1), HexColor(TONES[tone])), *_no_padding()])
    chip.hAlign = "LEFT"
    return chip


def _no_padding() -> list[tuple[Any, ...]]:
    edges = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(edge, (0, 0), (-1, -1), 0) for edge in edges]
