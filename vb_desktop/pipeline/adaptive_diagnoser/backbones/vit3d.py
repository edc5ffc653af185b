"""3D Vision Transformer (Dosovitskiy 2021; MONAI)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from torch import Tensor, nn
from torch.nn import functional

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone, pad_to_multiple
from vb_desktop.pipeline.adaptive_diagnoser.monai_parts import ViT


class ViT3D(Backbone):
    """MONAI's ViT; the tokens are put back where their patches lie.

    Patches of 8 voxels by default, the cell of the DenseNet here, and the width of ViT-S. The positions are learned for
    one grid (`grid`, 96 x 96 x 80 voxels by default) and interpolated on another, as when a ViT is fine-tuned at
    another resolution. The grid is padded to a multiple of the patch; cell i is centred on voxel
    `(patch - 1) / 2 + i * patch`.
    """

    def __init__(
        self,
        *,
        hidden: int = 384,
        layers: int = 12,
        heads: int = 6,
        mlp: int = 1536,
        patch: int = 8,
        grid: Sequence[int] = (96, 96, 80),
    ) -> None:
        """Build the network.

        Args:
            hidden: channels of a token.
            layers: transformer blocks.
            heads: attention heads; divide `hidden`.
            mlp: hidden units of each block's MLP.
            patch: edge of a patch, in voxels.
            grid: voxels for which positions are learned.
        """
        super().__init__()
        self.tokens = tuple(-(-n // patch) for n in grid)
        net = ViT(
            in_channels=1,
            img_size=tuple(n * patch for n in self.tokens),
            patch_size=patch,
            hidden_size=hidden,
            mlp_dim=mlp,
            num_layers=layers,
            num_heads=heads,
            proj_type="conv",
            spatial_dims=3,
        )
        self.embedding = cast("nn.Conv3d", net.patch_embedding.patch_embeddings)
        self.positions = cast("nn.Parameter", net.patch_embedding.position_embeddings)
        self.blocks = cast("nn.ModuleList", net.blocks)
        for block in self.blocks:
            del block.norm_cross_attn  # of an attention that a ViT has not: weights that nothing would ever train
        self.norm = cast("nn.LayerNorm", net.norm)
        self.patch = patch
        self.channels = hidden
        self.stride = patch
        self.first_cell = (patch - 1) / 2

    def early(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> F (B, hidden, D / patch, ...), normalised over the channels of each cell."""
        y = self.embedding(pad_to_multiple(x, self.patch))
        shape = y.shape[2:]
        y = (y + self._positions(tuple(shape))).flatten(2).transpose(1, 2)
        for block in self.blocks:
            y = block(y)
        return cast("Tensor", self.norm(y)).transpose(1, 2).reshape(len(x), self.channels, *shape)

    def _positions(self, tokens: tuple[int, ...]) -> Tensor:
        """(1, hidden, D', H', W')."""
        learned = self.positions.transpose(1, 2).reshape(1, self.channels, *self.tokens)
        if tokens == self.tokens:
            return learned
        return functional.interpolate(learned, size=tokens, mode="trilinear", align_corners=False)
