"""Settings of a training of the slice detector."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorRecipe:
    """Everything that decides the result, except the cases.

    Attributes:
        epochs: blocks of `steps`; a checkpoint is written after each.
        pretraining: epochs before, shared by all networks, on synthetic cases drawn from the template alone: no patient
            is in them, so no fold learns of its held-out patients.
        steps: of an epoch.
        batch: slices of a step.
        learning_rate: highest, of AdamW; rises for a tenth of the training, then falls as a cosine.
        weight_decay: of AdamW.
        clip: largest norm of the gradient.
        averaging: how slowly the mean of the weights follows (exponential moving average; the mean is what ships).
        synthetic: cases of the synthetic pool.
        calibration: further synthetic cases, not learned from, for the confidence of a region.
        real_share: of the slices.
        tumour_share: of the slices that show the core.
        network: options of SliceNet.
        seed: of everything.
    """

    epochs: int = 12
    pretraining: int = 6
    steps: int = 100
    batch: int = 16
    learning_rate: float = 2e-3
    weight_decay: float = 1e-2
    clip: float = 5.0
    averaging: float = 0.995
    synthetic: int = 600
    calibration: int = 160
    real_share: float = 0.45
    tumour_share: float = 0.6
    network: dict[str, Any] = field(default_factory=lambda: {"widths": [16, 32, 64, 144, 160], "dropout": 0.15})
    seed: int = 0

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


PRESETS: dict[str, DetectorRecipe] = {
    "paper": DetectorRecipe(epochs=40, pretraining=10),
    "laptop": DetectorRecipe(),
    "smoke": DetectorRecipe(
        epochs=1,
        pretraining=1,
        steps=2,
        batch=4,
        synthetic=6,
        calibration=2,
        network={"widths": [4, 4, 8, 8, 8], "dropout": 0.0},
    ),
}
"""The paper trains no detector: `paper` is the longest, `laptop` what ships, `smoke` takes seconds."""
