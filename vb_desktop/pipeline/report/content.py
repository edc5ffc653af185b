"""What a report is made of: plain frozen data, already in words, without any layout.

All text is plain text: whoever draws it must escape it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "strong", "quiet", "green", "amber", "red"]
LayerName = Literal["boxes", "coarse_prior", "refined_prior", "grad_cam"]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its value."""

    label: str
    value: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Rows:
    """Label and value pairs, set in `columns` columns, filled row by row; `label` is the share of the label's width."""

    rows: tuple[Row, ...]
    columns: int = 1
    small: bool = False
    label: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        head: titles of the columns.
        rows: cells.
        widths: share of the width of each column.
        tones: tone of the first cell of each row; empty = plain.
        figures: columns that hold figures, set to the right.
        notes: columns that hold explanations, set small.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    tones: tuple[Tone, ...] = ()
    figures: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A class: its name, probability in [0, 1], the same in words, and a note (member of the prediction set)."""

    label: str
    share: float
    text: str
    note: str = ""
    leading: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart from 0 to 100 %."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """An axial slice of the scan with layers on it.

    Attributes:
        k: slice of the scan on its closest canonical (RAS) grid, counted from inferior.
        layers: what is drawn on it.
        title: above the picture.
        caption: below it: position, window.
        grad_cam: class whose Grad-CAM is shown; empty = none.
    """

    k: int
    layers: tuple[LayerName, ...]
    title: str
    caption: str
    grad_cam: str = ""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a layer looks like."""

    layer: Literal["box", "reader_box", "coarse_prior", "refined_prior", "grad_cam"]
    text: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Rows of figures of the same width, and their legend."""

    rows: tuple[tuple[Figure, ...], ...]
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Two stacks of blocks side by side; `share` of the width is the left one's."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    share: float = 0.55


Block = Line | Rows | Table | Bars | Pictures | Beside


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with blocks under it.

    Attributes:
        id: stable name, the bookmark of the PDF.
        heading: in words.
        blocks: in order.
    """

    id: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole report in words.

    Attributes:
        language: of the words.
        page: paper size.
        title: of the document.
        subtitle: under it.
        product: name of the program.
        header: name, ID and birth date, small on every page.
        case_line: case id, on every page.
        time_line: time of the analysis, on every page.
        page_line: template with {page} and {pages}.
        footer: lines that stand on every page.
        summary: the result in a sentence, with its doubt in the next.
        identity: patient and study.
        sections: everything else.
    """

    language: str
    page: str
    title: str
    subtitle: str
    product: str
    header: tuple[str, str, str]
    case_line: str
    time_line: str
    page_line: str
    footer: tuple[str, ...]
    summary: tuple[Line, ...]
    identity: Section
    sections: tuple[Section, ...]
