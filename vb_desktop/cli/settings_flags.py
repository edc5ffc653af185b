"""The flags that `run`, `batch`, `evaluate` and `train` share, and the settings that they make."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import ConfigError

FAST: dict[str, Any] = {
    "skull_stripping.folds": 1,
    "skull_stripping.mirroring": False,
    "registration.spacing_mm": 1.6,
}
ACCURATE: dict[str, Any] = {
    "skull_stripping.folds": 5,
    "skull_stripping.mirroring": True,
    "registration.spacing_mm": 1.0,
}


class InputSpace(StrEnum):
    """What was already done to the input."""

    NATIVE = "native"
    SKULL_STRIPPED = "skull-stripped"
    MNI = "mni"


FastAsRun = Annotated[bool, typer.Option("--fast", help="As for run.")]
AccurateAsRun = Annotated[bool, typer.Option("--accurate", help="As for run.")]
VlmName = Annotated[str | None, typer.Option("--vlm", metavar="NAME", help="What marks the boxes.")]
VlmModel = Annotated[
    str | None,
    typer.Option("--vlm-model", metavar="PATH_OR_ID", help="Checkpoint of qwen3-vl, or model of the server."),
]
AllowRemote = Annotated[
    bool, typer.Option("--allow-remote", help="Send slices (pixels only) to a server that is not this machine.")
]
ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE.toml", help="Settings.")]
Changes = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="One setting; may be repeated.")]
AcceptGates = Annotated[
    list[str] | None, typer.Option("--accept-gate", metavar="ID", help="Accept a red quality gate by its name.")
]


def settings_of_flags(
    *,
    config: Path | None,
    changes: list[str] | None,
    fast: bool,
    accurate: bool,
    input_space: InputSpace | None,
    vlm: str | None,
    vlm_model: str | None = None,
    vlm_url: str | None = None,
    allow_remote: bool = False,
) -> Config:
    """Default < file < `--set` < named flag.

    Raises:
        BadParameter: both `fast` and `accurate`.
        ConfigError: a key is unknown or a value is out of range.
    """
    if fast and accurate:
        raise typer.BadParameter("choose one of --fast and --accurate")
    named: dict[str, Any] = {}
    if fast or accurate:
        named |= ACCURATE if accurate else FAST
    texts = {"input.space": input_space, "vlm.backend": vlm, "vlm.model": vlm_model, "vlm.url": vlm_url}
    named |= {key: str(value) for key, value in texts.items() if value is not None}
    if allow_remote:
        named["vlm.allow_remote"] = True
    return Config.load(config, parse_changes(changes or []) | named)


def parse_changes(changes: list[str]) -> dict[str, str]:
    """`["refine.tau=0.5"]` -> `{"refine.tau": "0.5"}`.

    Raises:
        ConfigError: a change without "=".
    """
    parsed = {}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            raise ConfigError("config.unknown_key", key=change)
        parsed[key.strip()] = value.strip()
    return parsed
