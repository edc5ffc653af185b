"""3D Swin Transformer (Liu 2021; MONAI's encoder)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from torch import Tensor, nn

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone, without_padding
from vb_desktop.pipeline.adaptive_diagnoser.monai_parts import SwinTransformer

STAGES = 4
"""MONAI's encoder has four stages; its last one, too, ends with a merging."""


class Widen(nn.Module):
    """Twice the channels on the same grid: what takes the place of a merging of patches (B, D, H, W, C)."""

    def __init__(self, channels: int) -> None:
        """Build it."""
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.reduction = nn.Linear(channels, 2 * channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, D, H, W, C) -> (B, D, H, W, 2C)."""
        return cast("Tensor", self.reduction(self.norm(x)))


class Swin3D(Backbone):
    """MONAI's Swin encoder, with fewer mergings so that the map can tell where.

    Patches of 4 voxels as published; of the four stages only the first `merged_stages` end with a merging that halves
    the grid, the others double the channels where they are. Default stride 8, as the DenseNet here. MONAI pads patches,
    windows and odd grids behind the last voxel; cell i is centred on voxel `(stride - 1) / 2 + i * stride`.
    """

    def __init__(
        self,
        *,
        embed: int = 48,
        depths: Sequence[int] = (2, 2, 2, 2),
        heads: Sequence[int] = (3, 6, 12, 24),
        window: int = 7,
        patch: int = 4,
        merged_stages: int = 1,
    ) -> None:
        """Build the network.

        Args:
            embed: channels of a patch; divisible by the first of `heads`.
            depths: blocks of each of the four stages.
            heads: attention heads of each stage.
            window: edge of the attention windows, in cells.
            patch: edge of a patch, in voxels.
            merged_stages: how many of the stages, from the first, end with a merging; as published and in MONAI 4.
        """
        super().__init__()
        self.net = swin_encoder(embed=embed, depths=depths, heads=heads, window=window, patch=patch)
        if not 0 <= merged_stages <= STAGES:
            raise ValueError(f"merged_stages must be in [0, {STAGES}], got {merged_stages}")
        for n in range(merged_stages, STAGES):
            self.net.get_submodule(f"layers{n + 1}.0").downsample = Widen(embed * 2**n)
        self.channels = embed * 2**STAGES
        self.stride = patch * 2**merged_stages
        self.first_cell = (self.stride - 1) / 2

    def early(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> F (B, channels, D / stride, ...), normalised over the channels of each cell."""
        return without_padding(cast("Tensor", self.net(x)[-1]), x, self.stride)


def swin_encoder(*, embed: int, depths: Sequence[int], heads: Sequence[int], window: int, patch: int) -> Any:
    """MONAI's encoder; it gives five maps, from that of the patches to that of the last merging.

    Raises:
        ValueError: not four stages, or channels that can't be shared out among the heads.
    """
    if len(depths) != STAGES or len(heads) != STAGES:
        raise ValueError(f"depths and heads must have {STAGES} numbers each, got {len(depths)} and {len(heads)}")
    if any(embed * 2**n % heads_ for n, heads_ in enumerate(heads)):
        raise ValueError(f"embed must be divisible by heads in each stage, got {embed} and {tuple(heads)}")
    return SwinTransformer(
        in_chans=1,
        embed_dim=embed,
        window_size=(window,) * 3,
        patch_size=(patch,) * 3,
        depths=tuple(depths),
        num_heads=tuple(heads),
        downsample="mergingv2",
        spatial_dims=3,
    )
