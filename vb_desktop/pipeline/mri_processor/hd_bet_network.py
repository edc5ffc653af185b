"""HD-BET's network (Isensee 2019), written for one image at a time on a CPU: same parameters, same result, less time.

The published code normalises channel by channel and copies the image twice for each of its 27 normalisations. Here the
channels of a voxel lie side by side (channels last), as the convolutions want them, and each normalisation goes over
the image piece by piece, so that a piece stays in the processor's cache.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

PIECE = 32768
"""Voxels that are normalised at once; sums over so few stay exact to 6 digits."""


class Normalisation(nn.Module):
    """Instance normalisation by the image itself, then leaky ReLU."""

    def __init__(self, channels: int, slope: float = 0.01) -> None:
        super().__init__()
        self.slope = slope
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor, keep: bool = False) -> Tensor:
        """(1, C, D, H, W) -> the same shape; overwrites `x` unless it is to be kept."""
        rows = x.permute(0, 2, 3, 4, 1)
        if x.device.type != "cpu" or len(x) != 1 or not rows.is_contiguous():
            normal = functional.instance_norm(x.float(), weight=self.weight, bias=self.bias)
            return functional.leaky_relu_(normal, self.slope).to(x.dtype)
        out = torch.empty_like(x) if keep else x
        pieces = torch.split(rows.reshape(-1, x.shape[1]), PIECE)
        mean, variance = _mean_and_variance(pieces)
        targets = torch.split(out.permute(0, 2, 3, 4, 1).view(-1, x.shape[1]), PIECE)
        for piece, target in zip(pieces, targets, strict=True):
            normal = functional.batch_norm(piece, mean, variance, self.weight, self.bias)
            target.copy_(functional.leaky_relu_(normal, self.slope))
        return out


def _mean_and_variance(pieces: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    """Of each channel over all pieces (N, C); float32."""
    means, variances, sizes = [], [], []
    for piece in pieces:
        unused = torch.zeros(piece.shape[1])
        mean, variance = torch.batch_norm_update_stats(piece, unused, unused.clone(), 0.0)
        means.append(mean.double())
        variances.append(variance.double())
        sizes.append(len(piece))
    share = (torch.tensor(sizes, dtype=torch.float64) / sum(sizes))[:, None]
    each = torch.stack(means)
    mean = (share * each).sum(dim=0)
    variance = (share * (torch.stack(variances) + (each - mean) ** 2)).sum(dim=0)
    return mean.float(), variance.float()


class Context(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bn_1, self.bn_2 = Normalisation(channels), Normalisation(channels)
        self.conv1 = nn.Conv3d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv3d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(1, C, D, H, W) -> the same shape."""
        added: Tensor = self.conv2(self.bn_2(self.conv1(self.bn_1(x, keep=True))))
        return added.add_(x)


class Down(nn.Module):
    """Half as large, twice as many channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bn = Normalisation(channels)
        self.downsample = nn.Conv3d(channels, 2 * channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(1, C, D, H, W) -> what the way up takes over, and (1, 2 C, D / 2, H / 2, W / 2)."""
        x = self.bn(x)
        return x, self.downsample(x)


class Up(nn.Module):
    """Twice as large, half as many channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.upsample_conv = nn.Conv3d(channels, channels // 2, 3, padding=1)
        self.bn = Normalisation(channels // 2)

    def forward(self, x: Tensor) -> Tensor:
        """(1, C, D, H, W) -> (1, C / 2, 2 D, 2 H, 2 W)."""
        large = functional.interpolate(x, scale_factor=2, mode="trilinear", align_corners=True)
        up: Tensor = self.bn(self.upsample_conv(large))
        return up


class Localization(nn.Module):
    """Joins what comes from below with what was taken over."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv3d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv3d(channels, channels // 2, 1)
        self.bn_1, self.bn_2 = Normalisation(channels), Normalisation(channels // 2)

    def forward(self, skip: Tensor, x: Tensor) -> Tensor:
        """Two of (1, C / 2, D, H, W) -> one of the same shape."""
        joined: Tensor = self.bn_2(self.conv2(self.bn_1(self.conv1(torch.cat((skip, x), dim=1)))))
        return joined


class HDBETNetwork(nn.Module):
    """The network with the parameter names of the published weights."""

    def __init__(self, filters: int = 21) -> None:
        super().__init__()
        self.init_conv = nn.Conv3d(1, filters, 3, padding=1)
        contexts = (Context(filters * n) for n in (1, 2, 4, 8, 16))
        self.context1, self.context2, self.context3, self.context4, self.context5 = contexts
        self.down1, self.down2, self.down3, self.down4 = (Down(filters * n) for n in (1, 2, 4, 8))
        self.up1, self.up2, self.up3, self.up4 = (Up(filters * n) for n in (16, 8, 4, 2))
        self.bn_after_context5 = Normalisation(filters * 16, slope=0.1)
        self.loc1, self.loc2, self.loc3 = (Localization(filters * n) for n in (16, 8, 4))
        self.end_conv_1 = nn.Conv3d(filters * 2, filters * 2, 3, padding=1)
        self.end_conv_2 = nn.Conv3d(filters * 2, filters * 2, 3, padding=1)
        self.end_conv_1_bn = Normalisation(filters * 2, slope=0.1)
        self.end_conv_2_bn = Normalisation(filters * 2, slope=0.1)
        self.seg_layer = nn.Conv3d(filters * 2, 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """A z-scored image at 1.5 mm (1, 1, D, H, W), multiples of 16 -> probability of brain, same shape, float32."""
        x = self.init_conv(x)
        skip1, x = self.down1(self.context1(x))
        skip2, x = self.down2(self.context2(x))
        skip3, x = self.down3(self.context3(x))
        skip4, x = self.down4(self.context4(x))
        x = self.bn_after_context5(self.context5(x))
        x = self.loc1(skip4, self.up1(x))
        x = self.loc2(skip3, self.up2(x))
        x = self.loc3(skip2, self.up3(x))
        x = torch.cat((skip1, self.up4(x)), dim=1)
        del skip1
        x = self.end_conv_1_bn(self.end_conv_1(x))
        x = self.end_conv_2_bn(self.end_conv_2(x))
        scores: Tensor = self.seg_layer(x)
        return scores.float().softmax(dim=1)[:, 1:]

    def with_weights(self, weights: dict[str, Tensor]) -> HDBETNetwork:
        """Take the published weights; what only training needs (other outputs, running averages) is left out."""
        mine = self.state_dict()
        self.load_state_dict({name: weights[name] for name in mine})
        return self.eval()

    def on(self, device: str, dtype: torch.dtype) -> HDBETNetwork:
        """On a device; the convolutions in `dtype`, the normalisations always in float32."""
        for module in self.modules():
            if isinstance(module, nn.Conv3d):
                module.to(device=device, dtype=dtype)
                module.weight.data = module.weight.data.contiguous(memory_format=torch.channels_last_3d)
        return self.to(device)
