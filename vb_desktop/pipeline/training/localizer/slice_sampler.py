"""Batches of slices from real and synthetic cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.training.localizer.augment_slices import SliceAugmenter
from vb_desktop.pipeline.training.localizer.grid_case import (
    BRAIN_BIT,
    CORE_BIT,
    ENHANCING_BIT,
    UNSURE_BIT,
    WHOLE_BIT,
    GridCase,
)
from vb_desktop.pipeline.tumor_localizer.detector_grid import LOWEST, SHAPE, template_tissue
from vb_desktop.pipeline.tumor_localizer.detector_network import MIRRORED, NEIGHBOURS

OFFSETS = tuple(sorted({*NEIGHBOURS, *MIRRORED}))
"""The neighbouring slices that are looked at; only they are augmented."""
_LEAST_CORE = 6  # voxels of 4 mm2: the slice shows a tumour
_LEAST_BRAIN = 150


class SliceSampler:
    """Draws slices: cases in turn at random, with and without tumour as asked.

    Args:
        real: cases of patients.
        synthetic: of the pool, none of a held-out patient.
        real_share: of the slices.
        tumour_share: of the slices that show the core.
    """

    def __init__(
        self, real: Sequence[GridCase], synthetic: Sequence[GridCase], *, real_share: float, tumour_share: float
    ) -> None:
        self.groups = [[_Stack(case) for case in group] for group in (real, synthetic)]
        self.real_share, self.tumour_share = real_share, tumour_share
        self.tissue = torch.from_numpy(template_tissue()).permute(3, 0, 1, 2).contiguous()  # (K, 2, I, J)

    def batch(self, size: int, rng: np.random.Generator, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Augmented slices.

        Returns:
            channels (B, CHANNELS, I, J), marks (B, 4, I, J): core, whole, enhancing, and where to learn.
        """
        windows = np.empty((size, len(OFFSETS), *SHAPE[:2]), np.float32)
        bits = np.empty(windows.shape, np.uint8)
        tissue = []
        for n in range(size):
            group = self.groups[0 if rng.uniform() < self.real_share else 1] or self.groups[0] or self.groups[1]
            stack = group[int(rng.integers(len(group)))]
            among = stack.shows if rng.uniform() < self.tumour_share and len(stack.shows) else stack.holds_brain
            k = int(among[int(rng.integers(len(among)))])
            windows[n], bits[n] = stack.window(k)
            tissue.append(self.tissue[k])
        augmenter = SliceAugmenter(generator)
        window, marks = torch.from_numpy(windows), torch.from_numpy(bits)
        core, whole, enhancing = ((marks & bit > 0).float() for bit in (CORE_BIT, WHOLE_BIT, ENHANCING_BIT))
        window = augmenter.intensities(window, core, whole, enhancing)
        near, mirrored = ([OFFSETS.index(offset) for offset in offsets] for offsets in (NEIGHBOURS, MIRRORED))
        channels = torch.cat([window[:, near], window.flip(2)[:, mirrored]], 1)
        middle = OFFSETS.index(0)
        here = marks[:, middle]
        learn = ((here & BRAIN_BIT > 0) & (here & UNSURE_BIT == 0)).float()
        wanted = torch.stack([core[:, middle], whole[:, middle], enhancing[:, middle], learn], 1)
        moved, below, wanted = augmenter.warp(channels, torch.stack(tissue), wanted)
        return torch.cat([moved, below], 1), wanted


class _Stack:
    """A case with its slices first."""

    def __init__(self, case: GridCase) -> None:
        self.image: Array = np.ascontiguousarray(np.moveaxis(case.image, 2, 0))
        self.marks: Array = np.ascontiguousarray(np.moveaxis(case.marks, 2, 0))
        self.shows = np.flatnonzero(((self.marks & CORE_BIT) > 0).sum((1, 2)) >= _LEAST_CORE)
        self.holds_brain = np.flatnonzero(((self.marks & BRAIN_BIT) > 0).sum((1, 2)) >= _LEAST_BRAIN)

    def window(self, k: int) -> tuple[Array, Array]:
        """The slice and its neighbours: intensities and marks."""
        image = np.full((len(OFFSETS), *self.image.shape[1:]), LOWEST, np.float32)
        marks = np.zeros(image.shape, np.uint8)
        for n, offset in enumerate(OFFSETS):
            if 0 <= k + offset < len(self.image):
                image[n], marks[n] = self.image[k + offset], self.marks[k + offset]
        return image, marks
