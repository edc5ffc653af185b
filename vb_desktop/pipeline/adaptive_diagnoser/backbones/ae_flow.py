"""AE-FLOW: an auto-encoder with a normalising flow on its bottleneck (after Zhao 2023)."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone, pad_to_multiple, without_padding


class Residual(nn.Module):
    """Two convolutions with GroupNorm, optionally halving the grid."""

    def __init__(self, channels: int, out: int, *, stride: int = 1) -> None:
        """Build it."""
        super().__init__()
        edge = 2 if stride == 2 else 3
        self.layers = nn.Sequential(
            nn.Conv3d(channels, out, edge, stride=stride, padding=edge // 3, bias=False),
            _norm(out),
            nn.ReLU(),
            nn.Conv3d(out, out, 3, padding=1, bias=False),
            _norm(out),
        )
        same = channels == out and stride == 1
        self.short = None if same else nn.Conv3d(channels, out, stride, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, D, H, W) -> (B, out, D / stride, ...), not negative."""
        short = x if self.short is None else self.short(x)
        return torch.relu(self.layers(x) + short)


class AffineCoupling(nn.Module):
    """Shuffle the channels, then scale and shift one half by what the other half says (Dinh 2017).

    The order of the channels is drawn once, from `seed`. The scale is kept in [exp(-clamp), exp(clamp)].
    """

    order: Tensor

    def __init__(self, channels: int, *, hidden: int, seed: int, clamp: float = 1.9) -> None:
        """Build it; it begins as the shuffle alone."""
        super().__init__()
        order = torch.randperm(channels, generator=torch.Generator().manual_seed(seed))
        self.register_buffer("order", order)
        self.kept, self.clamp = channels // 2, clamp
        self.subnet = nn.Sequential(
            nn.Conv3d(self.kept, hidden, 3, padding=1), nn.ReLU(), nn.Conv3d(hidden, 2 * (channels - self.kept), 1)
        )
        nn.init.zeros_(cast("nn.Conv3d", self.subnet[-1]).weight)
        nn.init.zeros_(cast("Tensor", cast("nn.Conv3d", self.subnet[-1]).bias))

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Bottleneck z (B, C, D, H, W) -> u of the same shape, and log |det| of each case (B,)."""
        fixed, moved = z[:, self.order].tensor_split([self.kept], dim=1)
        log_scale, shift = self._scale_and_shift(fixed)
        return torch.cat([fixed, moved * log_scale.exp() + shift], dim=1), log_scale.sum((1, 2, 3, 4))

    def inverse(self, u: Tensor) -> Tensor:
        """The z of which `forward` makes u."""
        fixed, moved = u.tensor_split([self.kept], dim=1)
        log_scale, shift = self._scale_and_shift(fixed)
        return torch.cat([fixed, (moved - shift) * (-log_scale).exp()], dim=1)[:, self.order.argsort()]

    def _scale_and_shift(self, fixed: Tensor) -> tuple[Tensor, Tensor]:
        raw, shift = self.subnet(fixed).float().chunk(2, dim=1)
        return self.clamp * (2 / math.pi) * torch.atan(raw / self.clamp), shift


class AEFlow(Backbone):
    """Encoder, normalising flow and decoder; F is the flow's output.

    Zhao 2023 tells anomalies by reconstruction and likelihood, with a pretrained Wide ResNet as encoder. Here encoder
    and decoder are residual and trained from the start, and the flow's map u = f(z) of the bottleneck z, which is z in
    other coordinates, is what Eq. 6 takes as features. Training adds `auxiliary_loss`: the reconstruction of the volume
    from z and the negative log likelihood of u under a standard normal. The grid is padded to a multiple of the stride;
    cell i is centred on voxel `(stride - 1) / 2 + i * stride`.
    """

    def __init__(
        self,
        *,
        width: int = 32,
        bottleneck: int = 128,
        halvings: int = 3,
        blocks: int = 2,
        flow_steps: int = 8,
        flow_hidden: int = 128,
        reconstruction_weight: float = 1.0,
        likelihood_weight: float = 0.1,
    ) -> None:
        """Build the network.

        Args:
            width: channels after the first halving; each further one doubles them.
            bottleneck: channels of z and F, even.
            halvings: of the grid; stride 2 ** halvings. As published 4.
            blocks: residual blocks of each level.
            flow_steps: coupling layers; 8 as published.
            flow_hidden: channels inside a coupling layer.
            reconstruction_weight: of the mean squared error in `auxiliary_loss`.
            likelihood_weight: of the negative log likelihood, a mean over all numbers of u, in `auxiliary_loss`.
        """
        super().__init__()
        if halvings < 1 or bottleneck % 2:
            raise ValueError(f"halvings must be at least 1 and bottleneck even, got {halvings} and {bottleneck}")
        widths = [width * 2**n for n in range(halvings)]
        encoder: list[nn.Module] = []
        for n, out in enumerate(widths):
            encoder.append(Residual(widths[n - 1] if n else 1, out, stride=2))
            encoder += [Residual(out, out) for _ in range(blocks - 1)]
        self.encoder = nn.Sequential(*encoder, nn.Conv3d(widths[-1], bottleneck, 1), _norm(bottleneck))
        self.flow = nn.ModuleList(AffineCoupling(bottleneck, hidden=flow_hidden, seed=n) for n in range(flow_steps))
        decoder: list[nn.Module] = [nn.Conv3d(bottleneck, widths[-1], 1)]
        for n in reversed(range(halvings)):
            out = widths[max(n - 1, 0)]
            decoder += [nn.ConvTranspose3d(widths[n], out, 2, stride=2), _norm(out), nn.ReLU()]
        self.decoder = nn.Sequential(*decoder, nn.Conv3d(width, 1, 3, padding=1))
        self.reconstruction_weight, self.likelihood_weight = reconstruction_weight, likelihood_weight
        self.channels = bottleneck
        self.stride = 2**halvings
        self.first_cell = (self.stride - 1) / 2

    def early(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> u (B, bottleneck, D / stride, ...)."""
        return without_padding(self.normalise(self.encode(x))[0], x, self.stride)

    def encode(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> z (B, bottleneck, D / stride, ...), cells of padding included."""
        return cast("Tensor", self.encoder(pad_to_multiple(x, self.stride)))

    def normalise(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """The flow: z -> u of the same shape, and log |det du/dz| of each case (B,)."""
        u, log_det = z, z.new_zeros(len(z), dtype=torch.float32)
        for step in self.flow:
            u, more = step(u)
            log_det = log_det + more
        return u, log_det

    def auxiliary_loss(self, x: Tensor) -> Tensor:
        """Reconstruction and negative log likelihood of volumes (B, 1, D, H, W), weighted: a scalar."""
        padded = pad_to_multiple(x, self.stride)
        z = self.encode(padded)
        u, log_det = self.normalise(z)
        u = u.float()
        likelihood = 0.5 * u.square().mean() + 0.5 * math.log(2 * math.pi) - (log_det / u[0].numel()).mean()
        return (
            self.reconstruction_weight * functional.mse_loss(self.decoder(z).float(), padded)
            + self.likelihood_weight * likelihood
        )


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(math.gcd(8, channels), channels)
