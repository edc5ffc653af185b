import torch
from torch import Tensor, nn

from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet, prior_on_feature_grid


class Doubled(nn.Module):
    """F = (x, 2x), one cell a voxel."""

    channels, stride, first_cell = 2, 1, 0.0

    def features(self, x: Tensor) -> Tensor:
        return torch.cat([x, 2 * x], dim=1)


def test_fusion_is_eq_9() -> None:
    net = VirtualBiopsyNet(Doubled(), classes=2, reduction=1, eps=0.0).eval()
    with torch.no_grad():
        for layer in (net.head.attention.mlp[0], net.head.attention.mlp[2]):
            layer.weight.copy_(torch.eye(2))
            layer.bias.zero_()
        net.head.linear.weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, 0.5, 1, -1]]))
        net.head.linear.bias.copy_(torch.tensor([0.0, 0.25]))
    x = torch.tensor([1.0, 2, 3, 6]).reshape(1, 1, 1, 2, 2)
    prior = torch.tensor([1.0, 0, 0, 0]).reshape(1, 1, 1, 2, 2)
    # GAP(F) = (3, 6); z = (1, 2), so w = sigmoid(1, 2); GAP(F_att) = (3 * .7310586, 6 * .8807971)
    w0, w1 = 0.7310586, 0.8807971
    expected = torch.tensor([[3.0, 0.5 * 6 + 3 * w0 - 6 * w1 + 0.25]])
    assert torch.allclose(net(x, prior), expected, atol=1e-5)
    assert torch.allclose(net(x, prior).softmax(1).sum(), torch.tensor(1.0))


def test_the_prior_changes_the_answer() -> None:
    torch.manual_seed(0)
    net = VirtualBiopsyNet(Doubled(), reduction=1).eval()
    x = torch.rand(1, 1, 4, 4, 4)
    left, right = torch.zeros(2, 1, 1, 4, 4, 4)
    left[:, :, :2], right[:, :, 2:] = 1, 1
    assert not torch.allclose(net(x, left), net(x, right))


def test_prior_on_the_feature_grid_keeps_left_on_the_left_and_its_amount() -> None:
    prior = torch.zeros(1, 1, 16, 16, 16)
    prior[0, 0, 2:4, 13, 8] = 1  # left (small i), anterior
    cells = prior_on_feature_grid(prior, torch.zeros(1, 5, 2, 2, 2))
    assert cells.shape == (1, 1, 2, 2, 2)
    assert cells[0, 0, 0, 1, 1] == 2 / 512
    assert cells.sum() * 512 == prior.sum()


def test_embedding_is_the_mean_over_everything_and_inside_the_prior() -> None:
    features = torch.tensor([1.0, 3.0]).reshape(1, 1, 1, 1, 2)
    prior = torch.tensor([0.0, 1.0]).reshape(1, 1, 1, 1, 2)
    assert torch.allclose(VirtualBiopsyNet.embed(features, prior), torch.tensor([[2.0, 3.0]]))


def test_dropout_only_while_training() -> None:
    torch.manual_seed(0)
    net = VirtualBiopsyNet(Doubled(), reduction=1, dropout=0.5)
    x, prior = torch.rand(1, 1, 4, 4, 4), torch.ones(1, 1, 4, 4, 4)
    assert torch.equal(net.eval()(x, prior), net(x, prior))
    answers = torch.cat([net.train()(x, prior) for _ in range(8)])
    assert answers.std(0).max() > 0
