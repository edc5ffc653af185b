"""What things are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCAN = "Scan"
COARSE_PRIOR = "Coarse prior"
REFINED_PRIOR = "Refined prior"

CLASS_NAMES: Mapping[str, str] = {
    "glioma": "glioma",
    "pcnsl": "PCNSL",
    "germinoma": "germinoma",
    "other": "other rare tumour",
}


def class_name(class_: str) -> str:
    """A class as a reader knows it."""
    return CLASS_NAMES.get(class_, class_)


def grad_cam(class_: str) -> str:
    """Name of the Grad-CAM layer of a class."""
    return f"Grad-CAM ({class_name(class_)})"


def box_source(source: str, vlm: Mapping[str, Any] | None = None) -> str:
    """Where boxes come from, in words.

    Args:
        source: as `Box.source`.
        vlm: the section `vlm` of the run's settings; its `model`, where there is one, is named.
    """
    model = str((vlm or {}).get("model") or "")
    match source:
        case "builtin":
            return "built-in detector, not a VLM"
        case "reader":
            return "reader"
        case "qwen3-vl":
            return model if "qwen3-vl" in model.lower() else f"Qwen3-VL {model}".strip()
        case "openai":
            return f"VLM server {model}".strip()
        case _:
            return source


def boxes(source: str, vlm: Mapping[str, Any] | None = None) -> str:
    """Name of the layer of boxes of one source."""
    return f"Boxes ({box_source(source, vlm)})"
