"""From the user's settings to the `Config` of a run, and to the environment of the process that it runs in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from vb_desktop.pipeline.config import Config, VlmConfig
from vb_desktop.pipeline.reader import VARIABLE
from vb_desktop.shell.settings import Settings

QUALITIES: dict[str, dict[str, Any]] = {
    "fast": {"skull_stripping__folds": 1, "skull_stripping__mirroring": False, "registration__spacing_mm": 1.6},
    "accurate": {"skull_stripping__folds": 5, "skull_stripping__mirroring": True, "registration__spacing_mm": 1.0},
}
"""As --fast and --accurate of the command line."""
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def run_config(settings: Settings, space: str, quality: str) -> Config:
    """The settings of a run from the window.

    Args:
        settings: of the user.
        space: what was already done to the scan.
        quality: a key of `QUALITIES`.
    """
    tree: dict[str, dict[str, Any]] = Config().model_dump()
    tree["input"]["space"] = space
    for key, value in QUALITIES[quality].items():
        section, name = key.split("__")
        tree[section][name] = value
    tree["vlm"] |= _vlm(settings)
    if name := settings.text("models/detector"):
        tree["vlm"]["detector"] = name
    if name := settings.text("models/diagnoser"):
        tree["diagnose"]["model"] = name
    if device := settings.text("performance/device"):
        tree["skull_stripping"]["device"] = tree["vlm"]["device"] = device
    tree["report"] |= {
        "language": settings.text("report/language") or settings.language,
        "page": settings.text("report/page") or "A4",
        "institution": settings.text("report/institution"),
        "logo": settings.text("report/logo"),
    }
    return Config.model_validate(tree)


def vlm_config(settings: Settings) -> VlmConfig:
    """The backend of the boxes alone."""
    return VlmConfig.model_validate(VlmConfig().model_dump() | _vlm(settings))


def environment(settings: Settings) -> Mapping[str, str]:
    """What the process of the runs is told; empty values are taken out of its environment."""
    threads = settings.text("performance/threads")
    return dict.fromkeys(_THREADS, threads) | {VARIABLE: settings.text("reader")}


def apply_environment(settings: Settings) -> None:
    """Tell this process and those that it will start."""
    for name, value in environment(settings).items():
        if value:
            os.environ[name] = value
        elif name == VARIABLE or name in _set_here:
            os.environ.pop(name, None)
        if value and name in _THREADS:
            _set_here.add(name)


_set_here: set[str] = set()
"""Variables that the settings have set; those that were there before stay as they are."""


def _vlm(settings: Settings) -> dict[str, Any]:
    backend = settings.text("vlm/backend")
    if not backend:
        return {}
    chosen: dict[str, Any] = {"backend": backend, "model": settings.text("vlm/model")}
    if backend == "openai":
        chosen |= {"url": settings.text("vlm/url"), "allow_remote": settings.text("vlm/allow_remote") == "true"}
    return chosen
