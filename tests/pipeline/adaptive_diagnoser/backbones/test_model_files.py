"""Every backbone and every row of the ablation comes back from a model folder as it went in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_model import write_tiny_model

from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network, load_network
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.model_card import Architecture
from vb_desktop.pipeline.models import find_model

SMALL: dict[str, dict[str, Any]] = {
    "densenet3d": {"growth_rate": 4, "init_features": 4, "block_config": [1, 1, 1]},
    "swin3d": {"embed": 6, "depths": [1, 1, 1, 1], "heads": [1, 1, 2, 2], "window": 3},
    "ae-flow": {"width": 4, "bottleneck": 8, "flow_steps": 2, "flow_hidden": 8, "blocks": 1},
    "efficient3d": {"width": 0.25, "last": 64},
    "swinunetr": {"feature_size": 4, "depths": [1, 1, 1, 1], "heads": [1, 1, 2, 2], "window": 3},
    "vit3d": {"hidden": 12, "layers": 2, "heads": 2, "mlp": 24, "grid": [32, 32, 24]},
    "convnext3d": {"channels": [4, 8, 8, 8], "depths": [1, 1, 1, 1], "kernel": 3},
}
ROWS = [("none", False), ("coarse", False), ("coarse", True), ("refined", False), ("refined", True)]


def written(folder: Path, architecture: Architecture) -> VirtualBiopsyNet:
    """The network whose weights, rounded to half precision, lie in the folder."""
    torch.manual_seed(0)
    net = build_network(architecture).eval()
    half = {k: v.half() if v.is_floating_point() else v for k, v in net.state_dict().items()}
    net.load_state_dict({k: v.to(net.state_dict()[k].dtype) for k, v in half.items()})
    write_tiny_model(folder, architecture=architecture, tensors={k: v.contiguous() for k, v in half.items()})
    return net


def same(net: VirtualBiopsyNet, folder: Path, backbone: str) -> bool:
    again, _ = load_network(find_model(str(folder)), backbone)
    x, prior = torch.randn(1, 1, 40, 32, 24), torch.rand(1, 1, 40, 32, 24)
    with torch.no_grad():
        return torch.equal(net(x, prior), again(x, prior))


@pytest.mark.parametrize("name", SMALL)
def test_each_backbone(tmp_path: Path, name: str) -> None:
    architecture = Architecture(backbone=name, backbone_options=SMALL[name], head_options={"reduction": 2})
    assert same(written(tmp_path / "m", architecture), tmp_path / "m", name)


@pytest.mark.parametrize(("localization", "mca"), ROWS)
def test_each_row(tmp_path: Path, localization: str, mca: bool) -> None:
    architecture = Architecture(
        backbone="vit3d",
        backbone_options=SMALL["vit3d"],
        localization=localization,
        mca=mca,  # type: ignore[arg-type]
    )
    assert same(written(tmp_path / "m", architecture), tmp_path / "m", "vit3d")


def test_a_card_without_the_new_fields_is_the_complete_network(tmp_path: Path) -> None:
    architecture = Architecture(backbone="vit3d", backbone_options=SMALL["vit3d"])
    net = written(tmp_path / "m", architecture)
    path = tmp_path / "m" / "model.json"
    card = json.loads(path.read_text())
    del card["architecture"]["localization"], card["architecture"]["mca"]
    path.write_text(json.dumps(card))
    assert same(net, tmp_path / "m", "vit3d")


def test_attention_without_a_prior_is_refused(tmp_path: Path) -> None:
    architecture = Architecture(backbone="vit3d", backbone_options=SMALL["vit3d"], localization="none", mca=True)
    good = Architecture(backbone="vit3d", backbone_options=SMALL["vit3d"])
    write_tiny_model(tmp_path / "m", architecture=architecture, tensors=build_network(good).state_dict())
    with pytest.raises(ModelRefused) as refused:
        load_network(find_model(str(tmp_path / "m")), "vit3d")
    assert refused.value.message.id == "model.architecture"
