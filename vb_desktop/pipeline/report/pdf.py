"""How the report looks: reportlab draws what `report.py` says. Same report, same bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image as PictureFile
from reportlab import rl_config
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Spacer,
)

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report import content as say
from vb_desktop.pipeline.report.anatomy import Anatomy, anatomy
from vb_desktop.pipeline.report.archive import to_archive
from vb_desktop.pipeline.report.content import Report
from vb_desktop.pipeline.report.figures import Picture, picture
from vb_desktop.pipeline.report.flowables import BarChart, Bookmark, FigureRow, Legend, Signature
from vb_desktop.pipeline.report.fonts import BOLD, TEXT, register
from vb_desktop.pipeline.report.markup import breakable, markup
from vb_desktop.pipeline.report.page import BOTTOM, TOP, draw_frame
from vb_desktop.pipeline.report.ribbon_chart import RibbonChart
from vb_desktop.pipeline.report.style import BAND, BODY, MARGIN, RULE, SMALL, TINY, TONES, heading, paragraph
from vb_desktop.pipeline.report.tags import TaggedParagraph as Paragraph
from vb_desktop.pipeline.report.tags import TaggedTable as Grid
from vb_desktop.pipeline.report.tags import Tags, tagged

Style = Callable[..., Any]
SIZES = {"A4": A4, "Letter": LETTER}
SHORT_SECTIONS = frozenset({"result", "short", "planes", "reading", "evidence", "intended_use", "gates"})
"""Sections that are not torn apart by the end of a page where they fit on one."""
LONG_SECTIONS = frozenset({"technique", "provenance"})
"""Sections that may be torn apart anywhere."""
LEAST_ROOM = 70.0
"""Room for a heading and a few lines, points."""
_FONT = ("FONTNAME", (0, 0), (-1, -1), TEXT)  # else reportlab names Helvetica, which is not embedded
ROWS = 3
"""Rows of pictures on a page."""
HEADING_ROOM = 97.0
"""Heading, notes and legend above the first row, points."""
ROW_EXTRA = 27.0
"""Title and caption of a row of pictures, points."""


def draw(report: Report, case: Case, path: Path, earlier: Anatomy | None = None) -> None:
    """Write the PDF under a temporary name and rename it.

    Args:
        report: what it says.
        case: where the pictures are cut from.
        path: of the PDF.
        earlier: of another case on the same grid, for figures that say so.
    """
    register()
    drawing = _Drawing(report, anatomy(case), earlier)
    as_text, rl_config.useA85 = rl_config.useA85, 0  # pictures as bytes: a quarter smaller and a second faster
    try:
        pages = drawing.build(path, 0, measure_only=True)
        with TemporaryDirectory() as scratch, atomic_path(path) as temporary:
            plain = Path(scratch) / "report.pdf"
            drawing.build(plain, pages)
            to_archive(plain, temporary, report, case.record.created, drawing.tags.pieces)
    finally:
        rl_config.useA85 = as_text


class _Drawing:
    """Turns the blocks of a report into flowables; pictures are cut once for both passes."""

    def __init__(self, report: Report, shown: Anatomy | None, earlier: Anatomy | None) -> None:
        self.report, self.shown, self.earlier = report, shown, earlier
        self.size: tuple[float, float] = SIZES.get(report.page, A4)
        self.width = self.size[0] - 2 * MARGIN
        self._paragraph = partial(paragraph, cjk=report.language == "zh")
        self._pictures: dict[say.Figure, Picture] = {}
        self._dry = False
        self.tags = Tags()

    def build(self, path: Path, pages: int, measure_only: bool = False) -> int:
        """Lay the report out and write it; the first pass only counts its pages.

        Returns:
            The number of pages.
        """
        report, self._dry, self.tags = self.report, measure_only, Tags()
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
            canvas.vb_tags = self.tags
            with tagged(canvas):
                draw_frame(canvas, report, self.size, count, pages)

        document.addPageTemplates(PageTemplate("page", [frame], onPage=on_page))
        document.build(self._story())
        return count

    def _story(self) -> list[Flowable]:
        report = self.report
        story: list[Flowable] = [
            *self._letterhead(),
            Bookmark("title", report.title),
            Paragraph(markup(report.title, BOLD), self._paragraph("strong", 16).clone("title")),
            Spacer(0, 4),
            Paragraph(markup(report.subtitle), self._paragraph("quiet", BODY)),
            Spacer(0, 9),
            *self._blocks(report.identity.blocks, self.width),
            Spacer(0, 9),
            self._summary(),
        ]
        for section in report.sections:
            story += self._section(section)
        return story

    def _letterhead(self) -> list[Flowable]:
        """Institution and logo; nothing where neither is known."""
        logo = _logo(self.report.logo)
        name = Paragraph(markup(self.report.institution, BOLD), self._paragraph("strong", 10.5))
        if logo is None and not self.report.institution:
            return []
        cells = [[name, logo or ""]]
        grid = Grid(cells, [self.width - 130, 130])
        grid.setStyle(
            [_FONT, ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("ALIGN", (1, 0), (1, 0), "RIGHT"), *_no_padding()]
        )
        return [grid, Spacer(0, 7)]

    def _section(self, section: say.Section) -> list[Flowable]:
        title = [
            *([PageBreak()] if section.new_page else [Spacer(0, 5)]),
            Bookmark(section.id, section.heading),
            Paragraph(markup(section.heading, BOLD), heading(self.report.language == "zh")),
            Spacer(0, 2),
            _Rule(self.width),
            Spacer(0, 5),
        ]
        body = self._blocks(section.blocks, self.width)
        first = 1 + next((at for at, part in enumerate(body) if isinstance(part, FigureRow)), 0)
        if section.id in SHORT_SECTIONS:
            first = len(body)
        if section.new_page:
            return [*title, *body]
        if section.id in LONG_SECTIONS:
            return [CondPageBreak(LEAST_ROOM), *title, *body]
        return [KeepTogether([*title, *body[:first]]), *body[first:]]

    def _summary(self) -> Flowable:
        first, *rest = self.report.summary
        lines = [Paragraph(markup(first.text, BOLD), self._paragraph("strong", 11.5)), Spacer(0, 2)]
        lines += [Paragraph(markup(line.text), self._paragraph(line.tone, BODY + 0.4)) for line in rest]
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
            font = BOLD if block.tone not in ("plain", "quiet", "note", "fine") else None
            text = markup(block.text, font) if font else markup(block.text)
            size = {"quiet": SMALL, "note": TINY, "fine": TINY - 1.0}.get(block.tone, BODY)
            return [Paragraph(text, self._paragraph(block.tone, size)), Spacer(0, 3)]
        if isinstance(block, say.Rows):
            return [_rows(block, width, self._paragraph), Spacer(0, 3)]
        if isinstance(block, say.Table):
            return [_table(block, width, self._paragraph), Spacer(0, 3)]
        if isinstance(block, say.Bars):
            return [BarChart(block), Spacer(0, 4)]
        if isinstance(block, say.Pictures):
            return self._picture_rows(block)
        if isinstance(block, say.Ribbon):
            return [RibbonChart(block), Spacer(0, 3)]
        if isinstance(block, say.SignatureLines):
            return [Signature(block.labels), Spacer(0, 3)]
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
        free = self.size[1] - TOP - BOTTOM
        fills = block.height is None
        columns = max(3 if fills else 1, *(len(row) for row in block.rows), 1)
        limit = (free - HEADING_ROOM) / ROWS - ROW_EXTRA if block.height is None else free * block.height
        rows: list[Flowable] = []
        for note in block.notes:
            rows += [Paragraph(markup(note.text), self._paragraph(note.tone, SMALL)), Spacer(0, 3)]
        legend = [Legend(block.legend), Spacer(0, 3)] if block.legend else []
        if fills:
            rows += legend
        for figures in block.rows:
            pictures = [self._picture(figure) for figure in figures]
            rows.append(FigureRow(figures, pictures, columns, limit, stamp=block.stamp, dry=self._dry))
        return rows if fills else [*rows, *legend]

    def _picture(self, figure: say.Figure) -> Picture:
        shown = self.earlier if figure.earlier else self.shown
        if figure not in self._pictures and shown is not None:
            self._pictures[figure] = picture(shown, figure)
        return self._pictures[figure]


def _logo(path: str) -> Flowable | None:
    """The picture of the letterhead, at most 130 by 34 points; None where it can't be read."""
    if not path:
        return None
    try:
        with PictureFile.open(path) as picture_file:
            picture_file.load()
            flat = picture_file.convert("RGBA")
    except (OSError, ValueError, PictureFile.DecompressionBombError):
        return None
    paper = PictureFile.new("RGB", flat.size, "white")  # no transparency on paper
    paper.paste(flat, mask=flat.getchannel("A"))
    paper.thumbnail((1300, 340))
    data = BytesIO()
    paper.save(data, "PNG")
    data.seek(0)
    scale = min(130 / paper.width, 34 / paper.height)
    return _Logo(data, paper.width * scale, paper.height * scale)


