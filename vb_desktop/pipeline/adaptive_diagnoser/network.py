"""The complete network of the Adaptive-Diagnoser (paper, Eq. 6-9), and its poorer forms for the ablation (Table 2)."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, cast

import torch
from torch import Tensor, nn

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone
from vb_desktop.pipeline.adaptive_diagnoser.masked_channel_attention import MaskedChannelAttention, masked_mean

Localization = Literal["none", "coarse", "refined"]


def global_mean(features: Tensor) -> Tensor:
    """Global average pooling: (B, C, D, H, W) -> (B, C)."""
    return features.mean((2, 3, 4))


def prior_on_feature_grid(prior: Tensor, cells: tuple[int, int, int], stride: int, first_cell: float) -> Tensor:
    """M of Eq. 6: the prior averaged over the box of `stride` voxels around each cell's centre.

    Averaging, unlike sampling at the cell's centre, can't lose a tumour that is smaller than a cell. What a box has
    outside the grid counts as 0.

    Args:
        prior: (B, 1, D, H, W) in [0, 1] on the input grid.
        cells: D', H', W' of the feature map.
        stride: input voxels from one cell to the next.
        first_cell: input voxel at which the first cell is centred.

    Returns:
        (B, 1, D', H', W') in [0, 1], float32.
    """
    with torch.autocast(prior.device.type, enabled=False):
        out = prior.float()
        for axis, n in enumerate(cells, start=2):
            weights = _box_weights(n, out.shape[axis], stride, first_cell).to(out.device)
            out = torch.tensordot(out, weights, ([axis], [1])).movedim(-1, axis)
    return out


@lru_cache(maxsize=32)
def _box_weights(cells: int, voxels: int, stride: int, first_cell: float) -> Tensor:
    """(cells, voxels): share of each cell's box that each voxel fills."""
    centre = first_cell + stride * torch.arange(cells, dtype=torch.float64)[:, None]
    voxel = torch.arange(voxels, dtype=torch.float64)[None]
    overlap = (centre + stride / 2).minimum(voxel + 0.5) - (centre - stride / 2).maximum(voxel - 0.5)
    return (overlap.clamp_min(0) / stride).float()


class Head(nn.Module):
    """From features and prior to logits: MCA (Eq. 7, 8) and fusion (Eq. 9); without MCA, `Linear(GAP(F))`."""

    def __init__(
        self,
        *,
        channels: int,
        classes: int = 4,
        reduction: int = 16,
        eps: float = 1e-6,
        dropout: float = 0.2,
        mca: bool = True,
    ) -> None:
        """Build it.

        Args:
            channels: C of the feature map.
            classes: K.
            reduction: ratio r of the MCA.
            eps: of Eq. 7.
            dropout: before the linear layer, while training.
            mca: with Masked Channel Attention.
        """
        super().__init__()
        self.attention = MaskedChannelAttention(channels=channels, reduction=reduction, eps=eps) if mca else None
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear((2 if mca else 1) * channels, classes)

    def forward(self, features: Tensor, prior: Tensor) -> Tensor:
        """Features (B, C, D', H', W') and prior (B, 1, D', H', W') -> logits (B, K); Eq. 9 is their softmax."""
        pooled = global_mean(features)
        if self.attention is not None:
            pooled = torch.cat([pooled, global_mean(self.attention(features, prior))], dim=1)
        return cast("Tensor", self.linear(self.dropout(pooled)))


class VirtualBiopsyNet(nn.Module):
    """Backbone, Masked Channel Attention and fusion: `y = softmax(Linear(concat(GAP(F), GAP(F_att))))` (Eq. 9).

    The rows of Table 2:

    | row | localization | mca | network |
    |---|---|---|---|
    | 1 | none | no | `Linear(GAP(F))`; the prior is not looked at |
    | 2, 4 | coarse, refined | no | the same, F of the volume weighted by the prior, `X_proc * prior` |
    | 3, 5 | coarse, refined | yes | Eq. 6-9: F of the whole brain, M the prior |

    Which prior is given, coarse or refined, is up to who applies the network; `localization` says which it wants.
    """

    def __init__(
        self,
        backbone: Backbone,
        *,
        classes: int = 4,
        reduction: int = 16,
        eps: float = 1e-6,
        dropout: float = 0.2,
        localization: Localization = "refined",
        mca: bool = True,
    ) -> None:
        """Join a backbone with the head; see `Head` for the options not named here.

        Args:
            backbone: feature extractor.
            classes: K.
            reduction: ratio r of the MCA.
            eps: of Eq. 7.
            dropout: before the last layer.
            localization: the prior that it was made for.
            mca: with Masked Channel Attention; else the prior weighs the volume.
        """
        super().__init__()
        if localization not in ("none", "coarse", "refined"):
            raise ValueError(f"localization must be none, coarse or refined, got {localization!r}")
        if mca and localization == "none":
            raise ValueError("mca must be off where localization is none: there is no prior to attend to")
        self.backbone = backbone
        self.localization: Localization = localization
        self.weighs_volume = localization != "none" and not mca
        self.head = Head(
            channels=backbone.channels, classes=classes, reduction=reduction, eps=eps, dropout=dropout, mca=mca
        )

    def volume(self, x: Tensor, prior: Tensor) -> Tensor:
        """What the backbone gets of the volume x (B, 1, D, H, W): x, or x weighted by the prior (rows 2 and 4)."""
        return x * prior if self.weighs_volume else x

    def cells(self, prior: Tensor, features: Tensor) -> Tensor:
        """M of Eq. 6: prior (B, 1, D, H, W) in [0, 1] and features F -> (B, 1, D', H', W')."""
        depth, height, width = features.shape[2:]
        return prior_on_feature_grid(prior, (depth, height, width), self.backbone.stride, self.backbone.first_cell)

    def classify(self, features: Tensor, cells: Tensor) -> Tensor:
        """F (B, C, D', H', W') and M (B, 1, D', H', W') -> logits (B, K) float32, in float32 also under autocast."""
        with torch.autocast(features.device.type, enabled=False):
            return cast("Tensor", self.head(features.float(), cells.float()))

    def forward(self, x: Tensor, prior: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) and prior (B, 1, D, H, W) in [0, 1] on the same grid -> logits (B, K)."""
        features = self.backbone.features(self.volume(x, prior))
        return self.classify(features, self.cells(prior, features))

    def auxiliary_loss(self, x: Tensor, prior: Tensor) -> Tensor | None:
        """A further loss that the backbone is trained with (a scalar), already weighted; None where it has none."""
        own = getattr(self.backbone, "auxiliary_loss", None)
        return None if own is None else cast("Tensor", own(self.volume(x, prior)))

    @property
    def embedding(self) -> int:
        """E: how many numbers `embed` gives."""
        return self.backbone.channels * (1 if self.localization == "none" else 2)

    def embed(self, features: Tensor, cells: Tensor) -> Tensor:
        """What the distance from the training data is measured on.

        Args:
            features: F, (B, C, D', H', W').
            cells: M, (B, 1, D', H', W').

        Returns:
            (B, 2C): F averaged over the whole map and inside the prior; (B, C) without a prior.
        """
        everywhere = global_mean(features.float())
        if self.localization == "none":
            return everywhere
        return torch.cat([everywhere, masked_mean(features.float(), cells.float())], dim=1)
