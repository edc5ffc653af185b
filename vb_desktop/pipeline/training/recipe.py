"""Settings of a training run, with the paper's values as defaults (Sec. 5), and where a run leaves them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from vb_desktop.pipeline.model_card import Architecture


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides the result of a training, except the cases.

    Attributes:
        epochs: passes over the cases.
        learning_rate: of AdamW.
        weight_decay: of AdamW.
        restart_epochs: T0 of the cosine annealing with warm restarts.
        batch: cases of a step.
        accumulate: steps whose gradients are added up.
        clip: largest norm of the gradient.
        dropout: before the last layer.
        label_smoothing: of the cross entropy.
        rotate: probability of the axial rotation.
        mirror: probability of the left-right mirror.
        noise: probability of the Gaussian noise.
        gamma: probability of the gamma.
        seed: of weights, order, dropout and augmentation.
        backbone: plug-in.
        backbone_options: of its constructor.
        reduction: r of the MCA.
    """

    epochs: int = 250
    learning_rate: float = 5e-5
    weight_decay: float = 1e-4
    restart_epochs: int = 10
    batch: int = 2
    accumulate: int = 2
    clip: float = 2.0
    dropout: float = 0.2
    label_smoothing: float = 0.05
    rotate: float = 0.5
    mirror: float = 0.5
    noise: float = 0.15
    gamma: float = 0.15
    seed: int = 0
    backbone: str = "densenet3d"
    backbone_options: dict[str, Any] = field(default_factory=dict)
    reduction: int = 16

    @property
    def architecture(self) -> Architecture:
        """For the builder and the card."""
        return Architecture(
            backbone=self.backbone,
            backbone_options=self.backbone_options,
            head_options={"reduction": self.reduction, "dropout": self.dropout},
        )

    def deviations(self) -> list[str]:
        """Where it leaves the paper, as sentences for the card."""
        paper = Recipe()
        changed = [
            f for f in fields(self) if f.name not in ("seed",) and getattr(self, f.name) != getattr(paper, f.name)
        ]
        return [
            f"{f.name}: {getattr(self, f.name)} (paper: {getattr(paper, f.name) or 'as published'})" for f in changed
        ]

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


PRESETS: dict[str, Recipe] = {
    "paper": Recipe(),
    "laptop": Recipe(
        epochs=12,
        learning_rate=1e-3,
        restart_epochs=4,
        rotate=0.25,
        backbone_options={"growth_rate": 8, "init_features": 16},
    ),
    "smoke": Recipe(
        epochs=2,
        learning_rate=2e-3,
        restart_epochs=2,
        backbone_options={"growth_rate": 4, "init_features": 4, "block_config": [1, 1, 1, 1]},
        reduction=4,
    ),
}
"""`laptop`: about an hour on one core for 480 cases, with a quarter of DenseNet-121's channels. `smoke`: seconds."""
