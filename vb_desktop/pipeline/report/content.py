"""What a report is made of: plain frozen data, already in words, without any layout.

All text is plain text: whoever draws it must escape it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "strong", "quiet", "note", "fine", "green", "amber", "red"]
LayerName = Literal["boxes", "coarse_prior", "refined_prior", "grad_cam", "cross"]
Plane = Literal["axial", "coronal", "sagittal"]


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
        small: set all of it small.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    tones: tuple[Tone, ...] = ()
    figures: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A class: its name, probability in [0, 1], the same in words, and a note (member of the prediction set).

    Attributes:
        low: lower end of its interval, where there is one.
        high: upper end.
    """

    label: str
    share: float
    text: str
    note: str = ""
    leading: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart from 0 to 100 %."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A slice of the scan with layers on it.

    Attributes:
        k: slice of the scan on its closest canonical (RAS) grid, counted from inferior (axial), posterior (coronal) or
            left (sagittal).
        layers: what is drawn on it.
        title: above the picture.
        caption: below it: position, window.
        grad_cam: class whose Grad-CAM is shown; empty = none.
        plane: which slice it is.
        cross: indices (i, j, k) of the other planes, marked at the edges; empty = none.
        earlier: of the earlier one of two cases.
    """

    k: int
    layers: tuple[LayerName, ...]
    title: str
    caption: str
    grad_cam: str = ""
    plane: Plane = "axial"
    cross: tuple[int, ...] = ()
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a layer looks like."""

    layer: Literal["box", "reader_box", "coarse_prior", "refined_prior", "grad_cam"]
    text: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Rows of figures, and their legend.

    Attributes:
        rows: figures side by side.
        legend: of all of them.
        notes: above them.
        height: most height of a picture, as a share of the page's; None for rows that fill a page by threes.
        stamp: what is written into each picture: the patient's ID.
    """

    rows: tuple[tuple[Figure, ...], ...]
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[Line, ...] = ()
    height: float | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class RibbonSlice:
    """An axial slice in the ribbon.

    Attributes:
        height_mm: superior (+) or inferior (-).
        area_cm2: of the localised region.
        boxes: how many boxes meet it.
        reader: whether a reader drew one of them.
        grad_cam: mean of the Grad-CAM inside the brain, in [0, 1].
        shown: whether it stands among the key slices.
    """

    height_mm: float
    area_cm2: float
    boxes: int
    reader: bool
    grad_cam: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Ribbon:
    """All slices of the brain from inferior to superior: where boxes, region and Grad-CAM lie.

    Attributes:
        slices: from inferior to superior.
        labels: words for boxes, region, Grad-CAM and key slices; empty where there is no such layer.
        left: word at the inferior end.
        right: word at the superior end.
    """

    slices: tuple[RibbonSlice, ...]
    labels: tuple[str, str, str, str]
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class SignatureLines:
    """Lines to be filled in by hand, each with its label."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two stacks of blocks side by side; `share` of the width is the left one's."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    share: float = 0.55


Block = Line | Rows | Table | Bars | Pictures | Ribbon | SignatureLines | Beside


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with blocks under it.

    Attributes:
        id: stable name, the bookmark of the PDF.
        heading: in words.
        blocks: in order.
        new_page: begins a page.
    """

    id: str
    heading: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole report in words.

    Attributes:
        language: of the words.
        page: paper size.
        title: of the document.
        subtitle: under it.
        product: name of the program.
        institution: of the letterhead; empty = none.
        logo: picture file of the letterhead; empty = none.
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
    institution: str
    logo: str
    header: tuple[str, str, str]
    case_line: str
    time_line: str
    page_line: str
    footer: tuple[str, ...]
    summary: tuple[Line, ...]
    identity: Section
    sections: tuple[Section, ...]
