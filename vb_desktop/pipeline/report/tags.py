"""Tags for readers who hear a report: what is a heading, a paragraph, a picture and its words; the rest is decoration.

reportlab knows no tags. Its flowables write the marks into the page here, and `archive.py` hangs the tree of them into
the file. Cells of tables are paragraphs in reading order; rows and columns are not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.platypus import Paragraph, Table

from vb_desktop.pipeline.report.bidirectional import has_right_to_left
from vb_desktop.pipeline.report.markup import Marked, lines_of, markup


@dataclass(frozen=True, slots=True)
class Tagged:
    """A piece of a page.

    Attributes:
        page: from 0.
        mark: number of the mark on its page.
        role: "H1", "H2", "P" or "Figure".
        words: what is said instead of a picture.
    """

    page: int
    mark: int
    role: str
    words: str = ""


@dataclass(slots=True)
class Tags:
    """The tagged pieces of a report, in the order in which they are drawn."""

    pieces: list[Tagged] = field(default_factory=list)
    _marks: dict[int, int] = field(default_factory=dict)
    _inside: bool = False

    def begin(self, canvas: Any, role: str, words: str) -> bool:
        """Open a mark; False where one is open already."""
        if self._inside:
            return False
        page = canvas.getPageNumber() - 1
        if role:
            mark = self._marks.get(page, 0)
            self._marks[page] = mark + 1
            self.pieces.append(Tagged(page, mark, role, words))
            canvas._code.append(f"/{role} <</MCID {mark}>> BDC")
        else:
            canvas._code.append("/Artifact BMC")
        self._inside = True
        return True

    def end(self, canvas: Any) -> None:
        """Close it."""
        canvas._code.append("EMC")
        self._inside = False


@contextmanager
def tagged(canvas: Any, role: str = "", words: str = "") -> Iterator[None]:
    """What is drawn inside belongs together; without a role it is decoration. Marks are not nested."""
    tags: Tags | None = getattr(canvas, "vb_tags", None)
    opened = tags is not None and tags.begin(canvas, role, words)
    yield
    if tags is not None and opened:
        tags.end(canvas)


class TaggedParagraph(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """A paragraph or, by its style, a heading. Right-to-left text is cut into lines before these are turned round."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As ever; the lines of right-to-left text are made here, where the width is known."""
        source = getattr(self, "_source", None)
        if source is not None:
            lines = lines_of(source.text, width, self.style.fontSize, source.font)
            text = "<br/>".join(markup(line, source.font) for line in lines)
            self._setup(text, self.style, None, None, _as_it_is)
        return super().wrap(width, height)  # type: ignore[no-any-return]

    def _setup(self, text: Any, style: Any, bulletText: Any, frags: Any, cleaner: Any) -> None:
        if isinstance(text, Marked) and has_right_to_left(text.text):
            self._source = text
        super()._setup(text, style, bulletText, frags, cleaner)

    def draw(self) -> None:
        """As ever, inside its mark."""
        role = {"heading": "H2", "title": "H1"}.get(self.style.name.partition("-")[0], "P")
        with tagged(self.canv, role):
            super().draw()


def _as_it_is(text: str) -> str:
    return text


class TaggedTable(Table):  # type: ignore[misc]
    """A table whose lines and colours are decoration; its cells tag themselves."""

    def _drawBkgrnd(self) -> None:
        with tagged(self.canv):
            super()._drawBkgrnd()

    def _drawLines(self) -> None:
        with tagged(self.canv):
            super()._drawLines()


def hang_tree(pdf: Any, pieces: Sequence[Tagged]) -> None:
    """Write the tree of tags: the document, its pieces in order, and for each page which mark is whose."""
    from pikepdf import Array, Dictionary, Name, String

    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    of_page: list[list[Any]] = [[] for _ in pdf.pages]
    children = []
    for piece in pieces:
        element = Dictionary(
            Type=Name.StructElem, S=Name(f"/{piece.role}"), P=document, Pg=pdf.pages[piece.page].obj, K=piece.mark
        )
        if piece.words:
            element.Alt = String(piece.words)
        element = pdf.make_indirect(element)
        of_page[piece.page].append(element)
        children.append(element)
    numbers: list[Any] = []
    for number, (page, elements) in enumerate(zip(pdf.pages, of_page, strict=True)):
        page.obj.StructParents = number
        page.obj.Tabs = Name.S
        numbers += [number, pdf.make_indirect(Array(elements))]
    document.K = Array(children)
    root.K = document
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    root.ParentTreeNextKey = len(of_page)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
