"""Processed scans without real data: an empty block of brain, and the template's own brain with or without a tumour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Box, ProcessedScan, Transforms, Volume
from vb_desktop.pipeline.mri_processor.template import template, template_mask


class FakeVLM:
    """Answers with the boxes that it was given, slice by slice, and remembers what it was asked."""

    name = "fake"
    source = "openai"

    def __init__(self, boxes: Sequence[Box] = ()) -> None:
        self.answers = list(boxes)
        self.asked: list[int] = []
        self.prompt = ""

    def boxes(self, processed: ProcessedScan, slices: Sequence[int], prompt: str) -> Iterator[tuple[int, list[Box]]]:
        self.asked, self.prompt = list(slices), prompt
        for k in slices:
            yield k, [box for box in self.answers if box.k == k]


def make_processed(voxels: Array, mask: Array, affine: Array) -> ProcessedScan:
    inside = mask > 0
    scored = np.zeros(voxels.shape, np.float32)
    spread = float(voxels[inside].std()) or 1.0
    scored[inside] = (voxels[inside] - voxels[inside].mean()) / spread
    volume, brain = Volume(scored, affine), Volume(inside.astype(np.uint8), affine)
    return ProcessedScan(volume, brain, brain, volume, Transforms(Path(".")))


def make_box(k: int, i0: int, i1: int, j0: int, j1: int, *, source: str = "openai", confidence: float = 0.9) -> Box:
    return Box(k=k, i0=i0, i1=i1, j0=j0, j1=j1, confidence=confidence, source=source)


@pytest.fixture
def blob_scan() -> ProcessedScan:
    """48^3 voxels of 1 mm about x = 0, noise, and a bright ball of radius 6 mm at x = +10 (index 33, 24, 24)."""
    rng = np.random.default_rng(0)
    voxels = rng.normal(0, 1, (48, 48, 48))
    grid = np.indices(voxels.shape)
    ball = ((grid - np.array([33, 24, 24]).reshape(3, 1, 1, 1)) ** 2).sum(axis=0) <= 36
    voxels[ball] += 6
    mask = ((grid - 23.5) ** 2).sum(axis=0) <= 22**2
    affine = np.eye(4)
    affine[:3, 3] = (-23.5, -24, -24)
    return make_processed(voxels, mask, affine)


@pytest.fixture(scope="session")
def template_brain() -> Callable[..., ProcessedScan]:
    """Builds the template's brain with noise, shading and, where asked, a ring-enhancing ball at a place (mm)."""

    def build(
        seed: int = 0, tumour_mm: tuple[float, float, float] | None = None, radius_mm: float = 12.0
    ) -> ProcessedScan:
        rng = np.random.default_rng(seed)
        volume, mask = template(), template_mask()
        voxels = volume.voxels.astype(np.float64)
        axes = [np.linspace(-1, 1, n) for n in voxels.shape]
        i, j, k = np.meshgrid(*axes, indexing="ij", sparse=True)
        slope = rng.uniform(-0.08, 0.08, 3)
        voxels = voxels * (1 + slope[0] * i + slope[1] * j + slope[2] * k)
        if tumour_mm is not None:
            centre = volume.to_index(np.array([tumour_mm]))[0]
            away = np.sqrt(
                sum((axis - c) ** 2 for axis, c in zip(np.indices(voxels.shape, sparse=True), centre, strict=True))
            )
            ring = (away <= radius_mm) & (away > radius_mm - 4)
            voxels[ring] = 320
            voxels[away <= radius_mm - 4] = 60
            voxels = ndimage.gaussian_filter(voxels, 0.7)
        voxels += rng.normal(0, 6, voxels.shape)
        return make_processed(voxels, mask.voxels, volume.affine)

    return build
