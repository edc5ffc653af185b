import pytest
import torch

from vb_desktop.pipeline.adaptive_diagnoser.masked_channel_attention import MaskedChannelAttention, masked_mean


def two_channels() -> torch.Tensor:
    """(1, 2, 1, 2, 2): channel 0 holds 1 2 3 4, channel 1 holds 10 20 30 40."""
    return torch.tensor([[1.0, 2, 3, 4], [10, 20, 30, 40]]).reshape(1, 2, 1, 2, 2)


def prior(*values: float) -> torch.Tensor:
    return torch.tensor(values).reshape(1, 1, 1, 2, 2)


def test_masked_mean_is_eq_7() -> None:
    # z_0 = (1 * 1 + 4 * 0.5) / (1.5 + 0.5), z_1 ten times that
    z = masked_mean(two_channels(), prior(1, 0, 0, 0.5), eps=0.5)
    assert torch.allclose(z, torch.tensor([[1.5, 15.0]]))


def test_a_full_prior_gives_the_plain_mean_and_an_empty_one_zero() -> None:
    assert torch.allclose(masked_mean(two_channels(), prior(1, 1, 1, 1)), torch.tensor([[2.5, 25.0]]))
    assert torch.equal(masked_mean(two_channels(), prior(0, 0, 0, 0)), torch.zeros(1, 2))


def test_each_case_of_a_batch_has_its_own_prior() -> None:
    z = masked_mean(two_channels().repeat(2, 1, 1, 1, 1), torch.cat([prior(1, 0, 0, 0), prior(0, 0, 0, 1)]), eps=0)
    assert torch.allclose(z, torch.tensor([[1.0, 10.0], [4.0, 40.0]]))


def test_attention_is_eq_8() -> None:
    attention = MaskedChannelAttention(channels=2, reduction=2, eps=0.0)
    first, _, second = attention.mlp
    with torch.no_grad():
        first.weight.copy_(torch.tensor([[1.0, -0.1]]))
        first.bias.fill_(0.5)
        second.weight.copy_(torch.tensor([[2.0], [-1.0]]))
        second.bias.copy_(torch.tensor([0.0, 3.0]))
    features, inside = two_channels(), prior(0, 0, 1, 0)
    # z = (3, 30); hidden = relu(3 - 3 + 0.5) = 0.5; w = sigmoid(1, 2.5)
    w = torch.tensor([[0.7310586, 0.9241418]])
    assert torch.allclose(attention.weights(features, inside), w)
    assert torch.allclose(attention(features, inside), features * w.reshape(1, 2, 1, 1, 1))


def test_the_hidden_layer_rectifies() -> None:
    attention = MaskedChannelAttention(channels=2, reduction=2, eps=0.0)
    first, _, second = attention.mlp
    with torch.no_grad():
        first.weight.fill_(-1.0)
        first.bias.zero_()
        second.weight.fill_(5.0)
        second.bias.zero_()
    assert torch.allclose(attention.weights(two_channels(), prior(1, 0, 0, 0)), torch.full((1, 2), 0.5))


def test_reduction_sets_the_hidden_units() -> None:
    assert MaskedChannelAttention(channels=64, reduction=16).mlp[0].out_features == 4
    assert MaskedChannelAttention(channels=4, reduction=16).mlp[0].out_features == 1
    with pytest.raises(ValueError, match="reduction"):
        MaskedChannelAttention(channels=4, reduction=0)
