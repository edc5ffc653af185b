import pytest
import torch
from torch import Tensor

from vb_desktop.pipeline.adaptive_diagnoser.backbones.backbone import Backbone
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet, prior_on_feature_grid


class Doubled(Backbone):
    """F = (x, 2x), one cell a voxel."""

    channels, stride, first_cell = 2, 1, 0.0

    def early(self, x: Tensor) -> Tensor:
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
    cells = prior_on_feature_grid(prior, (2, 2, 2), stride=8, first_cell=3.5)
    assert cells.shape == (1, 1, 2, 2, 2)
    assert cells[0, 0, 0, 1, 1] == 2 / 512
    assert cells.sum() * 512 == prior.sum()


def test_each_cell_averages_around_its_own_centre() -> None:
    prior = torch.zeros(1, 1, 1, 1, 9)
    prior[..., 3] = 1
    # cells of 4 voxels centred on voxels 0, 4, 8: the second reaches from 2 to 6 and has voxel 3 whole and half of 2
    assert prior_on_feature_grid(prior, (1, 1, 3), 4, 0.0)[0, 0, 0, 0].tolist() == pytest.approx([0, 1 / 64, 0])
    prior[..., 2] = 1
    assert prior_on_feature_grid(prior, (1, 1, 3), 4, 0.0)[0, 0, 0, 0].tolist() == pytest.approx(
        [0.5 / 64, 1.5 / 64, 0]
    )


def weighed(localization: str, *, mca: bool) -> VirtualBiopsyNet:
    net = VirtualBiopsyNet(Doubled(), classes=2, reduction=1, localization=localization, mca=mca).eval()
    with torch.no_grad():
        net.head.linear.weight.copy_(torch.tensor([[1.0, 0], [0.5, -1]]))
        net.head.linear.bias.copy_(torch.tensor([0.0, 0.25]))
    return net


X = torch.tensor([1.0, 2, 3, 6]).reshape(1, 1, 1, 2, 2)
HALF = torch.tensor([1.0, 0, 0.5, 0]).reshape(1, 1, 1, 2, 2)


def test_row_1_of_the_ablation_never_looks_at_the_prior() -> None:
    net = weighed("none", mca=False)
    # GAP(F) = (3, 6): logits (3, 1.5 - 6 + 0.25)
    assert torch.allclose(net(X, HALF), torch.tensor([[3.0, -4.25]]))
    assert torch.equal(net(X, HALF), net(X, torch.zeros_like(HALF)))
    assert net.embed(net.backbone(X), HALF).tolist() == [[3.0, 6.0]]


@pytest.mark.parametrize("localization", ["coarse", "refined"])
def test_rows_2_and_4_weigh_the_volume_by_the_prior(localization: str) -> None:
    # X_proc * prior = (1, 0, 1.5, 0), GAP(F) = (0.625, 1.25): logits (0.625, 0.3125 - 1.25 + 0.25)
    assert torch.allclose(weighed(localization, mca=False)(X, HALF), torch.tensor([[0.625, -0.6875]]))


def test_attention_needs_a_prior() -> None:
    with pytest.raises(ValueError, match="mca"):
        VirtualBiopsyNet(Doubled(), localization="none", mca=True)
    with pytest.raises(ValueError, match="localization"):
        VirtualBiopsyNet(Doubled(), localization="fine")  # type: ignore[arg-type]


def test_the_head_computes_in_full_precision_under_autocast() -> None:
    torch.manual_seed(0)
    net = VirtualBiopsyNet(Doubled(), reduction=1).eval()
    with torch.autocast("cpu", torch.bfloat16):
        found = net(X, HALF)
    assert found.dtype == torch.float32 and torch.allclose(found, net(X, HALF))


def test_embedding_is_the_mean_over_everything_and_inside_the_prior() -> None:
    features = torch.tensor([1.0, 3.0, 2.0, 6.0]).reshape(1, 2, 1, 1, 2)
    prior = torch.tensor([0.0, 1.0]).reshape(1, 1, 1, 1, 2)
    net = VirtualBiopsyNet(Doubled(), reduction=1)
    assert torch.allclose(net.embed(features, prior), torch.tensor([[2.0, 4.0, 3.0, 6.0]]))


def test_dropout_only_while_training() -> None:
    torch.manual_seed(0)
    net = VirtualBiopsyNet(Doubled(), reduction=1, dropout=0.5)
    x, prior = torch.rand(1, 1, 4, 4, 4), torch.ones(1, 1, 4, 4, 4)
    assert torch.equal(net.eval()(x, prior), net(x, prior))
    answers = torch.cat([net.train()(x, prior) for _ in range(8)])
    assert answers.std(0).max() > 0
