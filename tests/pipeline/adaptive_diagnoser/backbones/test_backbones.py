"""What holds for every backbone: shape, place of the cells, one case at a time, trainable."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone, pad_to_multiple, without_padding
from vb_desktop.pipeline.plugins import PLUGINS, create

SMALL: dict[str, dict[str, Any]] = {
    "densenet3d": {"growth_rate": 4, "init_features": 4, "block_config": (1, 1, 1)},
    "swin3d": {"embed": 6, "depths": (1, 1, 1, 1), "heads": (1, 1, 2, 2), "window": 3},
    "ae-flow": {"width": 4, "bottleneck": 8, "flow_steps": 2, "flow_hidden": 8, "blocks": 1},
    "efficient3d": {"width": 0.25, "last": 64},
    "swinunetr": {"feature_size": 4, "depths": (1, 1, 1, 1), "heads": (1, 1, 2, 2), "window": 3},
    "vit3d": {"hidden": 12, "layers": 2, "heads": 2, "mlp": 24, "grid": (32, 32, 24)},
    "convnext3d": {"channels": (4, 8, 8, 8), "depths": (1, 1, 1, 1), "kernel": 3},
}


def small(name: str) -> Backbone:
    torch.manual_seed(0)
    net = create("backbones", name, **SMALL[name])
    assert isinstance(net, Backbone)
    return net


def test_all_of_table_3_and_the_best_published_baseline_are_there() -> None:
    assert set(SMALL) == set(PLUGINS["backbones"])


@pytest.mark.parametrize("grid", [(40, 32, 24), (36, 40, 28)])
@pytest.mark.parametrize("name", SMALL)
def test_shape_on_any_grid(name: str, grid: tuple[int, int, int]) -> None:
    net = small(name).eval()
    with torch.no_grad():
        x = torch.rand(1, 1, *grid)
        found, early = net.features(x), net.early(x)
    # DenseNet's pooling transition leaves out the last of an odd number of cells, all others round up
    whole = [n // 8 if name == "densenet3d" else -(-n // 8) for n in grid]
    assert net.stride == 8 and found.shape == (1, net.channels, *whole)
    assert early.shape[2] == -(-grid[0] // net.early_stride)
    assert found.isfinite().all()


@pytest.mark.parametrize("name", ["swin3d", "vit3d", "convnext3d", "ae-flow", "swinunetr"])
def test_a_bright_spot_answers_in_the_cell_that_lies_there(name: str) -> None:
    net = small(name).eval()
    torch.manual_seed(1)
    x = torch.randn(1, 1, 40, 40, 32) * 0.1
    for cell in ((1, 2, 1), (3, 1, 2)):
        low = [round(net.first_cell + net.stride * n - net.stride / 2 + 0.5) for n in cell]
        bright = x.clone()
        bright[0, 0, low[0] : low[0] + 8, low[1] : low[1] + 8, low[2] : low[2] + 8] += 2
        with torch.no_grad():
            change = (net.features(bright) - net.features(x))[0].square().sum(0)
        assert torch.unravel_index(change.argmax(), change.shape) == cell


@pytest.mark.parametrize("name", ["swin3d", "vit3d", "convnext3d"])
def test_a_patch_ends_where_the_geometry_says(name: str) -> None:
    """Single voxels at the two ends of a cell's box belong to this cell and to no other."""
    net = small(name).eval()
    x = torch.zeros(1, 1, 40, 40, 32)
    first = round(net.first_cell + 2 * net.stride - (net.stride - 1) / 2)
    for voxel in (first, first + net.stride - 1):
        spot = x.clone()
        spot[0, 0, voxel, voxel, 12] = 5
        with torch.no_grad():
            change = (net.features(spot) - net.features(x))[0].square().sum(0)
        assert torch.unravel_index(change.argmax(), change.shape) == (2, 2, 1)


def test_efficient3d_looks_at_where_first_cell_says() -> None:
    net = small("efficient3d").eval()
    for module in net.modules():
        if isinstance(module, nn.Conv3d):  # every path counts alike, so the response is symmetric about its centre
            nn.init.constant_(module.weight, 1e-3)
    x = torch.ones(1, 1, 160, 8, 8, requires_grad=True)
    net.features(x)[0, :, 10, 0, 0].sum().backward()
    weight = x.grad[0, 0].sum((1, 2))
    assert float((weight * torch.arange(160)).sum() / weight.sum()) == pytest.approx(80, abs=0.05)


@pytest.mark.parametrize("name", SMALL)
def test_a_case_does_not_depend_on_its_neighbour_in_the_batch(name: str) -> None:
    net = small(name).eval()
    x = torch.randn(2, 1, 40, 32, 24)
    with torch.no_grad():
        assert torch.allclose(net.features(x)[1:], net.features(x[1:]), atol=1e-4)


@pytest.mark.parametrize("name", SMALL)
def test_it_trains_in_half_precision(name: str) -> None:
    net = small(name).train().to(memory_format=torch.channels_last_3d)
    with torch.autocast("cpu", torch.bfloat16):
        net.features(torch.randn(2, 1, 40, 32, 24)).float().square().mean().backward()
    without = [n for n, p in net.named_parameters() if p.grad is None or not p.grad.isfinite().all()]
    # the decoder learns from the auxiliary loss only
    assert [n for n in without if not n.startswith("decoder.")] == []


def test_padding_lies_behind_the_last_voxel_and_is_left_out_again() -> None:
    x = torch.rand(1, 1, 5, 8, 3)
    padded = pad_to_multiple(x, 4)
    assert padded.shape == (1, 1, 8, 8, 4) and torch.equal(padded[..., :5, :8, :3], x) and not padded[:, :, 5:].any()
    assert pad_to_multiple(padded, 4) is padded
    assert without_padding(torch.zeros(1, 7, 4, 4, 4), x, 4).shape == (1, 7, 2, 2, 1)
