"""Plug-ins: one visible table per kind, filled lazily. A new one is one file and one line here.

Packages of others add theirs as entry points of the group `vb_desktop.<kind>`; ours are declared there too, so that
`importlib.metadata` shows the same table (a test keeps both equal).
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from vb_desktop.pipeline.errors import UnknownPlugin

_PIPELINE = "vb_desktop.pipeline"
_BACKBONES = f"{_PIPELINE}.adaptive_diagnoser.backbones"

PLUGINS: dict[str, dict[str, str]] = {
    "skull_strippers": {
        "hd-bet": f"{_PIPELINE}.mri_processor.skull_stripping:HDBET",
        "hd-bet-2": f"{_PIPELINE}.mri_processor.hd_bet_2:HDBET2",
    },
    "registrations": {"syn": f"{_PIPELINE}.mri_processor.registration:SyN"},
    "vlm_backends": {
        "builtin": f"{_PIPELINE}.tumor_localizer.vlm_builtin:BuiltinDetector",
        "rules": f"{_PIPELINE}.tumor_localizer.vlm_rules:RuleDetector",
        "qwen3-vl": f"{_PIPELINE}.tumor_localizer.vlm_qwen:Qwen3VL",
        "openai": f"{_PIPELINE}.tumor_localizer.vlm_openai:OpenAIServer",
    },
    "backbones": {
        "densenet3d": f"{_BACKBONES}.densenet3d:DenseNet3D",
        "swin3d": f"{_BACKBONES}.swin3d:Swin3D",
        "ae-flow": f"{_BACKBONES}.ae_flow:AEFlow",
        "efficient3d": f"{_BACKBONES}.efficient3d:Efficient3D",
        "swinunetr": f"{_BACKBONES}.swinunetr:SwinUNETREncoder",
        "vit3d": f"{_BACKBONES}.vit3d:ViT3D",
        "convnext3d": f"{_BACKBONES}.convnext3d:ConvNeXt3D",
    },
}


def available(kind: str) -> dict[str, str]:
    """Name -> "module:attribute" of every plug-in of a kind, those of other packages included."""
    return PLUGINS[kind] | {ep.name: ep.value for ep in entry_points(group=f"vb_desktop.{kind}")}


def require(kind: str, name: str) -> str:
    """The "module:attribute" of a plug-in; imports nothing.

    Raises:
        UnknownPlugin: the table has no such name.
    """
    table = available(kind)
    if name not in table:
        kind_in_words = kind.rstrip("s").replace("_", " ")
        raise UnknownPlugin("plugin.unknown", kind=kind_in_words, name=name, known=", ".join(sorted(table)))
    return table[name]


def create(kind: str, name: str, **options: Any) -> Any:
    """Import and build one plug-in.

    Raises:
        UnknownPlugin: the table has no such name.
    """
    module, _, attribute = require(kind, name).partition(":")
    return getattr(import_module(module), attribute)(**options)
