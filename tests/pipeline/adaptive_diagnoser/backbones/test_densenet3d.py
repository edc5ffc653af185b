import pytest
import torch
from torch import nn

from vb_desktop.pipeline.adaptive_diagnoser.backbones.densenet3d import DenseNet3D
from vb_desktop.pipeline.plugins import create

SMALL = {"growth_rate": 4, "init_features": 4, "block_config": (1, 1, 1)}


@pytest.mark.parametrize(("pooled", "stride"), [(0, 4), (1, 8), (2, 16)])
def test_shape_follows_stride_and_channels(pooled: int, stride: int) -> None:
    net = DenseNet3D(**SMALL, pooled_transitions=pooled).eval()
    found = net.features(torch.rand(1, 1, 32, 48, 32))
    assert net.stride == stride
    assert found.shape == (1, net.channels, 32 // stride, 48 // stride, 32 // stride)
    assert found.min() >= 0


@pytest.mark.parametrize("pooled", [0, 1, 2])
def test_cells_look_at_where_first_cell_says(pooled: int) -> None:
    net = DenseNet3D(**SMALL, pooled_transitions=pooled).eval()
    for module in net.modules():
        if isinstance(module, nn.Conv3d):  # every path counts alike, so the response is symmetric about its centre
            nn.init.constant_(module.weight, 1e-3)
    net.layers.pool0 = nn.AvgPool3d(3, 2, 1)  # a maximum has a gradient at one voxel only
    x = torch.ones(1, 1, 96, 96, 96, requires_grad=True)
    cell = 96 // net.stride // 2
    net.features(x)[0, :, cell, cell, cell].sum().backward()
    weight = x.grad[0, 0].sum((1, 2))
    centre = float((weight * torch.arange(96)).sum() / weight.sum())
    assert centre == pytest.approx(net.first_cell + net.stride * cell, abs=0.05)


def test_default_is_densenet121_with_cells_of_16_mm() -> None:
    net = DenseNet3D()
    assert sum(len(block) for name, block in net.layers.named_children() if name.startswith("denseblock")) == 58
    assert (net.channels, net.stride * 2.0) == (1024, 16.0)


def test_it_is_a_plugin_and_refuses_impossible_options() -> None:
    assert isinstance(create("backbones", "densenet3d", **SMALL), DenseNet3D)
    with pytest.raises(ValueError, match="pooled_transitions"):
        DenseNet3D(**SMALL, pooled_transitions=3)
