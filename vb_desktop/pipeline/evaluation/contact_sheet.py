"""A picture of all cases: the slice that matters, the expert's core, the boxes and the refined prior."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.evaluation.evaluate_localization import CaseResult

_SCALE = 2
_COLUMNS = 6
_CORE, _PRIOR, _BOX = (255, 64, 64), (64, 200, 255), (255, 220, 0)
_TEXT_HEIGHT = 26
_WINDOW = (-2.5, 4.0)  # z-score


def contact_sheet(results: Sequence[CaseResult], path: Path) -> None:
    """Write a PNG with one tile a case.

    Shown is the slice with the largest core, for a control that with the largest box, else the middle one. Red: the
    expert's core; blue: refined prior > 0.5; yellow: boxes. Left of the picture is the patient's right.
    """
    tiles = [_tile(result) for result in results]
    width, height = max(t.width for t in tiles), max(t.height for t in tiles)
    rows = -(-len(tiles) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * width, rows * height))
    for number, tile in enumerate(tiles):
        sheet.paste(tile, ((number % _COLUMNS) * width, (number // _COLUMNS) * height))
    with atomic_path(path) as temporary:
        sheet.save(temporary)


def _tile(result: CaseResult) -> Image.Image:
    k = _slice(result)
    low, high = _WINDOW
    grey = np.clip((result.processed.volume.voxels[:, :, k] - low) / (high - low), 0, 1) * 255
    fine = np.kron(grey, np.ones((_SCALE, _SCALE))).astype(np.uint8)
    rgb = np.stack([fine] * 3, axis=-1)
    prior = result.located.refined_prior
    for mask, colour in (
        (None if prior is None else prior.volume.voxels[:, :, k] > 0.5, _PRIOR),
        (result.core[:, :, k], _CORE),
    ):
        if mask is not None:
            rgb[_outline(mask)] = colour
    # Radiological view: the patient's right is on the left, anterior is up.
    image = Image.fromarray(np.ascontiguousarray(rgb[::-1, ::-1].transpose(1, 0, 2)))
    size_i, size_j = grey.shape
    draw = ImageDraw.Draw(image)
    for box in result.located.boxes:
        if box.k == k:
            corners = ((size_i - box.i1) * _SCALE, (size_j - box.j1) * _SCALE)
            draw.rectangle((*corners, (size_i - box.i0) * _SCALE - 1, (size_j - box.j0) * _SCALE - 1), outline=_BOX)
    tile = Image.new("RGB", (image.width, image.height + _TEXT_HEIGHT))
    tile.paste(image, (0, _TEXT_HEIGHT))
    hit = "" if result.hit is None else (", hit" if result.hit else ", missed")
    iou = "" if result.slices.iou_all is None else f", IoU {result.slices.iou_all:.2f}"
    text = ImageDraw.Draw(tile)
    text.text((4, 1), f"{result.name} k {k}", fill=(255, 255, 255))
    text.text((4, 13), f"{result.group}, {result.boxes} boxes{hit}{iou}", fill=(255, 255, 255))
    return tile


def _slice(result: CaseResult) -> int:
    if result.core.any():
        return int(result.core.sum(axis=(0, 1)).argmax())
    if result.located.boxes:
        largest = max(result.located.boxes, key=lambda b: (b.i1 - b.i0) * (b.j1 - b.j0))
        return largest.k
    return int(np.flatnonzero(result.processed.mask.voxels.any(axis=(0, 1))).mean())


def _outline(mask: Array) -> Array:
    fine = np.kron(mask, np.ones((_SCALE, _SCALE), bool))
    outline: Array = fine & ~ndimage.binary_erosion(fine)
    return outline
