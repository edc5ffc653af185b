import math

import pytest
import torch

from vb_desktop.pipeline.adaptive_diagnoser.backbones.ae_flow import AEFlow, AffineCoupling
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet


def stirred(flow: torch.nn.Module) -> torch.nn.Module:
    """A coupling begins as the identity; here with weights as after some training."""
    with torch.no_grad():
        for parameter in flow.parameters():
            parameter.copy_(0.3 * torch.randn(parameter.shape))
    return flow


def test_the_flow_can_be_undone() -> None:
    torch.manual_seed(0)
    step = stirred(AffineCoupling(6, hidden=5, seed=3))
    z = torch.randn(2, 6, 3, 2, 2)
    u, _ = step(z)
    assert not torch.allclose(u, z) and torch.allclose(step.inverse(u), z, atol=1e-5)


def test_the_log_determinant_is_that_of_the_jacobian() -> None:
    torch.manual_seed(0)
    step = stirred(AffineCoupling(4, hidden=3, seed=1)).double()
    z = torch.randn(1, 4, 2, 1, 1, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda v: step(v.reshape(z.shape))[0].ravel(), z.ravel())
    assert float(step(z)[1].detach()) == pytest.approx(float(torch.linalg.slogdet(jacobian)[1]), abs=1e-5)


def test_auxiliary_loss_of_an_empty_volume_by_hand() -> None:
    net = AEFlow(width=4, bottleneck=4, flow_steps=1, flow_hidden=4, reconstruction_weight=2.0, likelihood_weight=0.5)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
        net.decoder[-1].bias.fill_(3.0)
    # z = u = 0 and the decoder says 3 everywhere: 2 * 3^2 + 0.5 * log(2 pi) / 2
    x = torch.zeros(1, 1, 16, 16, 8)
    assert float(net.auxiliary_loss(x)) == pytest.approx(18 + 0.25 * math.log(2 * math.pi))
    assert VirtualBiopsyNet(net).auxiliary_loss(x, x) == net.auxiliary_loss(x)


def test_auxiliary_loss_falls() -> None:
    torch.manual_seed(0)
    net = AEFlow(width=4, bottleneck=4, flow_steps=2, flow_hidden=8, blocks=1)
    x = torch.randn(1, 1, 16, 16, 8)
    optimiser = torch.optim.Adam(net.parameters(), 1e-2)
    losses = []
    for _ in range(15):
        optimiser.zero_grad()
        loss = net.auxiliary_loss(x)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] - 0.05


def test_only_a_backbone_with_a_further_loss_has_one() -> None:
    from vb_desktop.pipeline.adaptive_diagnoser.backbones.vit3d import ViT3D

    net = VirtualBiopsyNet(ViT3D(hidden=12, layers=1, heads=2, mlp=12, grid=(16, 16, 16)))
    assert net.auxiliary_loss(torch.zeros(1, 1, 16, 16, 16), torch.zeros(1, 1, 16, 16, 16)) is None
