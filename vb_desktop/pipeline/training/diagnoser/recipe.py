"""Settings of a diagnoser's training, with the paper's values as defaults (Sec. 5), and where a run leaves them."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args, get_type_hints

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.errors import ConfigError
from vb_desktop.pipeline.model_card import Architecture

Localization = Literal["none", "coarse", "refined"]
Schedule = Literal["warm-restarts", "one-cycle"]
Precision = Literal["auto", "float32", "bfloat16"]

_CENTRE_MM = (0.0, -17.0, 5.0)
_EXTENT_MM = (192.0, 192.0, 160.0)
"""The box of MNI152 space that holds the brain, symmetric about x = 0 and square in the axial plane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnoserRecipe:
    """Everything that decides the result of a training, except the cases.

    Attributes:
        epochs: passes over the cases.
        learning_rate: of AdamW, at its highest.
        weight_decay: of AdamW.
        schedule: cosine annealing with warm restarts (Loshchilov 2017), or one cycle: a linear rise, then one cosine.
        restart_epochs: T0 of the warm restarts.
        rise: share of the steps that the one cycle rises.
        batch: cases of a step on each device.
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
        localization: the prior that the network is given.
        mca: with Masked Channel Attention; else the prior weighs the volume.
        spacing_mm: voxel of the input grid; its box is 192 x 192 x 160 mm.
        precision: of the network while it trains; auto is bfloat16 where the processor has AMX or there is a GPU.
    """

    epochs: int = 250
    learning_rate: float = 5e-5
    weight_decay: float = 1e-4
    schedule: Schedule = "warm-restarts"
    restart_epochs: int = 10
    rise: float = 0.15
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
    localization: Localization = "refined"
    mca: bool = True
    spacing_mm: float = 2.0
    precision: Precision = "auto"

    @property
    def architecture(self) -> Architecture:
        """For the builder and the card."""
        return Architecture(
            backbone=self.backbone,
            backbone_options=self.backbone_options,
            head_options={"dropout": self.dropout} | ({"reduction": self.reduction} if self.mca else {}),
            localization=self.localization,
            mca=self.mca,
        )

    @property
    def grid(self) -> InputGrid:
        """What the network sees: the brain's box in MNI152 space."""
        return grid_of(self.spacing_mm)

    def deviations(self) -> list[str]:
        """Where it leaves the paper, as sentences for the card."""
        paper = DiagnoserRecipe()
        unused = {"restart_epochs"} if self.schedule == "one-cycle" else {"rise"}
        changed = [
            f.name
            for f in fields(self)
            if f.name not in {"seed", "precision", *unused} and getattr(self, f.name) != getattr(paper, f.name)
        ]
        return [f"{name}: {getattr(self, name)} (paper: {getattr(paper, name) or 'as published'})" for name in changed]

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return dataclasses.asdict(self)

    def changed(self, changes: Mapping[str, Any]) -> DiagnoserRecipe:
        """A copy with some values changed; text is read as in TOML, as it comes from `--set`.

        Raises:
            ConfigError: an unknown key, or a value of another kind or out of range.
        """
        kinds = get_type_hints(DiagnoserRecipe)
        values = {}
        for key, value in changes.items():
            if key not in kinds:
                raise ConfigError("config.unknown_key", key=key)
            values[key] = _value(key, value, kinds[key])
        recipe = dataclasses.replace(self, **values)
        recipe.check()
        return recipe

    def check(self) -> None:
        """Refuse values out of range.

        Raises:
            ConfigError: with the key and the rule.
        """
        least = {"epochs": 1, "restart_epochs": 1, "batch": 1, "accumulate": 1, "reduction": 1, "seed": 0}
        for key, low in least.items():
            self._rule(key, getattr(self, key) >= low, f"must be at least {low}")
        for key in ("learning_rate", "clip"):
            self._rule(key, getattr(self, key) > 0, "must be above 0")
        self._rule("weight_decay", self.weight_decay >= 0, "must be at least 0")
        for key in ("rotate", "mirror", "noise", "gamma"):
            self._rule(key, 0 <= getattr(self, key) <= 1, "must be a probability")
        for key in ("rise", "dropout", "label_smoothing"):
            self._rule(key, 0 <= getattr(self, key) < 1, "must be in [0, 1)")
        self._rule("spacing_mm", 1 <= self.spacing_mm <= 12, "must be between 1 and 12 mm")
        self._rule("mca", self.localization != "none" or not self.mca, "must be false where localization is none")

    def _rule(self, key: str, holds: bool, rule: str) -> None:
        if not holds:
            raise ConfigError("config.invalid", key=key, value=repr(getattr(self, key)), cause=rule)


def grid_of(spacing_mm: float) -> InputGrid:
    """The grid with voxels of `spacing_mm` that covers the brain's box in MNI152 space."""
    shape = tuple(int(-(-extent // spacing_mm)) for extent in _EXTENT_MM)
    origin = tuple(centre - spacing_mm * (n - 1) / 2 for centre, n in zip(_CENTRE_MM, shape, strict=True))
    return InputGrid(
        shape=(shape[0], shape[1], shape[2]), spacing_mm=spacing_mm, origin_mm=(origin[0], origin[1], origin[2])
    )


def _value(key: str, value: Any, kind: Any) -> Any:
    if isinstance(value, str):
        try:
            value = tomllib.loads(f"v = {value}")["v"]
        except tomllib.TOMLDecodeError:
            pass
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    choices = get_args(kind) if kind in (Localization, Schedule, Precision) else ()
    plain = dict if kind == dict[str, Any] else kind
    if (choices and value not in choices) or (not choices and type(value) is not plain):
        cause = f"must be one of {', '.join(choices)}" if choices else f"must be of the kind {plain.__name__}"
        raise ConfigError("config.invalid", key=key, value=repr(value), cause=cause)
    return value


PRESETS: dict[str, DiagnoserRecipe] = {
    "paper": DiagnoserRecipe(),
    "laptop": DiagnoserRecipe(
        epochs=20,
        learning_rate=2e-3,
        weight_decay=1e-2,
        schedule="one-cycle",
        batch=8,
        accumulate=1,
        rotate=0.0,
        backbone_options={
            "growth_rate": 16,
            "init_features": 32,
            "block_config": [2, 3, 3, 2],
            "pooled_transitions": 0,
        },
        reduction=4,
        spacing_mm=4.0,
    ),
    "smoke": DiagnoserRecipe(
        epochs=2,
        learning_rate=2e-3,
        schedule="one-cycle",
        batch=4,
        accumulate=1,
        backbone_options={"growth_rate": 4, "init_features": 4, "block_config": [1, 1, 1, 1]},
        reduction=4,
        spacing_mm=6.0,
    ),
}
"""`paper`: for a GPU. `laptop`: a coarser grid, fewer layers and epochs, for two cores. `smoke`: seconds."""
