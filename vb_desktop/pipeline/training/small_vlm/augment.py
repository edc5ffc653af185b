"""Pictures as other scanners, patients and alignments would give them; the tumour's pieces move along."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from vb_desktop.pipeline.training.small_vlm.architecture import SIDE


def augment(pixels: Tensor, tumours: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Flip left-right, turn, shift and scale; then brightness, gamma, shading, blur and noise.

    Args:
        pixels: uint8 (B, S, S).
        tumours: uint8 (B, S, S), numbers of the pieces.
        generator: of the batch.

    Returns:
        float32 (B, SIDE, SIDE) in [0, 1], rounded to 256 steps as a PNG holds them, and uint8, same shape.
    """
    count = len(pixels)

    def draw(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=generator)

    turn, scale = draw(-1, 1) ** 3 * math.radians(25), torch.exp(draw(-1, 1) * 0.12)
    flip = torch.where(draw(0, 1) < 0.5, -1.0, 1.0)
    stretch = torch.exp(draw(-1, 1) * 0.06)
    theta = torch.stack(
        [
            torch.stack([flip * scale * stretch * turn.cos(), -scale * turn.sin(), draw(-0.05, 0.05)], -1),
            torch.stack([flip * scale * turn.sin(), scale / stretch * turn.cos(), draw(-0.05, 0.05)], -1),
        ],
        dim=1,
    )
    grid = functional.affine_grid(theta, [count, 1, SIDE, SIDE], align_corners=False)
    grey = functional.grid_sample(pixels[:, None].float() / 255, grid, mode="bilinear", align_corners=False)[:, 0]
    moved = functional.grid_sample(tumours[:, None].float(), grid, mode="nearest", align_corners=False)[:, 0]

    brain = grey > 0.02
    grey = grey.clamp(0, 1) ** torch.exp(draw(-1, 1) * 0.25)[:, None, None]
    grey = grey * draw(0.85, 1.15)[:, None, None] + draw(-0.05, 0.05)[:, None, None]
    shading = torch.randn(count, 1, 4, 4, generator=generator) * draw(0, 0.12)[:, None, None, None]
    grey = grey * (1 + functional.interpolate(shading, [SIDE, SIDE], mode="bicubic", align_corners=False)[:, 0])
    grey = _blur(grey, torch.where(draw(0, 1) < 0.5, draw(0, 1.6), 0.0), 1)
    grey = _blur(grey, torch.where(draw(0, 1) < 0.5, draw(0, 1.6), 0.0), 2)
    coarse = torch.randn(count, 1, SIDE // 2, SIDE // 2, generator=generator)
    noise = functional.interpolate(coarse, [SIDE, SIDE], mode="bilinear", align_corners=False)[:, 0]
    grey = grey + noise * draw(0, 0.05)[:, None, None] * (draw(0, 1) < 0.7).float()[:, None, None]
    grey = torch.where(brain, grey, 0.0).clamp(0, 1)
    return (grey * 255).round() / 255, moved.round().to(torch.uint8)


def _blur(grey: Tensor, sigma: Tensor, axis: int) -> Tensor:
    """Gaussian along one axis with a sigma of its own for each picture."""
    offsets = torch.arange(-4, 5).float()
    weights = torch.exp(-0.5 * (offsets[None] / sigma.clamp(min=1e-2)[:, None]) ** 2)
    weights = weights / weights.sum(1, keepdim=True)
    shape = (len(grey), 1, 9, 1) if axis == 1 else (len(grey), 1, 1, 9)
    padding = (4, 0) if axis == 1 else (0, 4)
    return functional.conv2d(grey[None], weights.view(shape), padding=padding, groups=len(grey))[0]
