"""The rows of the paper's tables: what each changes in the recipe, and the paper's own figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vb_desktop.pipeline.errors import ConfigError
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe

LOCALISERS = {
    "builtin": "built-in detector, not a VLM",
    "rules": "written rules, not a VLM",
    "qwen3-vl": "Qwen3-VL",
    "openai": "served VLM",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table.

    Attributes:
        key: short name, for files.
        title: for people; "{localiser}" stands for what marked the boxes.
        changes: of the recipe.
        paper: figure -> value in percent, as printed in the paper; what it does not print is absent.
    """

    key: str
    title: str
    changes: dict[str, Any] = field(default_factory=dict)
    paper: dict[str, float] = field(default_factory=dict)

    def recipe(self, base: DiagnoserRecipe, seed: int) -> DiagnoserRecipe:
        """The recipe of this row."""
        return base.changed({**self.changes, "seed": seed})


def _table_2(precision: float, recall: float, f1: float, accuracy: float) -> dict[str, float]:
    return {"precision": precision, "recall": recall, "F1": f1, "accuracy": accuracy}


ABLATION: tuple[Row, ...] = (
    Row(
        key="none",
        title="no localisation",
        changes={"localization": "none", "mca": False},
        paper=_table_2(80.45, 81.20, 80.82, 81.50),
    ),
    Row(
        key="coarse",
        title="coarse prior ({localiser})",
        changes={"localization": "coarse", "mca": False},
        paper=_table_2(86.12, 83.50, 84.79, 85.00),
    ),
    Row(
        key="coarse-mca",
        title="coarse prior ({localiser}) + MCA",
        changes={"localization": "coarse", "mca": True},
        paper=_table_2(87.80, 85.15, 86.45, 86.50),
    ),
    Row(
        key="refined",
        title="refined prior ({localiser} + MLP)",
        changes={"localization": "refined", "mca": False},
        paper=_table_2(88.35, 90.50, 89.41, 87.50),
    ),
    Row(
        key="full",
        title="refined prior ({localiser} + MLP) + MCA: the full model",
        changes={"localization": "refined", "mca": True},
        paper=_table_2(91.83, 92.00, 91.91, 92.00),
    ),
)
"""Table 2. Without MCA the prior weighs the volume (`X_proc * prior`), as METHOD.md reads the paper."""

_FULL = {"localization": "refined", "mca": True}

BACKBONE_PAPER: dict[str, tuple[str, dict[str, float]]] = {
    "densenet3d": ("3D DenseNet", {"accuracy": 92.00}),
    "swin3d": ("Swin3D", {"accuracy": 72.92}),
    "ae-flow": ("AE-FLOW", {"accuracy": 71.05}),
    "efficient3d": ("Efficient3D", {"accuracy": 68.75}),
    "swinunetr": ("SwinUNETR", {"accuracy": 62.50}),
    "vit3d": ("ViT3D", {"accuracy": 62.50}),
    "convnext3d": ("ConvNeXt3D", {}),
}
"""Table 3; ConvNeXt3D is not in it. DeepSite-MRI reports 78.90 % for ConvNeXt3D with the refined prior."""

_SMALL: dict[str, dict[str, Any]] = {
    "densenet3d": {},
    "swin3d": {
        "learning_rate": 5e-4,
        "backbone_options": {"embed": 24, "depths": [2, 2, 1, 1], "window": 4, "merged_stages": 1},
    },
    "ae-flow": {
        "learning_rate": 1e-3,
        "backbone_options": {"width": 16, "bottleneck": 64, "blocks": 1, "flow_steps": 4, "flow_hidden": 64},
    },
    # Depthwise convolutions train four times as fast in float32 on a processor.
    "efficient3d": {"precision": "float32", "backbone_options": {"width": 0.5, "last": 640}},
    "swinunetr": {
        "learning_rate": 5e-4,
        "backbone_options": {"feature_size": 12, "depths": [1, 1, 1, 1], "window": 4},
    },
    "vit3d": {
        "learning_rate": 5e-4,
        "backbone_options": {"hidden": 192, "layers": 6, "heads": 6, "mlp": 384, "grid": [48, 48, 40]},
    },
    "convnext3d": {
        "learning_rate": 1e-3,
        "backbone_options": {
            "channels": [32, 64, 96, 128],
            "depths": [1, 1, 2, 1],
            "kernel": 5,
            "layer_scale": 0.1,
        },
    },
}
BACKBONE_OPTIONS: dict[str, dict[str, dict[str, Any]]] = {"laptop": _SMALL, "smoke": _SMALL}
"""Preset -> backbone -> changes of the recipe: sizes that the budget allows, and lower rates for what is no plain
convolution, chosen by rule of thumb, not by results. As published where absent (the preset `paper`)."""


def backbone_rows(preset: str, only: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Table 3: the full model with each backbone.

    Raises:
        ConfigError: an unknown backbone is asked for.
    """
    chosen = _chosen(only, tuple(BACKBONE_PAPER))
    options = BACKBONE_OPTIONS.get(preset, {})
    return tuple(
        Row(
            key=name,
            title=title,
            changes={**_FULL, "backbone": name, **options.get(name, {})},
            paper=paper,
        )
        for name, (title, paper) in BACKBONE_PAPER.items()
        if name in chosen
    )


def ablation_rows(only: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Table 2.

    Raises:
        ConfigError: an unknown row is asked for.
    """
    chosen = _chosen(only, tuple(row.key for row in ABLATION))
    return tuple(row for row in ABLATION if row.key in chosen)


def _chosen(only: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """The keys asked for; all where none is."""
    unknown = [name for name in only if name not in known]
    if unknown:
        raise ConfigError("config.invalid", key="rows", value=repr(unknown[0]), cause=f"known are {', '.join(known)}")
    return only or known
