"""Which pictures the report shows, with which layers and captions."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.anatomy import Anatomy
from vb_desktop.pipeline.report.content import Figure, LayerName, LegendEntry, Line, Pictures, Plane, Section
from vb_desktop.pipeline.report.figures import AXES
from vb_desktop.pipeline.report.key_slices import evenly_spaced, key_slices, largest_slice
from vb_desktop.pipeline.report.result import in_text, most_probable, source_name
from vb_desktop.pipeline.report.ribbon import ribbon
from vb_desktop.pipeline.report.words import Words

PLANES: tuple[Plane, ...] = ("sagittal", "coronal", "axial")
ENDS = (("right", "left"), ("anterior", "posterior"), ("superior", "inferior"))
"""Words for the positive and the negative side of each axis."""
ROW = 3
"""Key slices side by side."""
PRIORS: tuple[LayerName, ...] = ("boxes", "coarse_prior", "refined_prior")


def leading_pictures(case: Case, shown: Anatomy | None, words: Words) -> Pictures | None:
    """The slice on which the region is largest, plain and with box and priors: for the first page."""
    if shown is None or shown.region is None:
        return None
    k = largest_slice(shown.region)
    caption = _caption(shown, "axial", k, words)
    figures = (
        Figure(k, (), words("pictures.plain"), caption),
        Figure(k, PRIORS, words("pictures.priors"), caption),
    )
    return Pictures((figures,), _legend(shown, list(figures), words), height=0.26, stamp=_stamp(case, words))


def planes_section(case: Case, shown: Anatomy | None, words: Words) -> Section | None:
    """The region on three planes through its middle, and the ribbon of all slices; None without a region."""
    if shown is None or shown.region is None:
        return None
    middle = shown.middle
    figures = []
    for plane in PLANES:
        index = middle[AXES[plane][2]]
        title = words(f"pictures.{plane}")
        layers: tuple[LayerName, ...] = ("refined_prior", "cross")
        figures.append(Figure(index, layers, title, _caption(shown, plane, index, words), "", plane, middle))
    pictures = Pictures((tuple(figures),), height=0.2, stamp=_stamp(case, words))
    return Section("planes", words("heading.planes"), (pictures, *ribbon(case, shown, _chosen(case, shown), words)))


def pictures_section(case: Case, shown: Anatomy | None, words: Words) -> Section:
    """Key slices through the region, or slices evenly through the brain where there is none."""
    if shown is None:
        return Section("key_slices", words("heading.key_slices"), (Line(words("pictures.missing")),))
    region = shown.region
    slices = _chosen(case, shown)
    layers: tuple[LayerName, ...] = () if region is None else PRIORS
    title = words("pictures.plain" if region is None else "pictures.priors")
    figures = [Figure(k, layers, title, _caption(shown, "axial", k, words)) for k in slices]
    maps = _grad_cam(case, shown, slices, words)
    rows = tuple(tuple(part[at : at + ROW]) for part in (figures, maps) for at in range(0, len(part), ROW))
    heading = words("heading.slices_looked_at" if region is None else "heading.key_slices")
    pictures = Pictures(rows, _legend(shown, figures + maps, words), _notes(shown, words), stamp=_stamp(case, words))
    return Section("key_slices", heading, (pictures,), new_page=region is not None)


def key_figures(case: Case, shown: Anatomy, words: Words) -> tuple[list[Figure], str]:
    """Every picture of the report, each once, and the patient's ID that is written into them."""
    blocks = [leading_pictures(case, shown, words)]
    for section in (planes_section(case, shown, words), pictures_section(case, shown, words)):
        blocks += [block for block in section.blocks if isinstance(block, Pictures)] if section else []
    found = [figure for block in blocks if block for row in block.rows for figure in row]
    return list(dict.fromkeys(found)), _stamp(case, words)


def window(shown: Anatomy, words: Words) -> str:
    """Window width and level in the scanner's values."""
    width, level = shown.high - shown.low, (shown.high + shown.low) / 2
    digits = 0 if width >= 20 else 2
    return words("pictures.window", width=f"{width:.{digits}f}", level=f"{level:.{digits}f}")


def _chosen(case: Case, shown: Anatomy) -> list[int]:
    count = int(case.record.config.get("report", {}).get("key_slices", 6))
    return evenly_spaced(shown.brain, count) if shown.region is None else key_slices(shown.region, count)


def _grad_cam(case: Case, shown: Anatomy, slices: list[int], words: Words) -> list[Figure]:
    """Grad-CAM of the most probable class on three of the key slices: first, largest and last of those chosen."""
    diagnosis = case.record.diagnosis
    if diagnosis is None or not case.shows_diagnosis:
        return []
    top = most_probable(diagnosis)
    if not case.path(f"grad_cam_{top}", "native").is_file():
        return []
    if shown.region is not None and len(slices) > ROW:
        largest = largest_slice(shown.region)
        inner = [k for k in slices[1:-1] if k == largest] or [slices[len(slices) // 2]]
        slices = [slices[0], inner[0], slices[-1]]
    title = words("pictures.grad_cam", name=in_text(top, words))
    layers: tuple[LayerName, ...] = ("refined_prior", "grad_cam")
    return [Figure(k, layers, title, _caption(shown, "axial", k, words), top) for k in slices]


def _stamp(case: Case, words: Words) -> str:
    return words("header.id", id=case.identity.patient_id.strip() or words("not_given"))


def _caption(shown: Anatomy, plane: Plane, index: int, words: Words) -> str:
    axis = AXES[plane][2]
    at = shown.place_mm(axis, index)
    place = words(f"pictures.{ENDS[axis][0 if at >= 0 else 1]}", mm=f"{abs(at):.1f}")
    number = words("pictures.slice", number=index + 1, count=shown.scan.voxels.shape[axis])
    return f"{place}   {number}   {window(shown, words)}"


def _notes(shown: Anatomy, words: Words) -> tuple[Line, ...]:
    lines = [words("pictures.convention"), words("pictures.thick", spacing=f"{shown.scan.spacing[2]:.1f}")]
    if shown.tilt >= 1.0:
        lines.insert(1, words("pictures.oblique", degrees=f"{shown.tilt:.0f}"))
    if shown.case.record.boxes_in_force:
        lines.append(words("pictures.projected"))
    return (Line(words.together(lines), "quiet"),)


def _legend(shown: Anatomy, figures: list[Figure], words: Words) -> tuple[LegendEntry, ...]:
    layers = {layer for figure in figures for layer in figure.layers}
    entries: list[LegendEntry] = []
    if "boxes" in layers:
        sources = {box.source for box in shown.case.record.boxes_in_force}
        if sources - {"reader"}:
            entries.append(LegendEntry("box", words("legend.box", source=source_name(shown.case, words))))
        if "reader" in sources:
            entries.append(LegendEntry("reader_box", words("legend.reader_box")))
    if "coarse_prior" in layers and _drawn(shown, "coarse_prior"):
        entries.append(LegendEntry("coarse_prior", words("legend.coarse_prior")))
    if "refined_prior" in layers and _drawn(shown, "refined_prior"):
        entries.append(LegendEntry("refined_prior", words("legend.refined_prior")))
    if "grad_cam" in layers:
        entries.append(LegendEntry("grad_cam", words("legend.grad_cam")))
    return tuple(entries)


def _drawn(shown: Anatomy, name: str) -> bool:
    layer = shown.layer(name)
    return layer is not None and bool(np.any(layer > 0.5))
