"""Augmentation of a batch of slices in torch: contrast, lesion's looks, shading, blur, noise, thick slices, warp.

Strong on purpose: the scans that the detector will meet come from other scanners than the few it learns from.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from vb_desktop.pipeline.tumor_localizer.detector_grid import HIGHEST, LOWEST

_OUTSIDE = LOWEST + 1e-3


class SliceAugmenter:
    """Draws everything from one generator, so that a run can be repeated.

    Args:
        generator: of the epoch.
    """

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator

    def intensities(self, window: Tensor, core: Tensor, whole: Tensor, enhancing: Tensor) -> Tensor:
        """Change the looks of neighbouring slices together.

        Args:
            window: (B, S, I, J), S neighbouring slices, `LOWEST` outside the brain.
            core: the same shape, 0 or 1.
            whole: the same.
            enhancing: the same.
        """
        b = len(window)
        outside = window <= _OUTSIDE
        x = self._lesion(window, core, whole, enhancing)
        x = torch.where(x < 0, x * self._factor(b, 0.4), x * self._factor(b, 0.4))
        unit = ((x - LOWEST) / (HIGHEST - LOWEST)).clamp(0, 1)
        zero = -LOWEST / (HIGHEST - LOWEST)
        gamma = self._factor(b, 0.25)
        x = x + (unit**gamma - zero**gamma - (unit - zero)) * (HIGHEST - LOWEST)
        x = x + self._amount(b, 0.5) * self._field(x, (4, 4)) + 0.3 * self._normal(b)
        x = self._thick(x)
        x = self._blurred(x)
        noise = self._amount(b, 0.45, 0.6) * torch.randn(x.shape, generator=self.generator)
        x = x + noise
        some = self._some(b, 0.2)  # brain extractions differ at the rim
        outside[some] = functional.max_pool2d(outside[some].float(), 3, 1, 1) > 0
        return torch.where(outside, torch.full_like(x, LOWEST), x.clamp(LOWEST, HIGHEST))

    def warp(self, channels: Tensor, tissue: Tensor, marks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Move the slices; the template's tissue is moved a little differently, as the alignment is never exact.

        Args:
            channels: (B, C, I, J), `LOWEST` outside.
            tissue: (B, 2, I, J).
            marks: (B, M, I, J), 0 or 1.

        Returns:
            The same, warped.
        """
        grid = self._grid(channels)
        jitter = 0.02 * torch.randn((len(channels), 1, 1, 2), generator=self.generator)
        jitter = jitter + 0.015 * self._flow(channels, 4)
        moved = functional.grid_sample(channels - LOWEST, grid, align_corners=False) + LOWEST
        below = functional.grid_sample(tissue, grid + jitter, align_corners=False)
        where = functional.grid_sample(marks, grid, align_corners=False) > 0.5
        flip = self._chance(len(channels), 0.5)
        moved = torch.where(flip, moved.flip(2), moved)
        below = torch.where(flip, below.flip(2), below)
        where = torch.where(flip, where.flip(2), where)
        return moved, torch.where(self._chance(len(moved), 0.05), torch.zeros_like(below), below), where.float()

    def _lesion(self, x: Tensor, core: Tensor, whole: Tensor, enhancing: Tensor) -> Tensor:
        b = len(x)
        faded = enhancing * self._uniform(b, 0.3, 1.0) * self._chance(b, 0.3)
        base = self._uniform(b, -1.8, 0.6)
        x = x + faded * (base + 0.3 * self._field(x, (16, 16)) - x)
        change = (core - enhancing).clamp(min=0) * self._uniform(b, -1.2, 1.2)
        change = change + enhancing * (1 - faded) * self._uniform(b, -1.0, 2.0)
        change = change + (whole - core).clamp(min=0) * self._uniform(b, -0.6, 0.6)
        return x + change * self._chance(b, 0.6)

    def _thick(self, x: Tensor) -> Tensor:
        """Slices as thick as three of ours: each becomes the mean of its neighbours."""
        some = self._some(len(x), 0.3)
        part = x[some]
        padded = torch.cat([part[:, :1], part, part[:, -1:]], dim=1)
        x[some] = (padded[:, :-2] + part + padded[:, 2:]) / 3
        return x

    def _blurred(self, x: Tensor) -> Tensor:
        some = self._some(len(x), 0.4)
        smooth = functional.avg_pool2d(x[some], 3, 1, 1, count_include_pad=False)
        x[some] = x[some] + self._uniform(len(smooth), 0, 1) * (smooth - x[some])
        some = self._some(len(x), 0.12)
        x[some] = functional.interpolate(functional.avg_pool2d(x[some], 2), scale_factor=2, mode="bilinear")
        return x

    def _grid(self, like: Tensor) -> Tensor:
        b, _, i, j = like.shape
        angle = self._uniform(b, -0.22, 0.22)[:, 0, 0, 0]
        scale_i, scale_j = (self._factor(b, 0.16)[:, 0, 0, 0] for _ in range(2))
        shear = self._uniform(b, -0.08, 0.08)[:, 0, 0, 0]
        cos, sin = torch.cos(angle), torch.sin(angle)
        ratio = i / j  # grid_sample's first coordinate runs along J
        shift = 0.06 * torch.randn((b, 2), generator=self.generator)
        matrix = torch.stack(
            [
                torch.stack([cos * scale_j, (sin + shear) * ratio * scale_j, shift[:, 0]], 1),
                torch.stack([-sin / ratio * scale_i, cos * scale_i, shift[:, 1]], 1),
            ],
            1,
        )
        grid = functional.affine_grid(matrix, [b, 1, i, j], align_corners=False)
        return grid + self._amount(b, 0.035, 0.7) * self._flow(like, 5)

    def _flow(self, like: Tensor, knots: int) -> Tensor:
        b, _, i, j = like.shape
        coarse = torch.randn((b, 2, knots, knots), generator=self.generator)
        return functional.interpolate(coarse, (i, j), mode="bicubic").permute(0, 2, 3, 1)

    def _field(self, like: Tensor, knots: tuple[int, int]) -> Tensor:
        coarse = torch.randn((len(like), 1, *knots), generator=self.generator)
        return functional.interpolate(coarse, like.shape[2:], mode="bicubic")

    def _uniform(self, b: int, low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand((b, 1, 1, 1), generator=self.generator)

    def _normal(self, b: int) -> Tensor:
        return torch.randn((b, 1, 1, 1), generator=self.generator)

    def _factor(self, b: int, spread: float) -> Tensor:
        return torch.exp(self._uniform(b, -spread, spread))

    def _some(self, b: int, share: float) -> Tensor:
        return torch.nonzero(torch.rand(b, generator=self.generator) < share)[:, 0]

    def _chance(self, b: int, share: float) -> Tensor:
        return torch.rand((b, 1, 1, 1), generator=self.generator) < share

    def _amount(self, b: int, most: float, share: float = 1.0) -> Tensor:
        return self._uniform(b, 0, most) * self._chance(b, share)
