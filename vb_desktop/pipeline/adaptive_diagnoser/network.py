"""The complete network of the Adaptive-Diagnoser (paper, Eq. 6-9)."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from vb_desktop.pipeline.adaptive_diagnoser.backbones import Backbone
from vb_desktop.pipeline.adaptive_diagnoser.masked_channel_attention import MaskedChannelAttention, masked_mean


def global_mean(features: Tensor) -> Tensor:
    """Global average pooling: (B, C, D, H, W) -> (B, C)."""
    return features.mean((2, 3, 4))


def prior_on_feature_grid(prior: Tensor, features: Tensor) -> Tensor:
    """M of Eq. 6: the prior averaged over each feature cell.

    Averaging, unlike sampling at the cell's centre, can't lose a tumour that is smaller than a cell.

    Args:
        prior: (B, 1, D, H, W) in [0, 1] on the input grid.
        features: (B, C, D', H', W').

    Returns:
        (B, 1, D', H', W') in [0, 1].
    """
    depth, height, width = features.shape[2:]
    return functional.adaptive_avg_pool3d(prior, (depth, height, width))


class Head(nn.Module):
    """From features and prior to logits: MCA (Eq. 7, 8) and fusion (Eq. 9)."""

    def __init__(
        self, *, channels: int, classes: int = 4, reduction: int = 16, eps: float = 1e-6, dropout: float = 0.2
    ) -> None:
        """Build it.

        Args:
            channels: C of the feature map.
            classes: K.
            reduction: ratio r of the MCA.
            eps: of Eq. 7.
            dropout: before the linear layer, while training.
        """
        super().__init__()
        self.attention = MaskedChannelAttention(channels=channels, reduction=reduction, eps=eps)
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(2 * channels, classes)

    def forward(self, features: Tensor, prior: Tensor) -> Tensor:
        """Features (B, C, D', H', W') and prior (B, 1, D', H', W') -> logits (B, K); Eq. 9 is their softmax."""
        attended = self.attention(features, prior)
        fused = torch.cat([global_mean(features), global_mean(attended)], dim=1)
        return cast("Tensor", self.linear(self.dropout(fused)))


class VirtualBiopsyNet(nn.Module):
    """Backbone, Masked Channel Attention and fusion: `y = softmax(Linear(concat(GAP(F), GAP(F_att))))` (Eq. 9)."""

    def __init__(
        self, backbone: Backbone, *, classes: int = 4, reduction: int = 16, eps: float = 1e-6, dropout: float = 0.2
    ) -> None:
        """Join a backbone with the head; see `Head` for the options."""
        super().__init__()
        self.backbone = backbone
        self.head = Head(channels=backbone.channels, classes=classes, reduction=reduction, eps=eps, dropout=dropout)

    def forward(self, x: Tensor, prior: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) and prior (B, 1, D, H, W) in [0, 1] on the same grid -> logits (B, K)."""
        features = self.backbone.features(x)
        return cast("Tensor", self.head(features, prior_on_feature_grid(prior, features)))

    @staticmethod
    def embed(features: Tensor, prior: Tensor) -> Tensor:
        """What the distance from the training data is measured on.

        Args:
            features: F, (B, C, D', H', W').
            prior: M on the grid of F, (B, 1, D', H', W').

        Returns:
            (B, 2C): F averaged over the whole map and inside the prior.
        """
        return torch.cat([global_mean(features), masked_mean(features, prior)], dim=1)
