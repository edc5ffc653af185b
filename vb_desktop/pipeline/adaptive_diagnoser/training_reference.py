"""Where the training cases lie among the network's features, and how far another case is from there.

Class-wise Mahalanobis distance with one covariance for all classes (Lee 2018), shrunk towards a multiple of the
identity (Ledoit 2004), as there are fewer cases than features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Array = npt.NDArray[Any]
LARGEST_RANK = 48
"""Directions of which the variance is kept; the others share one. Keeps the model file small."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Statistics of the training cases' embeddings, float32.

    Attributes:
        means: (G, E), of each class, in units of `scale`.
        scale: (E,), divides each embedding.
        directions: (R, E), orthonormal; where the covariance inside the classes is large.
        variances: (R,), along them, shrunk.
        rest: variance along every other direction, shrunk.
    """

    means: Array
    scale: Array
    directions: Array
    variances: Array
    rest: float

    def distance(self, embeddings: Array | Tensor) -> npt.NDArray[np.float64]:
        """Mahalanobis distance from the nearest class, divided by sqrt(E): about 1 for a case like the training's.

        Args:
            embeddings: (B, E), of `VirtualBiopsyNet.embed`.

        Returns:
            (B,).
        """
        standardised = np.asarray(embeddings, dtype=np.float64) / self.scale
        away = standardised[:, None] - self.means
        along = away @ self.directions.T.astype(np.float64)
        across = np.clip((away**2).sum(-1) - (along**2).sum(-1), 0, None)
        squared = (along**2 / self.variances).sum(-1) + across / self.rest
        return np.asarray(np.sqrt(squared.min(axis=1) / self.means.shape[1]), dtype=np.float64)

    def tensors(self) -> dict[str, Tensor]:
        """As the model's file keeps it."""
        parts = {"means": self.means, "scale": self.scale, "directions": self.directions, "variances": self.variances}
        held = {f"ood.{name}": torch.from_numpy(np.ascontiguousarray(part, np.float32)) for name, part in parts.items()}
        return held | {"ood.rest": torch.tensor([self.rest], dtype=torch.float32)}

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor], features: int) -> Reference | None:
        """From the further tensors of a model's file; None where it brings none.

        Models before 0.2 hold mean and standard deviation of each feature, which is the same without classes and
        without covariances.

        Args:
            tensors: of `load_network`.
            features: E, as the network embeds.

        Raises:
            ValueError: they are of another network, or no statistics at all.
        """
        held = {name.removeprefix("ood."): part.double().numpy() for name, part in tensors.items()}
        if "mean" in held and "std" in held:
            held |= {
                "means": held["mean"][None],
                "scale": np.maximum(held["std"], 1e-6),
                "directions": np.zeros((0, features)),
                "variances": np.zeros(0),
                "rest": np.ones(1),
            }
            held["means"] = (
                held["means"] / held["scale"] if held["scale"].shape == held["mean"].shape else held["means"]
            )
        if "means" not in held:
            return None
        rank = len(held.get("variances", ()))
        expected = {
            "means": (len(held["means"]), features),
            "scale": (features,),
            "directions": (rank, features),
            "variances": (rank,),
            "rest": (1,),
        }
        for name, shape in expected.items():
            if name not in held or held[name].shape != shape:
                raise ValueError(
                    f"ood.{name} must be of the shape {shape}, got {getattr(held.get(name), 'shape', None)}"
                )
        if min(held["scale"].min(), held["rest"].min(), held["variances"].min(initial=1.0)) <= 0:
            raise ValueError("scale and variances of the training features must be above 0, got others")
        return cls(held["means"], held["scale"], held["directions"], held["variances"], float(held["rest"][0]))


def fit_reference(embeddings: Array | Tensor, labels: Array) -> Reference:
    """Statistics of the training cases.

    Args:
        embeddings: (N, E), of `VirtualBiopsyNet.embed`, N at least 2.
        labels: (N,), class indices.
    """
    x = np.asarray(embeddings, dtype=np.float64)
    labels = np.asarray(labels)
    if len(x) < 2 or len(x) != len(labels):
        raise ValueError(f"embeddings and labels must be of the same cases, at least 2; got {len(x)} and {len(labels)}")
    scale = x.std(axis=0)
    # A feature that never moved in training says nothing of distance: its scale must not blow up rounding errors.
    scale = np.maximum(scale, max(1e-3 * float(scale.max()), 1e-6))
    x = x / scale
    classes, group = np.unique(labels, return_inverse=True)
    means = np.stack([x[group == k].mean(axis=0) for k in range(len(classes))])
    inside = x - means[group]
    variances, directions, delta, level = _covariance(inside)
    kept = min(LARGEST_RANK, len(variances))
    shrunk = (1 - delta) * variances + delta * level
    left = (1 - delta) * variances[kept:].sum() / max(x.shape[1] - kept, 1) + delta * level
    return Reference(means, scale, directions[:kept], shrunk[:kept], float(max(left, 1e-6)))


def _covariance(inside: Array) -> tuple[Array, Array, float, float]:
    """Variances (R,) and directions (R, E) of centred cases (N, E); Ledoit and Wolf's shrinkage and its target."""
    n, features = inside.shape
    _, singular, directions = np.linalg.svd(inside / np.sqrt(n), full_matrices=False)
    variances = singular**2
    level = float(variances.sum()) / features
    spread = float((variances**2).sum()) / features - level**2
    error = (float((inside**2).sum(axis=1) @ (inside**2).sum(axis=1)) / n - float((variances**2).sum())) / n / features
    delta = float(np.clip(error / spread, 0, 1)) if spread > 0 else 1.0
    keep = variances > 1e-12 * max(float(variances.max(initial=0.0)), 1e-12)
    return variances[keep], directions[keep], delta, max(level, 1e-6)
