"""The encoder of SwinUNETR (Hatamizadeh 2022; MONAI's parts): Swin stages and the UNet blocks on its skips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone, pad_to_multiple, without_padding
from vb_desktop.pipeline.adaptive_diagnoser.backbones.swin3d import swin_encoder
from vb_desktop.pipeline.adaptive_diagnoser.monai_parts import UnetrBasicBlock

STRIDE = 8
DEEPEST = 32


class SwinUNETREncoder(Backbone):
    """What SwinUNETR knows before it decodes: all six levels of its encoder, brought to one grid and stacked.

    Levels at 1, 2 and 4 voxels a cell are averaged, those at 16 and 32 repeated, so that all meet at 8 voxels a cell:
    1 + 1 + 2 + 4 + 8 + 16 = 32 times `feature_size` channels. The decoder is left out. The grid is padded to a multiple
    of 32 and must be longer than 32 along one axis, as InstanceNorm needs two cells; cell i is centred on voxel
    `3.5 + 8 i`.
    """

    def __init__(
        self,
        *,
        feature_size: int = 24,
        depths: Sequence[int] = (2, 2, 2, 2),
        heads: Sequence[int] = (3, 6, 12, 24),
        window: int = 7,
    ) -> None:
        """Build the network.

        Args:
            feature_size: channels of the first level; 24 or 48 as published, divisible by the first of `heads`.
            depths: blocks of each of the four Swin stages.
            heads: attention heads of each stage.
            window: edge of the attention windows, in cells.
        """
        super().__init__()
        self.swin = swin_encoder(embed=feature_size, depths=depths, heads=heads, window=window, patch=2)
        widths = [feature_size * n for n in (1, 2, 4, 16)]
        self.skips = nn.ModuleList([_skip(1, feature_size), *(_skip(n, n) for n in widths)])
        self.channels = 32 * feature_size
        self.stride = STRIDE
        self.first_cell = (STRIDE - 1) / 2

    def early(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> F (B, channels, D / 8, ...)."""
        padded = pad_to_multiple(x, DEEPEST)
        two, four, eight, sixteen, deepest = self.swin(padded)
        fine = [skip(level) for skip, level in zip(self.skips, (padded, two, four, eight, deepest), strict=True)]
        levels = [
            functional.avg_pool3d(fine[0], 8),
            functional.avg_pool3d(fine[1], 4),
            functional.avg_pool3d(fine[2], 2),
            fine[3],
            functional.interpolate(sixteen, scale_factor=2),
            functional.interpolate(fine[4], scale_factor=4),
        ]
        return without_padding(torch.cat(levels, dim=1), x, STRIDE)


def _skip(channels: int, out: int) -> nn.Module:
    return cast(
        "nn.Module",
        UnetrBasicBlock(
            spatial_dims=3,
            in_channels=channels,
            out_channels=out,
            kernel_size=3,
            stride=1,
            norm_name="instance",
            res_block=True,
        ),
    )