class _Logo(Image):  # type: ignore[misc]  # reportlab has no types
    """The institution's own; its name stands beside it."""

    def draw(self) -> None:
        with tagged(self.canv):
            super().draw()


class _Rule(Flowable):  # type: ignore[misc]
    """A thin line across the page."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width, self.height = width, 0.5

    def draw(self) -> None:
        with tagged(self.canv):
            self.canv.setStrokeColor(HexColor(RULE))
            self.canv.setLineWidth(0.5)
            self.canv.line(0, 0, self.width, 0)


def _rows(block: say.Rows, width: float, style: Style) -> Flowable:
    size = SMALL - 0.5 if block.small else BODY
    columns = block.columns
    cell = width / columns
    label = cell * (block.label or (0.62 if block.small else 0.30 if columns > 1 else 0.17))
    cells: list[list[Any]] = []
    for at in range(0, len(block.rows), columns):
        line: list[Any] = []
        for row in block.rows[at : at + columns]:
            line.append(Paragraph(markup(row.label), style("quiet", size)))
            value = breakable(row.value, cell - label - 8, size)
            line.append(Paragraph(markup(value), style("plain" if row.known else "quiet", size)))
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


def _table(block: say.Table, width: float, style: Style) -> Flowable:
    cells: list[list[Any]] = [
        [_cell(block, column, title, style, head=True) for column, title in enumerate(block.head)]
    ]
    size = SMALL - 0.5 if block.small else BODY
    pad = 0.9 if block.small else 2.0
    tones = block.tones or ("plain",) * len(block.rows)
    rules: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, HexColor(RULE)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, HexColor("#E3E7EA")),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), pad),
        ("BOTTOMPADDING", (0, 0), (-1, -1), pad + 0.6),
    ]
    rules += [
        ("TOPPADDING", (column, 1), (column, -1), pad + 0.3 * (BODY > size) + 1.3 * (BODY == size))
        for column in block.notes
    ]
    for number, (row, tone) in enumerate(zip(block.rows, tones, strict=True), start=1):
        first = _chip(row[0], tone, style) if tone in TONES else Paragraph(markup(row[0]), style("plain", size))
        cells.append([first, *(_cell(block, column, row[column], style) for column in range(1, len(row)))])
        if tone in TONES:
            rules.append(("TOPPADDING", (0, number), (0, number), pad + 0.4 + 0.8 * (BODY == size)))
    grid = Grid(cells, [share * width for share in block.widths], repeatRows=1, splitInRow=1)
    grid.setStyle([_FONT, *rules])
    return grid


def _cell(block: say.Table, column: int, text: str, style: Style, head: bool = False) -> Flowable:
    quiet = head or column in block.notes
    chosen = style("quiet" if quiet else "plain", _size(block, quiet))
    if column in block.figures:
        chosen = chosen.clone(f"{chosen.name}-figure", alignment=2)
    return Paragraph(markup(text), chosen)


def _size(block: say.Table, note: bool) -> float:
    if block.small:
        return TINY - 0.2 if note else SMALL - 0.5
    return SMALL if note else BODY


def _chip(text: str, tone: str, style: Style) -> Flowable:
    """A word on its colour: the word carries the meaning, in grey print too."""
    word = style("strong", SMALL).clone(f"chip-{tone}", textColor=white, alignment=1)
    chip = Grid([[Paragraph(markup(text, BOLD), word)]], [38])
    chip.setStyle([_FONT, ("BACKGROUND", (0, 0), (-1, -1), HexColor(TONES[tone])), *_no_padding()])
    chip.hAlign = "LEFT"
    return chip


def _no_padding() -> list[tuple[Any, ...]]:
    edges = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(edge, (0, 0), (-1, -1), 0) for edge in edges]
