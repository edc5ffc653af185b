"""Efficient3D: 3D MobileNetV2, of the resource efficient 3D networks of Köpüklü 2019."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone

STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""Expansion, channels, blocks, stride: Köpüklü 2019, Table 2 (3D-MobileNetV2)."""
STEM, LAST = 32, 1280


def conv_norm(channels: int, out: int, *, kernel: int = 1, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Convolution without bias and BatchNorm; cells stay centred on the voxels that they are of."""
    return nn.Sequential(
        nn.Conv3d(channels, out, kernel, stride=stride, padding=kernel // 2, groups=groups, bias=False),
        nn.BatchNorm3d(out),
    )


class InvertedResidual(nn.Module):
    """Widen, depthwise convolution, narrow; residual where shape stays (Sandler 2018)."""

    def __init__(self, channels: int, out: int, *, stride: int, expansion: int) -> None:
        """Build it."""
        super().__init__()
        hidden = channels * expansion
        widen = [conv_norm(channels, hidden), nn.ReLU6()] if expansion != 1 else []
        self.layers = nn.Sequential(
            *widen,
            conv_norm(hidden, hidden, kernel=3, stride=stride, groups=hidden),
            nn.ReLU6(),
            conv_norm(hidden, out),
        )
        self.residual = stride == 1 and channels == out

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, D, H, W) -> (B, out, D / stride, H / stride, W / stride)."""
        y = cast("Tensor", self.layers(x))
        return x + y if self.residual else y


class Efficient3D(Backbone):
    """3D-MobileNetV2, with fewer halvings so that the map can tell where.

    As published each step halves all axes of a clip but the first; here the first, too, as depth is not time. Of the
    five steps that halve, only the first `halvings` do: default stride 8, as the DenseNet here. Odd grids round up;
    cell i is centred on voxel `i * stride`. BatchNorm as in DenseNet3D.
    """

    def __init__(self, *, width: float = 1.0, halvings: int = 3, last: int = LAST) -> None:
        """Build the network.

        Args:
            width: factor of all channels, rounded to multiples of 4.
            halvings: of the grid, from the stem on, in [1, 5]; as published 5.
            last: channels of the last convolution before `width`.
        """
        super().__init__()
        if not 1 <= halvings <= 5:
            raise ValueError(f"halvings must be in [1, 5], got {halvings}")
        channels, halved = _wide(STEM, width), 1
        layers: list[nn.Module] = [conv_norm(1, channels, kernel=3, stride=2), nn.ReLU6()]
        for expansion, out, blocks, stride in STAGES:
            for n in range(blocks):
                halve = n == 0 and stride == 2 and halved < halvings
                halved += halve
                layers.append(
                    InvertedResidual(channels, _wide(out, width), stride=2 if halve else 1, expansion=expansion)
                )
                channels = _wide(out, width)
        self.channels = _wide(last, width)
        self.layers = nn.Sequential(*layers, conv_norm(channels, self.channels), nn.ReLU6())
        self.stride = 2**halvings
        self.first_cell = 0.0

    def early(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> F (B, channels, D / stride, ...), in [0, 6]."""
        return cast("Tensor", self.layers(x))


def _wide(channels: int, width: float) -> int:
    return max(4, int(channels * width + 2) // 4 * 4)
