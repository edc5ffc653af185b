import numpy as np
import torch
from monai.visualize import GradCAM
from tiny_model import TINY
from torch import Tensor, nn

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone
from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network
from vb_desktop.pipeline.adaptive_diagnoser.grad_cam import grad_cam, normalise
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet


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


def maps(net: VirtualBiopsyNet, x: Tensor, prior: Tensor) -> np.ndarray:
    features = net.backbone.features(x)
    return grad_cam(net.head, features, net.cells(prior, features))


def test_each_class_points_at_its_own_evidence() -> None:
    x = torch.zeros(1, 1, 16, 16, 16)
    x[0, 0, 2:4, 2:4, 2:4] = 3.0
    x[0, 0, 12:14, 10:12, 8:10] = -2.0
    cam = maps(bright_or_dark_net(), x, torch.ones_like(x))
    assert np.unravel_index(cam[0].argmax(), cam[0].shape) == (1, 1, 1)
    assert np.unravel_index(cam[1].argmax(), cam[1].shape) == (6, 5, 4)
    assert [(one > 0.05 * one.max()).sum() for one in cam] == [1, 1]


def test_the_map_is_that_of_the_complete_model() -> None:
    torch.manual_seed(3)
    net = build_network(TINY).eval()
    for module in net.modules():  # as after training: the running statistics are not those of a new network
        if isinstance(module, nn.BatchNorm3d):
            module.running_mean.uniform_(-0.5, 0.5)
    x, prior = torch.randn(1, 1, 32, 32, 32), torch.rand(1, 1, 32, 32, 32)
    ours = maps(net, x, prior)
    whole = GradCAM(net, target_layers="backbone.relu")
    for k in range(4):
        theirs = whole.compute_map(x, class_idx=k, prior=prior)[0, 0].detach().numpy()
        assert np.allclose(ours[k], theirs, atol=1e-7 + 1e-4 * theirs.max())
    assert ours.max() > 0


def test_the_attention_takes_part() -> None:
    torch.manual_seed(3)
    net = build_network(TINY).eval()
    x = torch.randn(1, 1, 32, 32, 32)
    here, there = torch.zeros(2, 1, 1, 32, 32, 32)
    here[..., :8], there[..., 24:] = 1, 1
    assert not np.allclose(maps(net, x, here), maps(net, x, there), rtol=1e-3)


def test_random_weights_give_another_map() -> None:
    """Sanity check of Adebayo 2018: a map that ignores the weights explains nothing."""
    x, prior = torch.randn(1, 1, 32, 32, 32), torch.ones(1, 1, 32, 32, 32)
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        found.append(maps(build_network(TINY).eval(), x, prior).ravel())
    assert abs(np.corrcoef(found[0], found[1])[0, 1]) < 0.9


def test_it_is_repeatable_and_leaves_the_network_as_it_was() -> None:
    torch.manual_seed(0)
    net = build_network(TINY).train()
    features, prior = torch.rand(1, net.backbone.channels, 4, 4, 4), torch.rand(1, 1, 4, 4, 4)
    first = grad_cam(net.head, features, prior)
    assert np.array_equal(first, grad_cam(net.head, features, prior))
    assert net.head.training and all(p.requires_grad and p.grad is None for p in net.head.parameters())
    assert not features.requires_grad


def test_normalise() -> None:
    assert np.array_equal(normalise(np.array([-1.0, 0, 2, 4])), np.array([0, 0, 0.5, 1], np.float32))
    assert not normalise(np.array([-1.0, 0.0])).any()
