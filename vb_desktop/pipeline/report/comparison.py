"""Two cases of a patient: what has changed, and whether that is more than the measurement's own error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.measurement.same_head import Overlap, SameHead, align_heads, overlap
from vb_desktop.pipeline.report.anatomy import Anatomy, anatomy
from vb_desktop.pipeline.report.content import (
    Block,
    Figure,
    LegendEntry,
    Line,
    Pictures,
    Report,
    Row,
    Rows,
    Section,
    Table,
)
from vb_desktop.pipeline.report.known_error import known_errors
from vb_desktop.pipeline.report.report import compose
from vb_desktop.pipeline.report.words import Words

ITEMS = ("volume", "diameter_long", "diameter_perp")
LEAST_SIMILARITY = 0.5
"""Below, the two scans hardly show the same head."""
PICTURES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A measured item in both cases.

    Attributes:
        item: its id.
        before: earlier value.
        after: later value.
        error: that a difference of two such values has, a share of the volume or mm; None where it is not known.
    """

    item: str
    before: float
    after: float
    error: float | None

    @property
    def share(self) -> float | None:
        """Change as a share of the earlier value; None where that is 0."""
        return (self.after - self.before) / self.before if self.before else None

    @property
    def beyond_error(self) -> bool | None:
        """Whether it is larger than the error; None where that is not known."""
        if self.error is None:
            return None
        change = self.share if self.item == "volume" else self.after - self.before
        return change is not None and abs(change) > self.error


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What has changed between two cases.

    Attributes:
        earlier: the case before.
        later: the case after.
        changes: of volume and diameters, as each case measured them on its own grid.
        head: the earlier case on the later one's grid.
        regions: how the two regions overlap there; None where one of them has none.
        remarks: ids of what speaks against comparing them.
    """

    earlier: Case
    later: Case
    changes: tuple[Change, ...]
    head: SameHead
    regions: Overlap | None
    remarks: tuple[str, ...]


def compare(earlier: Case, later: Case) -> Comparison:
    """Compare two cases.

    Raises:
        VBError: one of them holds no scan with a brain mask.
    """
    volumes = [case.volume(name) for case in (earlier, later) for name in ("scan", "brain_mask")]
    if any(volume is None for volume in volumes):
        raise VBError("report.compare_no_scan")
    before, before_brain, after, after_brain = (volume for volume in volumes if volume is not None)
    regions = [case.volume("refined_prior", "native") for case in (earlier, later)]
    head = align_heads(before, before_brain, after, after_brain, regions[0])
    shared = None
    if head.region is not None and regions[1] is not None:
        shared = overlap(head.region.voxels, regions[1].voxels, after.voxel_ml)
    return Comparison(earlier, later, _changes(earlier, later), head, shared, _remarks(earlier, later, head))


def lines(found: Comparison, language: str = "en") -> list[str]:
    """What has changed, a line each, for a terminal."""
    words = Words(language)
    return [
        *(f"{row[0]}: {row[1]} -> {row[2]} ({row[3]}); {row[4]}" for row in _rows(found, words)),
        *_said(found, words),
    ]


def write_comparison(found: Comparison, path: Path, language: str = "en") -> Path:
    """Write a report of two pages: what has changed, and the same slices of both side by side.

    Raises:
        CaseFolderError: a volume of a case is damaged.
        OSError: the PDF can't be written there.
    """
    from vb_desktop.pipeline.report.pdf import draw

    words = Words(language)
    shown = anatomy(found.later)
    pictures = _pictures(found, shown, words)
    whole = compose(found.later, language)
    head = tuple(words(f"compare.head.{name}") for name in ("item", "before", "after", "change", "judgement"))
    table = Table(head, tuple(_rows(found, words)), (0.2, 0.14, 0.14, 0.18, 0.34), figures=(1, 2, 3))
    of = Rows(
        tuple(
            Row(words(f"compare.{name}"), words("compare.case", case_id=case.record.case_id,
                date=case.identity.study_date or words("not_given")))
            for name, case in (("earlier", found.earlier), ("later", found.later))
        ),
        columns=2,
    )  # fmt: skip
    blocks: tuple[Block, ...] = (of, table, *(Line(text) for text in _said(found, words)))
    sections = [Section("change", words("heading.change"), blocks)]
    if pictures is not None:
        sections.append(Section("pictures", words("heading.compared"), (pictures,)))
    report: Report = replace(
        whole,
        title=words("compare.title"),
        subtitle=words("compare.subtitle"),
        summary=(Line(_headline(found, words), "strong"), *(Line(words(name)) for name in found.remarks)),
        sections=tuple(sections),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    draw(report, found.later, path, earlier=_earlier_anatomy(found, shown))
    return path


def _changes(earlier: Case, later: Case) -> tuple[Change, ...]:
    before, after = ({item.id: item.value for item in case.record.measurements} for case in (earlier, later))
    errors = [known_errors(case) for case in (earlier, later)]
    found = []
    for name in ITEMS:
        pair = (before.get(name), after.get(name))
        if not all(isinstance(value, int | float) for value in pair):
            continue
        known = [error[name].value for error in errors if name in error]
        both = sqrt(sum(value**2 for value in known)) if len(known) == 2 else None
        found.append(Change(name, float(pair[0] or 0.0), float(pair[1] or 0.0), both))
    return tuple(found)


def _remarks(earlier: Case, later: Case, head: SameHead) -> tuple[str, ...]:
    said = []
    ids = [case.identity.patient_id.strip() for case in (earlier, later)]
    if all(ids) and ids[0] != ids[1]:
        said.append("compare.other_patient")
    dates = [case.identity.study_date for case in (earlier, later)]
    if all(dates) and dates[0] > dates[1]:
        said.append("compare.order")
    if head.similarity < LEAST_SIMILARITY:
        said.append("compare.unlike")
    if known_errors(earlier) == {} or known_errors(later) == {}:
        said.append("compare.no_error")
    return tuple(said)


def _rows(found: Comparison, words: Words) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for change in found.changes:

        def value(v: float, name: str = change.item) -> str:
            return words.ml(v) if name == "volume" else f"{words.mm(v)}\u00a0mm"

        share = "–" if change.share is None else f"{100 * change.share:+.0f}\u00a0%"
        beyond = change.beyond_error
        name = "compare.unknown" if beyond is None else "compare.beyond" if beyond else "compare.within"
        size = ""
        if change.error is not None:
            size = words.percent(change.error) if change.item == "volume" else f"{words.mm(change.error)}\u00a0mm"
        label = words(f"measure.{change.item}")
        rows.append((label, value(change.before), value(change.after), share, words(name, error=size)))
    return rows


def _said(found: Comparison, words: Words) -> list[str]:
    said = [words("compare.aligned", similarity=f"{found.head.similarity:.2f}")]
    if found.regions is not None:
        r = found.regions
        said.append(words("compare.overlap", both=words.ml(r.both), new=words.ml(r.new),
                          vanished=words.ml(r.vanished), dice=f"{r.dice:.2f}"))  # fmt: skip
    return said


def _headline(found: Comparison, words: Words) -> str:
    volume = next((change for change in found.changes if change.item == "volume"), None)
    if volume is None or volume.share is None:
        return words("compare.nothing")
    if abs(volume.share) < 0.005:
        return words("compare.same")
    name = "compare.larger" if volume.share > 0 else "compare.smaller"
    return words(name, share=f"{100 * abs(volume.share):.0f}\u00a0%")


def _earlier_anatomy(found: Comparison, later: Anatomy | None) -> Anatomy | None:
    """The earlier scan, on the later one's grid, with a window of its own."""
    if later is None:
        return None
    from vb_desktop.pipeline.report.anatomy import canonical, window_of

    scan = canonical(found.head.scan)
    low, high = window_of(scan.voxels, later.brain)
    layers = {} if found.head.region is None else {"refined_prior": canonical(found.head.region).voxels}
    return replace(later, case=found.earlier, scan=scan, low=low, high=high, layers=layers)


def _pictures(found: Comparison, shown: Anatomy | None, words: Words) -> Pictures | None:
    """The same slices of both, the earlier one above."""
    if shown is None:
        return None
    from vb_desktop.pipeline.report.key_slices import evenly_spaced, key_slices

    region: Any = shown.region
    earlier = _earlier_anatomy(found, shown)
    if earlier is not None and earlier.region is not None:
        region = earlier.region if region is None else region | earlier.region
    slices = evenly_spaced(shown.brain, PICTURES) if region is None else key_slices(region, PICTURES)
    rows = []
    for name, before in (("earlier", True), ("later", False)):
        row = []
        for k in slices:
            at = shown.place_mm(2, k)
            place = words("pictures.superior" if at >= 0 else "pictures.inferior", mm=f"{abs(at):.1f}")
            row.append(Figure(k, ("refined_prior",), words(f"compare.{name}"), place, earlier=before))
        rows.append(tuple(row))
    legend = (LegendEntry("refined_prior", words("legend.refined_prior")),)
    note = Line(words.together([words("pictures.convention"), words("compare.grid")]), "quiet")
    return Pictures(tuple(rows), legend, (note,), height=0.21)
