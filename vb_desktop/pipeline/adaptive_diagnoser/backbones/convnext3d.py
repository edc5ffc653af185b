"""3D ConvNeXt, the best published baseline on DeepSite-MRI (after Liu 2022, with 3D kernels)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import (
    Backbone,
    ChannelNorm,
    pad_to_multiple,
    without_padding,
)


class Block(nn.Module):
    """Depthwise convolution, LayerNorm, inverted bottleneck with GELU, layer scale, residual (Liu 2022, Fig. 4)."""

    def __init__(self, channels: int, *, kernel: int, expansion: int = 4, layer_scale: float = 1e-6) -> None:
        """Build it; `layer_scale` is the initial weight of the branch beside the identity."""
        super().__init__()
        self.depthwise = nn.Conv3d(channels, channels, kernel, padding=kernel // 2, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.widen = nn.Linear(channels, expansion * channels)
        self.narrow = nn.Linear(expansion * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), layer_scale))

    def forward(self, x: Tensor) -> Tensor:
        """Shape stays (B, C, D, H, W)."""
        y: Tensor = self.norm(self.depthwise(x).permute(0, 2, 3, 4, 1))
        y = self.narrow(nn.functional.gelu(self.widen(y))) * self.scale
        return x + y.permute(0, 4, 1, 2, 3)


class ConvNeXt3D(Backbone):
    """ConvNeXt-T with 3D kernels, with fewer halvings so that the map can tell where.

    A patchifying stem of 4 x 4 x 4 voxels, four stages, between them LayerNorm and a convolution of 2 x 2 x 2 that
    halves the grid; from `halvings` on the convolution is 1 x 1 x 1 and the grid stays. Default stride 8, as the
    DenseNet here. The grid is padded to a multiple of the stride; cell i is centred on voxel
    `(stride - 1) / 2 + i * stride`.
    """

    def __init__(
        self,
        *,
        channels: Sequence[int] = (96, 192, 384, 768),
        depths: Sequence[int] = (3, 3, 9, 3),
        kernel: int = 7,
        patch: int = 4,
        halvings: int = 1,
        layer_scale: float = 1e-6,
    ) -> None:
        """Build the network.

        Args:
            channels: of each stage; those of ConvNeXt-T by default.
            depths: blocks of each stage.
            kernel: edge of the depthwise kernel, odd; 7 as published, 5 costs a third in 3D.
            patch: edge of the stem's patches.
            halvings: how many of the steps between stages, from the first, halve the grid; as published 3.
            layer_scale: initial weight of each block's branch; 1e-6 as published.
        """
        super().__init__()
        if len(channels) != len(depths):
            raise ValueError(f"channels and depths must be of equal length, got {len(channels)} and {len(depths)}")
        if not 0 <= halvings < len(channels):
            raise ValueError(f"halvings must be in [0, {len(channels) - 1}], got {halvings}")
        if kernel % 2 == 0:
            raise ValueError(f"kernel must be odd, got {kernel}")
        self.stages = nn.ModuleList()
        for n, (width, depth) in enumerate(zip(channels, depths, strict=True)):
            into: list[nn.Module] = (
                [nn.Conv3d(1, width, patch, stride=patch), ChannelNorm(width, eps=1e-6)]
                if n == 0
                else [ChannelNorm(channels[n - 1], eps=1e-6), _step(channels[n - 1], width, halve=n <= halvings)]
            )
            self.stages.append(
                nn.Sequential(*into, *(Block(width, kernel=kernel, layer_scale=layer_scale) for _ in range(depth)))
            )
        self.norm = ChannelNorm(channels[-1], eps=1e-6)
        for module in self.modules():
            if isinstance(module, nn.Conv3d | nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        self.channels = channels[-1]
        self.stride = patch * 2**halvings
        self.first_cell = (self.stride - 1) / 2

    def early(self, x: Tensor) -> Tensor:
        """The map of the last stage itself; a stage before it would hold next to nothing of the class."""
        y = pad_to_multiple(x, self.stride)
        for stage in self.stages:
            y = stage(y)
        return without_padding(cast("Tensor", self.norm(y)), x, self.stride)


def _step(channels: int, wider: int, *, halve: bool) -> nn.Conv3d:
    edge = 2 if halve else 1
    return nn.Conv3d(channels, wider, edge, stride=edge)
