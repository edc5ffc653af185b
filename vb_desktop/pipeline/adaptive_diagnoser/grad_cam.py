"""3D Grad-CAM of the complete model (Selvaraju 2017), all classes at once, with or without averaging the gradient.

Grad-CAM averages the gradient of a class over the whole map before it weighs the channels. Through Eq. 7 the gradient
differs from place to place, as the localiser says where to look, and the average loses just that. `hirescam` (Draelos
2020) multiplies gradient and activation where they are, and shows what in fact adds to the class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet

Method = Literal["hirescam", "grad-cam"]
Layer = Literal["last", "early"]


@dataclass(frozen=True, slots=True, eq=False)
class ClassMaps:
    """Where each class finds its evidence.

    Attributes:
        maps: float32 (K, D', H', W'), rectified, not normalised.
        stride: input voxels from one cell to the next.
        first_cell: input voxel at which the first cell is centred.
    """

    maps: npt.NDArray[np.float32]
    stride: int
    first_cell: float


def grad_cam(
    network: VirtualBiopsyNet, x: Tensor, prior: Tensor, *, method: Method = "hirescam", layer: Layer = "last"
) -> ClassMaps:
    """Grad-CAM of each class, of the complete model: localiser, MCA and fusion take part.

    Only what lies behind the layer runs backward, and no weight gets a gradient.

    Args:
        network: weights are not changed.
        x: volume (1, 1, D, H, W).
        prior: (1, 1, D, H, W) in [0, 1].
        method: see above.
        layer: F, or the backbone's earlier map, which is finer where the backbone has one.
    """
    backbone = network.backbone
    modes = {module: module.training for module in network.modules()}
    network.eval()
    try:
        with torch.no_grad():
            early = backbone.early(network.volume(x, prior))
            features = backbone.late(early)
            cells = network.cells(prior, features)
        if layer == "last":
            maps = class_maps(features, lambda f: network.classify(f, cells), method)
            return ClassMaps(maps, backbone.stride, backbone.first_cell)
        maps = class_maps(early, lambda e: network.classify(backbone.late(e), cells), method)
        return ClassMaps(maps, backbone.early_stride, backbone.early_first_cell)
    finally:
        for module, training in modes.items():
            module.training = training


def class_maps(
    activation: Tensor, rest: Callable[[Tensor], Tensor], method: Method = "hirescam"
) -> npt.NDArray[np.float32]:
    """The maps of all classes from one activation.

    Args:
        activation: A, (1, C, D', H', W').
        rest: from A to the logits (1, K).
        method: weigh each channel by its mean gradient, or each number by its own.

    Returns:
        float32 (K, D', H', W'): `relu(sum_c mean(dy_k / dA_c) A_c)` or `relu(sum_c (dy_k / dA_c) A_c)`.
    """
    leaf = activation.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        logits = rest(leaf)[0]
        maps = []
        for k, logit in enumerate(logits):
            (gradient,) = torch.autograd.grad(logit, leaf, retain_graph=k + 1 < len(logits))
            if method == "grad-cam":
                gradient = gradient.mean((2, 3, 4), keepdim=True)
            maps.append(torch.relu((gradient * leaf.detach()).sum(1))[0])
    return np.asarray(torch.stack(maps).numpy(), dtype=np.float32)


def normalise(cam: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Divide one class's map by its maximum -> [0, 1]; a map without evidence for the class stays zero."""
    cam = np.clip(cam, 0, None)
    top = float(cam.max(initial=0.0))
    return np.asarray(cam / top if top > 0 else cam, dtype=np.float32)
