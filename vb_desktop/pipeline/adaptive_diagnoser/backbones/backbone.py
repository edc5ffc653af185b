"""What the diagnoser asks of a backbone."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional


class Backbone(nn.Module):
    """3D feature extractor: `features(x) = late(early(x))`.

    The map between the two halves is where Grad-CAM is taken a second time, on a grid at least as fine as that of F. A
    backbone whose own map is fine enough has nothing behind it: `early` gives F, `late` leaves it as it is.

    Any grid is taken. A backbone that needs a multiple of something pads with zeros behind the last voxel, so that
    cell i stays centred on input voxel `first_cell + i * stride` of each axis, and leaves out the cells that lie wholly
    in the padding.

    Attributes:
        channels: C of F.
        stride: input voxels from one cell of F to the next.
        first_cell: input voxel, fractional, at which the first cell of F is centred (the same along each axis).
        early_stride: as `stride`, of the map between the halves.
        early_first_cell: as `first_cell`, of the map between the halves.
    """

    channels: int
    stride: int
    first_cell: float

    @property
    def early_stride(self) -> int:
        """Input voxels from one cell of the map between the halves to the next."""
        return self.stride

    @property
    def early_first_cell(self) -> float:
        """Input voxel at which the first cell of the map between the halves is centred."""
        return self.first_cell

    def early(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> the map between the halves (B, E, D'', H'', W'')."""
        raise NotImplementedError

    def late(self, early: Tensor) -> Tensor:
        """The map between the halves -> F (B, C, D', H', W')."""
        return early

    def features(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> F (B, C, D', H', W') (Eq. 6)."""
        return self.late(self.early(x))

    def forward(self, x: Tensor) -> Tensor:
        """Same as `features`."""
        return self.features(x)


def pad_to_multiple(x: Tensor, multiple: int) -> Tensor:
    """Zeros behind the last voxel of each axis: (B, C, D, H, W) -> each of D, H, W a multiple."""
    behind = [-n % multiple for n in x.shape[:1:-1]]
    return functional.pad(x, [part for n in behind for part in (0, n)]) if any(behind) else x


def without_padding(features: Tensor, x: Tensor, stride: int) -> Tensor:
    """Leave out the cells of (B, C, D', H', W') of which no voxel is of `x` (B, 1, D, H, W)."""
    d, h, w = (-(-n // stride) for n in x.shape[2:])
    return features[:, :, :d, :h, :w]


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation over the channels of each cell (B, C, D, H, W), as in ConvNeXt."""

    def forward(self, x: Tensor) -> Tensor:
        """Shape stays (B, C, D, H, W)."""
        return super().forward(x.permute(0, 2, 3, 4, 1)).permute(0, 4, 1, 2, 3)
