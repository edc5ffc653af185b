"""Which pictures the report shows, with which layers and captions."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.anatomy import Anatomy
from vb_desktop.pipeline.report.content import Figure, LayerName, LegendEntry, Line, Pictures, Section
from vb_desktop.pipeline.report.key_slices import evenly_spaced, key_slices, largest_slice
from vb_desktop.pipeline.report.result import in_text, most_probable, source_name
from vb_desktop.pipeline.report.words import Words


def leading_picture(shown: Anatomy | None, words: Words) -> Pictures | None:
    """The slice on which the region is largest, with box and priors: for the first page."""
    if shown is None or shown.region is None:
        return None
    k = largest_slice(shown.region)
    figure = Figure(k, ("boxes", "coarse_prior", "refined_prior"), words("pictures.priors"), _caption(shown, k, words))
    return Pictures(((figure,),), _legend(shown, [figure], words))


def pictures_section(case: Case, shown: Anatomy | None, count: int, words: Words) -> Section:
    """Key slices through the region, or slices evenly through the brain where there is none."""
    if shown is None:
        return Section("key_slices", words("heading.key_slices"), (Line(words("pictures.missing")),))
    region = shown.region
    slices = evenly_spaced(shown.brain, count) if region is None else key_slices(region, count)
    of_slices = [_row(case, shown, k, words) for k in slices]
    together = {1: 3, 2: 2}.get(len(of_slices[0]), 1)  # slices that fit beside each other
    rows = tuple(sum(of_slices[at : at + together], ()) for at in range(0, len(of_slices), together))
    legend = _legend(shown, [figure for row in rows for figure in row], words)
    heading = words("heading.slices_looked_at" if region is None else "heading.key_slices")
    return Section("key_slices", heading, (Pictures(rows, legend, _notes(shown, words)),))


def _row(case: Case, shown: Anatomy, k: int, words: Words) -> tuple[Figure, ...]:
    caption = _caption(shown, k, words)
    row = [Figure(k, (), words("pictures.plain"), caption)]
    if shown.region is not None:
        row.append(Figure(k, ("boxes", "coarse_prior", "refined_prior"), words("pictures.priors"), caption))
    diagnosis = case.record.diagnosis
    if diagnosis is not None and case.shows_diagnosis:
        top = most_probable(diagnosis)
        if case.path(f"grad_cam_{top}", "native").is_file():
            layers: tuple[LayerName, ...] = ("refined_prior", "grad_cam")
            title = words("pictures.grad_cam", name=in_text(top, words))
            row.append(Figure(k, layers, title, caption, top))
    return tuple(row)


def _caption(shown: Anatomy, k: int, words: Words) -> str:
    height = shown.height_mm(k)
    place = words("pictures.superior" if height >= 0 else "pictures.inferior", mm=f"{abs(height):.1f}")
    number = words("pictures.slice", number=k + 1, count=shown.scan.voxels.shape[2])
    return f"{place}   {number}   {window(shown, words)}"


def window(shown: Anatomy, words: Words) -> str:
    """Window width and level in the scanner's values."""
    width, level = shown.high - shown.low, (shown.high + shown.low) / 2
    digits = 0 if width >= 20 else 2
    return words("pictures.window", width=f"{width:.{digits}f}", level=f"{level:.{digits}f}")


def _notes(shown: Anatomy, words: Words) -> tuple[Line, ...]:
    lines = [words("pictures.convention"), words("pictures.thick", spacing=f"{shown.scan.spacing[2]:.1f}")]
    if shown.tilt >= 1.0:
        lines.insert(1, words("pictures.oblique", degrees=f"{shown.tilt:.0f}"))
    if shown.case.record.boxes_in_force:
        lines.append(words("pictures.projected"))
    return (Line(" ".join(lines), "quiet"),)


def _legend(shown: Anatomy, figures: list[Figure], words: Words) -> tuple[LegendEntry, ...]:
    layers: set[LayerName] = {layer for figure in figures for layer in figure.layers}
    entries = []
    sources = {box.source for box in shown.case.record.boxes_in_force}
    if "boxes" in layers and sources - {"reader"}:
        entries.append(LegendEntry("box", words("legend.box", source=source_name(shown.case, words))))
    if "boxes" in layers and "reader" in sources:
        entries.append(LegendEntry("reader_box", words("legend.reader_box")))
    for name in ("coarse_prior", "refined_prior"):
        if name in layers and (layer := shown.layer(name)) is not None and np.any(layer > 0.5):
            entries.append(LegendEntry(name, words(f"legend.{name}")))
    if "grad_cam" in layers:
        entries.append(LegendEntry("grad_cam", words("legend.grad_cam")))
    return tuple(entries)
