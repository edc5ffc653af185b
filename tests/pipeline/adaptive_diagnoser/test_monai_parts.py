"""MONAI comes without the libraries that it only could make use of, and they stay importable."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from vb_desktop.pipeline.adaptive_diagnoser.monai_parts import NOT_NEEDED, DenseNet
print(sorted(set(NOT_NEEDED) & set(sys.modules)))
import matplotlib, pandas
network = DenseNet(3, 1, 2, init_features=4, growth_rate=2, block_config=(1, 1))
print(network.class_layers is not None)
"""


def test_what_is_not_needed_is_not_imported_and_can_be_later() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "True"]
