"""On what a training runs: Lightning's own flags."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """Passed on to `lightning.Trainer` as they are.

    Attributes:
        accelerator: "auto", "cpu", "gpu", "mps" ...
        devices: "auto", a number, or a list such as "0,2".
        nodes: machines.
        strategy: "auto", "ddp" ...
        workers: processes that read ahead.
    """

    accelerator: str = "auto"
    devices: str = "auto"
    nodes: int = 1
    strategy: str = "auto"
    workers: int = 0
