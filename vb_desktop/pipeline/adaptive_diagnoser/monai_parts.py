"""What is used of MONAI, and the only file that imports it.

Importing any part of MONAI imports all of it, and with it every library that some part can make use of: seconds. Those
that were not imported before are kept away from it; MONAI then takes them as not installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

NOT_NEEDED = ("ignite", "matplotlib", "pandas", "skimage", "sklearn", "tensorboard", "transformers")


@contextmanager
def _kept_away(names: tuple[str, ...]) -> Iterator[None]:
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None is Python's own way to say "not there"
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _kept_away(NOT_NEEDED):
    from monai.networks.blocks import UnetrBasicBlock
    from monai.networks.nets import DenseNet, ViT
    from monai.networks.nets.swin_unetr import SwinTransformer

__all__ = ["DenseNet", "SwinTransformer", "UnetrBasicBlock", "ViT"]
