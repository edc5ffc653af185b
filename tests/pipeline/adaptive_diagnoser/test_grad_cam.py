import copy

import numpy as np
import pytest
import torch
from monai.visualize import GradCAM
from scipy.stats import spearmanr
from tiny_model import TINY
from torch import Tensor, nn

from vb_desktop.assets import asset
from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone
from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network, input_grid, load_network
from vb_desktop.pipeline.adaptive_diagnoser.grad_cam import grad_cam, normalise
from vb_desktop.pipeline.adaptive_diagnoser.input_grid import network_input
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.case_folder import read_volume
from vb_desktop.pipeline.models import find_model


class BrightAndDark(Backbone):
    """Two channels: how bright, how dark; cells of 2 voxels."""

    channels, stride, first_cell = 2, 2, 0.5

    def early(self, x: Tensor) -> Tensor:
        return nn.functional.avg_pool3d(torch.cat([x, -x], 1).clamp_min(0), 2)


def bright_or_dark_net() -> VirtualBiopsyNet:
    """Class 0 speaks for bright, class 1 for dark."""
    net = VirtualBiopsyNet(BrightAndDark(), classes=2, reduction=1).eval()
    with torch.no_grad():
        net.head.linear.weight.copy_(torch.tensor([[1.0, 0, 1, 0], [0, 1, 0, 1]]))
    return net


def maps(net: VirtualBiopsyNet, x: Tensor, prior: Tensor, method: str = "hirescam", layer: str = "last") -> np.ndarray:
    return grad_cam(net, x, prior, method=method, layer=layer).maps


METHODS = pytest.mark.parametrize("method", ["hirescam", "grad-cam"])


@METHODS
def test_each_class_points_at_its_own_evidence(method: str) -> None:
    x = torch.zeros(1, 1, 16, 16, 16)
    x[0, 0, 2:4, 2:4, 2:4] = 3.0
    x[0, 0, 12:14, 10:12, 8:10] = -2.0
    cam = maps(bright_or_dark_net(), x, torch.ones_like(x), method)
    assert np.unravel_index(cam[0].argmax(), cam[0].shape) == (1, 1, 1)
    assert np.unravel_index(cam[1].argmax(), cam[1].shape) == (6, 5, 4)
    assert [(one > 0.05 * one.max()).sum() for one in cam] == [1, 1]


def trained_looking() -> VirtualBiopsyNet:
    """As after training: the running statistics are not those of a new network."""
    torch.manual_seed(3)
    net = build_network(TINY).eval()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm3d):
            module.running_mean.uniform_(-0.5, 0.5)
    return net


@pytest.mark.parametrize(("layer", "name"), [("last", "backbone.relu"), ("early", "backbone.layers.denseblock1")])
def test_grad_cam_is_monai_s_of_the_complete_model(layer: str, name: str) -> None:
    net = trained_looking()
    x, prior = torch.randn(1, 1, 32, 32, 32), torch.rand(1, 1, 32, 32, 32)
    ours = maps(net, x, prior, "grad-cam", layer)
    whole = GradCAM(net, target_layers=name)
    for k in range(4):
        theirs = whole.compute_map(x, class_idx=k, prior=prior)[0, 0].detach().numpy()
        assert np.allclose(ours[k], theirs, atol=1e-7 + 1e-4 * theirs.max())
    assert ours.max() > 0


def test_hirescam_adds_up_to_the_logits_of_a_linear_network() -> None:
    """Draelos 2020: the map (before rectifying, here all of it is positive) and the bias make up the logit."""
    net = VirtualBiopsyNet(BrightAndDark(), classes=2, localization="none", mca=False).eval()
    with torch.no_grad():
        net.head.linear.weight.copy_(torch.tensor([[1.0, 0], [0, 2]]))
    x = torch.randn(1, 1, 8, 8, 8)
    cam = maps(net, x, x)
    assert np.allclose(
        cam.sum((1, 2, 3)) + net.head.linear.bias.detach().numpy(), net(x, x)[0].detach().numpy(), atol=1e-5
    )


