"""On what a network runs, and with how many digits."""

from __future__ import annotations

from vb_desktop.pipeline.errors import ProcessingFailed


def chosen_device(wanted: str) -> str:
    """The device asked for; with "auto" a graphics card where there is one.

    Args:
        wanted: "auto", "cpu", "cuda" or "mps".

    Raises:
        ProcessingFailed: the device is not on this machine.
    """
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return next(name for name, is_there in there.items() if is_there)
    if not there[wanted]:
        raise ProcessingFailed("mri_processor.no_device", device=wanted)
    return wanted


def chosen_precision(wanted: str, device: str) -> str:
    """The digits asked for; with "auto" bfloat16 on a processor with units for it (AMX), float32 everywhere else.

    Args:
        wanted: "auto", "float32" or "bfloat16".
        device: as chosen.
    """
    if wanted != "auto":
        return wanted
    return "bfloat16" if device == "cpu" and multiplies_bfloat16() else "float32"


def multiplies_bfloat16() -> bool:
    """Whether this processor has matrix units for bfloat16 (AMX); without them bfloat16 is slower than float32."""
    import torch

    asked = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return bool(asked and asked())
