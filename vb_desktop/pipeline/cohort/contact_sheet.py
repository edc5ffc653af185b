"""A picture of a cohort: a row for each case, three planes through its tumour, with the outline of the truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nibabel as nib
import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.cohort.cohort import CohortCase

_TEXT_PX = 14
_GAP_PX = 2
_OUTLINE = (255, 190, 60)


def contact_sheet(cases: Sequence[CohortCase], path: Path, columns: int = 2, outline: bool = True) -> None:
    """Write a PNG: each case axial, coronal and sagittal through the widest part of its tumour.

    Radiological order is not used: left of the picture is the patient's left.

    Args:
        cases: with a truth beside each.
        path: where to write.
        columns: cases side by side.
        outline: the truth's outline on the coronal and the sagittal plane (the axial one stays free).
    """
    tiles = [_tile(case, outline) for case in cases]
    if not tiles:
        raise ValueError("cases must hold at least one case")
    height, width = max(t.shape[0] for t in tiles), max(t.shape[1] for t in tiles)
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * (width + 3 * _GAP_PX), rows * (height + _TEXT_PX + _GAP_PX)), (20, 20, 20))
    draw = ImageDraw.Draw(sheet)
    for number, (case, tile) in enumerate(zip(cases, tiles, strict=True)):
        x, y = number % columns * (width + 3 * _GAP_PX), number // columns * (height + _TEXT_PX + _GAP_PX)
        age = "" if case.age is None else f", {case.age:.0f}"
        draw.text((x + 2, y), f"{case.name}  {case.label}{age} {case.sex or ''}", fill=(230, 230, 230))
        sheet.paste(Image.fromarray(tile), (x, y + _TEXT_PX))
    with atomic_path(path) as temporary:
        sheet.save(temporary, optimize=True)


def _tile(case: CohortCase, outline: bool) -> Array:
    if case.truth is None:
        raise ValueError(f"the case {case.name} must have a truth")
    voxels = np.asarray(nib.load(case.scan).dataobj, dtype=np.float32)
    mask = np.asarray(nib.load(case.truth).dataobj) > 0
    labels, count = ndimage.label(mask)
    if count > 1:
        mask = labels == 1 + int(np.argmax(ndimage.sum(mask, labels, range(1, count + 1))))
    at = [int(np.argmax(mask.sum(axis=axes))) for axes in ((1, 2), (0, 2), (0, 1))]
    inside = voxels[voxels > 0]
    low, high = 0.0, float(np.percentile(inside, 99.95))
    planes = [np.take(voxels, at[axis], axis) for axis in (2, 1, 0)]
    edges = [np.take(mask & ~ndimage.binary_erosion(mask), at[axis], axis) for axis in (2, 1, 0)]
    shown = []
    for number, (plane, edge) in enumerate(zip(planes, edges, strict=True)):
        grey = np.clip((plane - low) / (high - low), 0, 1) * 255
        rgb = np.repeat(grey.astype(np.uint8)[..., None], 3, axis=-1)
        if outline and number > 0:
            rgb[edge] = _OUTLINE
        shown.append(np.flip(np.swapaxes(rgb, 0, 1), 0))
    height = max(part.shape[0] for part in shown)
    padded = [np.pad(part, ((0, height - part.shape[0]), (0, _GAP_PX), (0, 0))) for part in shown]
    return np.ascontiguousarray(np.concatenate(padded, axis=1))
