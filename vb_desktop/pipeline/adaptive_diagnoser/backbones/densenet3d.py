"""3D DenseNet-121, the paper's backbone (Huang 2017; MONAI)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from torch import Tensor, nn

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone
from vb_desktop.pipeline.adaptive_diagnoser.monai_parts import DenseNet


class DenseNet3D(Backbone):
    """3D DenseNet-121 features, with fewer poolings so that the map can tell where.

    DenseNet-121 divides the grid by 32: 2 mm voxels would become cells of 64 mm, larger than most tumours, and masked
    pooling (Eq. 7) and Grad-CAM would see hardly more than the whole brain. Here only the first transition pools
    (`pooled_transitions`), so the stride is 8 and a cell is 16 mm: 96 x 96 x 80 voxels of 2 mm become 12 x 12 x 10
    cells. An odd number of cells loses its last one in a pooling transition, as in MONAI.

    It normalises over the batch (BatchNorm), of 2 to 4 cases in the paper's recipe: while training, a case's features
    depend on the cases beside it; applied, they don't.
    """

    def __init__(
        self,
        *,
        growth_rate: int = 32,
        init_features: int = 64,
        block_config: Sequence[int] = (6, 12, 24, 16),
        bn_size: int = 4,
        pooled_transitions: int = 1,
    ) -> None:
        """Build the network.

        Args:
            growth_rate: channels that each layer adds; 32 in DenseNet-121.
            init_features: channels of the first convolution; 64 in DenseNet-121.
            block_config: layers of each dense block.
            bn_size: bottleneck channels per growth rate.
            pooled_transitions: how many of the transitions between blocks, from the first, halve the grid.
        """
        super().__init__()
        transitions = len(block_config) - 1
        if not 0 <= pooled_transitions <= transitions:
            raise ValueError(f"pooled_transitions must be in [0, {transitions}], got {pooled_transitions}")
        net = DenseNet(
            spatial_dims=3,
            in_channels=1,
            out_channels=1,
            init_features=init_features,
            growth_rate=growth_rate,
            block_config=tuple(block_config),
            bn_size=bn_size,
        )
        self.layers = cast("nn.Sequential", net.features)
        for number in range(pooled_transitions + 1, transitions + 1):
            self.layers.get_submodule(f"transition{number}").pool = nn.Identity()
        self.relu = nn.ReLU()
        self.channels = _out_channels(init_features, growth_rate, block_config)
        self.stride = 4 * 2**pooled_transitions
        # Convolution and first pooling centre their cells on every 4th voxel from 0; an average of 2 adds half a step.
        self.first_cell = sum(4 * 2**n / 2 for n in range(pooled_transitions))
        self._first_block = [name for name, _ in self.layers.named_children()].index("denseblock1")

    @property
    def early_stride(self) -> int:
        """Before any transition has pooled."""
        return 4

    @property
    def early_first_cell(self) -> float:
        """Before any transition has pooled."""
        return 0.0

    def early(self, x: Tensor) -> Tensor:
        """Volume x (B, 1, D, H, W) -> output of the first dense block, a quarter of the grid."""
        return cast("Tensor", self.layers[: self._first_block + 1](x))

    def late(self, early: Tensor) -> Tensor:
        """Output of the first dense block -> F (B, channels, D / stride, ...), not negative."""
        return cast("Tensor", self.relu(self.layers[self._first_block + 1 :](early)))


def _out_channels(init_features: int, growth_rate: int, block_config: Sequence[int]) -> int:
    channels = init_features
    for number, layers in enumerate(block_config):
        channels += layers * growth_rate
        if number < len(block_config) - 1:
            channels //= 2
    return channels
