"""Masked average pooling and Masked Channel Attention (paper, Eq. 7 and 8)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def masked_mean(features: Tensor, prior: Tensor, eps: float = 1e-6) -> Tensor:
    """Average each channel inside the prior (Eq. 7): `z_c = sum(F_c * M) / (sum(M) + eps)`.

    Args:
        features: F, (B, C, D, H, W).
        prior: M on the grid of F, (B, 1, D, H, W) in [0, 1].
        eps: keeps an empty prior from dividing by zero.

    Returns:
        z, (B, C).
    """
    spatial = (2, 3, 4)
    return (features * prior).sum(spatial) / (prior.sum(spatial) + eps)


class MaskedChannelAttention(nn.Module):
    """Weigh channels by their response inside the refined prior (Eq. 8): `w = sigmoid(MLP(z))`, `F_att = F ⊗ w`."""

    def __init__(self, *, channels: int, reduction: int = 16, eps: float = 1e-6) -> None:
        """Build the two fully connected layers.

        Args:
            channels: C of the feature map.
            reduction: ratio r; the hidden layer has C / r units (at least one).
            eps: of Eq. 7.
        """
        super().__init__()
        if channels < 1 or reduction < 1:
            raise ValueError(f"channels and reduction must be at least 1, got {channels} and {reduction}")
        hidden = max(channels // reduction, 1)
        self.eps = eps
        self.mlp = nn.Sequential(nn.Linear(channels, hidden), nn.ReLU(), nn.Linear(hidden, channels))

    def weights(self, features: Tensor, prior: Tensor) -> Tensor:
        """Features (B, C, D, H, W) and prior (B, 1, D, H, W) in [0, 1] -> w (B, C) in (0, 1)."""
        return torch.sigmoid(self.mlp(masked_mean(features, prior, self.eps)))

    def forward(self, features: Tensor, prior: Tensor) -> Tensor:
        """Features (B, C, D, H, W) and prior (B, 1, D, H, W) in [0, 1] -> F_att (B, C, D, H, W)."""
        return features * self.weights(features, prior)[..., None, None, None]