def test_hirescam_keeps_what_the_localiser_says_where_grad_cam_averages_it_away() -> None:
    """Two equal bright spots, the prior on one of them, and a class that lives on the attended channel alone."""
    net = VirtualBiopsyNet(BrightAndDark(), classes=2, reduction=1).eval()
    with torch.no_grad():
        for layer in (net.head.attention.mlp[0], net.head.attention.mlp[2]):
            layer.weight.copy_(torch.eye(2))
            layer.bias.zero_()
        net.head.attention.mlp[2].bias.fill_(-6.0)
        net.head.linear.weight.copy_(torch.tensor([[0.0, 0, 4, 0], [0, 0, 0, 1]]))
    x, prior = torch.zeros(2, 1, 1, 16, 16, 16)
    x[0, 0, 2:4, 2:4, 2:4] = x[0, 0, 12:14, 2:4, 2:4] = 6.0
    prior[0, 0, 2:4, 2:4, 2:4] = 1
    placed, averaged = maps(net, x, prior)[0], maps(net, x, prior, "grad-cam")[0]
    # dy / dF = w / N everywhere, and GAP(F) w (1 - w) more where the prior is: 1 + 12 * 0.5 times as much
    assert placed[1, 1, 1] == pytest.approx(7 * placed[6, 1, 1], rel=1e-3)
    assert averaged[1, 1, 1] == pytest.approx(averaged[6, 1, 1])


def test_an_earlier_map_is_finer_and_lies_where_it_says() -> None:
    net = trained_looking()
    x, prior = torch.randn(1, 1, 32, 32, 32), torch.rand(1, 1, 32, 32, 32)
    last, early = grad_cam(net, x, prior), grad_cam(net, x, prior, layer="early")
    assert last.maps.shape == (4, 4, 4, 4) and (last.stride, last.first_cell) == (8, 2.0)
    assert early.maps.shape == (4, 8, 8, 8) and (early.stride, early.first_cell) == (4, 0.0)


def test_the_attention_takes_part() -> None:
    torch.manual_seed(3)
    net = build_network(TINY).eval()
    x = torch.randn(1, 1, 32, 32, 32)
    here, there = torch.zeros(2, 1, 1, 32, 32, 32)
    here[..., :8], there[..., 24:] = 1, 1
    assert not np.allclose(maps(net, x, here), maps(net, x, there), rtol=1e-3)


@METHODS
def test_random_weights_give_another_map(method: str) -> None:
    """Sanity check of Adebayo 2018, on the shipped model and the demonstration case, inside the brain.

    The demands differ: a new head may not leave the map; behind a new backbone the prior still leads to the same place.
    """
    model = find_model("diagnoser")
    net, _ = load_network(model, model.card.architecture.backbone)
    grid, case = input_grid(model.card.input_grid), asset("demo") / "case"
    volume, mask, prior = (
        read_volume(case / f"{name}.nii.gz") for name in ("processed", "processed_mask", "refined_prior")
    )
    image, inside, brain = network_input(grid, volume, mask, prior)
    x, m = (torch.from_numpy(part)[None, None] for part in (image, inside))
    top = int(net(x, m)[0].argmax())
    trained = maps(net, x, m, method)[top]
    where = nn.functional.adaptive_avg_pool3d(torch.from_numpy(brain).float()[None], trained.shape)[0].numpy() > 0.5

    def likeness(changed: VirtualBiopsyNet) -> float:
        other = maps(changed, x, m, method)[top][where]
        return float(spearmanr(trained[where], other).statistic) if np.ptp(other) > 0 else 0.0  # empty: unlike any

    def randomised(part: str, seed: int) -> VirtualBiopsyNet:
        torch.manual_seed(seed)
        changed, new = copy.deepcopy(net), build_network(model.card.architecture)
        changed.get_submodule(part).load_state_dict(new.get_submodule(part).state_dict())
        return changed

    nudged = copy.deepcopy(net)
    for parameter in nudged.parameters():
        parameter.mul_(1 + 1e-3 * torch.randn(parameter.shape))
    assert likeness(nudged) > 0.95
    assert np.mean([likeness(randomised("head", seed)) for seed in (1, 2)]) < 0.6
    assert np.mean([likeness(randomised("backbone", seed)) for seed in (1, 2)]) < 0.75


def test_it_is_repeatable_and_leaves_the_network_as_it_was() -> None:
    torch.manual_seed(0)
    net = build_network(TINY).train()
    x, prior = torch.rand(1, 1, 32, 32, 32), torch.rand(1, 1, 32, 32, 32)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    first = maps(net, x, prior)
    assert np.array_equal(first, maps(net, x, prior))
    assert all(module.training for module in net.modules())
    assert all(p.requires_grad and p.grad is None for p in net.parameters())
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_normalise() -> None:
    assert np.array_equal(normalise(np.array([-1.0, 0, 2, 4])), np.array([0, 0, 0.5, 1], np.float32))
    assert not normalise(np.array([-1.0, 0.0])).any()
