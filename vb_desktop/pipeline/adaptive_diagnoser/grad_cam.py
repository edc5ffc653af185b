"""3D Grad-CAM of the complete model (Selvaraju 2017; MONAI), all classes at once."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from vb_desktop.pipeline.adaptive_diagnoser.monai_parts import GradCAM
from vb_desktop.pipeline.adaptive_diagnoser.network import Head


class _HeadOfFeatures(nn.Module):
    """The model from F on, as a function of F alone: the prior is bound to it."""

    def __init__(self, head: Head, prior: Tensor) -> None:
        super().__init__()
        self.feature_map = nn.Identity()
        self.head = head
        self.prior = prior

    def forward(self, features: Tensor) -> Tensor:
        return cast("Tensor", self.head(self.feature_map(features), self.prior))


def grad_cam(head: Head, features: Tensor, prior: Tensor) -> npt.NDArray[np.float32]:
    """Grad-CAM of each class at the backbone's last map, through MCA and fusion.

    Grad-CAM needs the gradient of a logit only with respect to F, so the backbone runs forward once and never backward;
    each class costs one pass through the head. The result is the same as with the whole model (a test says so).

    Args:
        head: MCA and fusion; weights are not changed.
        features: F, (1, C, D', H', W').
        prior: M on the grid of F, (1, 1, D', H', W').

    Returns:
        float32 (K, D', H', W'), not negative, as MONAI gives it (rectified, not normalised).
    """
    leaf = features.detach().clone().requires_grad_(True)
    training, needs = head.training, [p.requires_grad for p in head.parameters()]
    head.eval().requires_grad_(False)
    try:
        with torch.enable_grad():
            cam = GradCAM(_HeadOfFeatures(head, prior.detach()), target_layers="feature_map")
            maps = [cam.compute_map(leaf, class_idx=k).detach() for k in range(head.linear.out_features)]
    finally:
        head.train(training)
        for parameter, need in zip(head.parameters(), needs, strict=True):
            parameter.requires_grad_(need)
    return _numpy(torch.cat(maps, dim=1)[0])


def normalise(cam: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Divide one class's map by its maximum -> [0, 1]; a map without evidence for the class stays zero."""
    cam = np.clip(cam, 0, None)
    top = float(cam.max(initial=0.0))
    return np.asarray(cam / top if top > 0 else cam, dtype=np.float32)


def _numpy(tensor: Tensor) -> npt.NDArray[np.float32]:
    return cast("npt.NDArray[np.float32]", tensor.numpy().astype(np.float32))
