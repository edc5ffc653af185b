"""The slice detector's network: a compact 2.5D U-Net that marks the tumour core on one axial slice.

It sees the slice, its neighbours, the mirrored slices (a tumour is what the other side has not) and what tissue the
template has there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from vb_desktop.pipeline.tumor_localizer.detector_grid import LOWEST, SHAPE

NEIGHBOURS = (-3, -1, 0, 1, 3)
MIRRORED = (-1, 0, 1)
CHANNELS = len(NEIGHBOURS) + len(MIRRORED) + 2
"""Slices at these offsets (in slices of the detector's grid), as they are and mirrored; grey and white matter."""
OUTPUTS = ("core", "whole", "enhancing")
"""What is marked: the boxes come from the core; the others help the training."""


class SliceNet(nn.Module):
    """U-Net (Ronneberger 2015) with batch normalisation, and a head that says whether the slice holds a tumour."""

    def __init__(self, widths: Sequence[int] = (16, 32, 64, 144, 160), dropout: float = 0.15) -> None:
        super().__init__()
        # One convolution a block on the finest level: there it costs most and sees least.
        self.down = nn.ModuleList(
            _Block(before, after, 1 if level == 0 else 2)
            for level, (before, after) in enumerate(zip((CHANNELS, *widths), widths, strict=False))
        )
        self.up = nn.ModuleList(
            _Block(below + here, here, 1 if level == 0 else 2)
            for level, below, here in zip(range(len(widths) - 2, -1, -1), widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.dropout = nn.Dropout2d(dropout)
        self.marks = nn.Conv2d(widths[0], len(OUTPUTS), 1)
        self.presence = nn.Linear(2 * widths[-1], 1)

    def forward(self, slices: Tensor) -> tuple[Tensor, Tensor]:
        """Slices (B, CHANNELS, I, J), I and J multiples of 16 -> logits of OUTPUTS (B, 3, I, J), of presence (B,)."""
        kept: list[Tensor] = []
        x = slices
        for number, block in enumerate(self.down):
            x = block(x if number == 0 else functional.max_pool2d(x, 2))
            kept.append(x)
        x = self.dropout(kept.pop())
        presence = self.presence(torch.cat([x.mean((2, 3)), x.amax((2, 3))], dim=1))[:, 0]
        for block in self.up:
            x = functional.interpolate(x, scale_factor=2.0, mode="nearest")
            x = block(torch.cat([x, kept.pop()], dim=1))
        return self.marks(x), presence


class _Block(nn.Sequential):
    def __init__(self, before: int, after: int, convolutions: int) -> None:
        layers: list[nn.Module] = []
        for width in (before, after)[:convolutions]:
            layers += [nn.Conv2d(width, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
        super().__init__(*layers)


def build_slice_net(options: dict[str, Any]) -> SliceNet:
    """The network as a card describes it."""
    return SliceNet(**options)


def volume_channels(image: Tensor, tissue: Tensor) -> Tensor:
    """Every slice of a volume as the network's input.

    Args:
        image: float32 `SHAPE`, from `detector_input`.
        tissue: float32 (2, *SHAPE), from `template_tissue`.

    Returns:
        (K, CHANNELS, I, J), float32.
    """
    reach = max(abs(offset) for offset in (*NEIGHBOURS, *MIRRORED))
    slices = image.permute(2, 0, 1)
    padded = functional.pad(slices, (0, 0, 0, 0, reach, reach), value=LOWEST)

    def at(stack: Tensor, offset: int) -> Tensor:
        return stack[reach + offset : reach + offset + SHAPE[2]]

    mirrored = padded.flip(1)
    channels = [at(padded, offset) for offset in NEIGHBOURS] + [at(mirrored, offset) for offset in MIRRORED]
    return torch.stack([*channels, *tissue.permute(0, 3, 1, 2)], dim=1)
