"""Pictures to learn from, drawn once and kept as shards: slices of synthetic cases and of expert-segmented scans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import resample
from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case import ProcessedScan, Volume
from vb_desktop.pipeline.mri_processor.template import template
from vb_desktop.pipeline.training.synthetic_cohort import SyntheticCase, SyntheticCohort
from vb_desktop.pipeline.tumor_localizer.slice_picture import Frame, Window, slice_pixels

Array = npt.NDArray[Any]
DRAWN = 192
"""Edge of a stored picture in pixels; augmentation and measuring bring it to the network's."""
LEAST_MM2 = 20.0
"""A smaller cut through a tumour is its cap; slices with nothing but caps are not learned from."""
MOST_BOXES = 3
_JOIN_MM = 2.0  # pieces of a tumour that lie nearer than twice this are one box


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures and their tumours.

    Attributes:
        pixels: uint8 (N, DRAWN, DRAWN).
        tumours: uint8, same shape; 0 where there is none, else the number of the piece.
        shows: bool (N,), whether a picture shows a tumour.
    """

    pixels: Array
    tumours: Array
    shows: Array

    def __len__(self) -> int:
        return len(self.pixels)


def pieces(tumour: Array, pixel_mm2: float) -> Array:
    """Label the pieces of a tumour on one slice, the largest first, caps left out: uint8, at most `MOST_BOXES`."""
    reach = max(round(_JOIN_MM / pixel_mm2**0.5), 1)
    labels, count = ndimage.label(ndimage.binary_dilation(tumour, iterations=reach))
    labels = np.where(tumour, labels, 0)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    found = np.zeros(tumour.shape, dtype=np.uint8)
    for n, label in enumerate(np.argsort(-sizes)[:MOST_BOXES], start=1):
        if sizes[label] * pixel_mm2 >= LEAST_MM2:
            found[labels == label + 1] = n
    return found


def synthetic_case(case: SyntheticCase, cohort: SyntheticCohort) -> tuple[Volume, Array, Array]:
    """A case of the cohort on the template's grid, every other slice: volume, brain, tumour."""
    affine = template().affine.copy()
    affine[2] = cohort.grid.affine[2]
    shape = (*template().voxels.shape[:2], cohort.grid.shape[2])

    def moved(values: Array) -> Array:
        return resample(values.astype(np.float32), cohort.grid.affine, affine, shape)

    brain = moved(case.brain) > 0.5
    return Volume(np.where(brain, moved(case.image), 0), affine), brain, (moved(case.tumour) > 0.5) & brain


def draw(volume: Volume, brain: Array, tumour: Array, slices: list[int], width: float) -> Pictures:
    """Pictures of some slices, with their tumours."""
    scan = _as_processed(volume, brain)
    window, frame = Window.of(scan, width), Frame.of(scan.mask)
    pixel_mm2 = (frame.count[0] * volume.spacing[0] / DRAWN) ** 2
    as_it_is, everywhere = Window(0.0, 1.0), np.ones(brain.shape[:2], dtype=bool)
    pixels, cut = [], []
    for k in slices:
        pixels.append(slice_pixels(volume.voxels[:, :, k], brain[:, :, k], frame, window, DRAWN))
        shown = slice_pixels(tumour[:, :, k].astype(np.float32), everywhere, frame, as_it_is, DRAWN)
        cut.append(pieces(shown > 127, pixel_mm2))
    return _pictures(np.stack(pixels), np.stack(cut))


def choose_slices(
    rng: np.random.Generator, volume: Volume, brain: Array, tumour: Array, with_tumour: int, without: int
) -> list[int]:
    """Some slices that show enough tumour, and some with brain that show none."""
    mm2 = volume.spacing[0] * volume.spacing[1]
    area = np.count_nonzero(tumour, axis=(0, 1)) * mm2
    brain_area = np.count_nonzero(brain, axis=(0, 1)) * mm2
    shown = np.flatnonzero(area >= LEAST_MM2)
    clear = np.flatnonzero((area == 0) & (brain_area > 500))
    chosen = [
        rng.choice(group, min(n, len(group)), replace=False) for group, n in ((shown, with_tumour), (clear, without))
    ]
    return [int(k) for k in np.concatenate(chosen)]


def save(path: Path, parts: list[Pictures]) -> None:
    """Write a shard atomically."""
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez(
            file, pixels=np.concatenate([p.pixels for p in parts]), tumours=np.concatenate([p.tumours for p in parts])
        )


def load(paths: list[Path]) -> Pictures:
    """Read shards."""
    parts = []
    for path in paths:
        with np.load(path, allow_pickle=False) as file:
            parts.append((file["pixels"], file["tumours"]))
    if not parts:
        return _pictures(*(np.zeros((0, DRAWN, DRAWN), dtype=np.uint8) for _ in range(2)))
    return _pictures(np.concatenate([p for p, _ in parts]), np.concatenate([t for _, t in parts]))


def some(pictures: Pictures, count: int, seed: int) -> Pictures:
    """A random part."""
    chosen = np.random.default_rng(seed).permutation(len(pictures))[:count]
    return Pictures(pictures.pixels[chosen], pictures.tumours[chosen], pictures.shows[chosen])


def _pictures(pixels: Array, tumours: Array) -> Pictures:
    return Pictures(pixels, tumours, np.asarray(tumours.any(axis=(1, 2))))


def _as_processed(volume: Volume, brain: Array) -> ProcessedScan:
    from vb_desktop.pipeline.case import Transforms

    mask = Volume(brain.astype(np.uint8), volume.affine)
    return ProcessedScan(volume, mask, mask, volume, Transforms(Path()))
