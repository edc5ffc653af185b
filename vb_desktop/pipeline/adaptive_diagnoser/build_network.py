"""The one builder of the network, for training and application: from the options that a model's card keeps."""

from __future__ import annotations

from torch import Tensor

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.adaptive_diagnoser.training_reference import Reference
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.model_card import Architecture, GridCard
from vb_desktop.pipeline.models import InstalledModel, load_weights
from vb_desktop.pipeline.plugins import create

BRAIN_MM = ((-65.0, 65.0), (-98.0, 66.0), (-62.0, 76.0))
"""What a grid must reach of MNI152 space: the template's brain but for its outermost 8 mm."""
LONGEST_AXIS = 512


def build_network(architecture: Architecture) -> VirtualBiopsyNet:
    """An untrained network.

    Raises:
        UnknownPlugin: no backbone has that name.
        TypeError: an option is unknown.
        ValueError: an option is out of range.
    """
    backbone = create("backbones", architecture.backbone, **architecture.backbone_options)
    return VirtualBiopsyNet(
        backbone,
        classes=len(CLASSES),
        localization=architecture.localization,
        mca=architecture.mca,
        **architecture.head_options,
    )


def input_grid(card: GridCard) -> InputGrid:
    """The grid that a card describes."""
    return InputGrid(shape=card.shape, spacing_mm=card.spacing_mm, origin_mm=card.origin_mm)


def load_network(model: InstalledModel, backbone: str) -> tuple[VirtualBiopsyNet, dict[str, Tensor]]:
    """The trained network, ready to apply, and the further tensors of its file.

    Args:
        model: from `find_model`.
        backbone: that the settings ask for.

    Raises:
        ModelRefused: kind, classes, backbone, options, grid, weights or statistics are not what is needed.
    """
    card = model.card
    if card.kind != "diagnoser":
        raise ModelRefused("model.kind", name=card.name, kind=card.kind)
    if card.classes != CLASSES:
        raise ModelRefused("model.classes", name=card.name, classes=", ".join(card.classes))
    if card.architecture.backbone != backbone:
        raise ModelRefused("model.backbone", name=card.name, has=card.architecture.backbone, wants=backbone)
    try:
        network = build_network(card.architecture)
    except (TypeError, ValueError) as error:
        raise ModelRefused("model.architecture", name=card.name, cause=str(error)) from error
    _check_grid(model, network)
    further = load_weights(model, network)
    try:
        Reference.of(further, network.embedding)
    except ValueError as error:
        raise ModelRefused("model.reference", name=card.name, cause=str(error)) from error
    return network.eval().requires_grad_(False), further


def _check_grid(model: InstalledModel, network: VirtualBiopsyNet) -> None:
    """Refuse a grid that misses the brain, or that is none."""
    grid = model.card.input_grid
    for axis, (low, high) in enumerate(BRAIN_MM):
        n, first = grid.shape[axis], grid.origin_mm[axis]
        if not network.backbone.stride <= n <= LONGEST_AXIS or first > low or first + grid.spacing_mm * (n - 1) < high:
            raise ModelRefused(
                "model.grid", name=model.card.name, shape=" x ".join(map(str, grid.shape)), mm=grid.spacing_mm
            )
