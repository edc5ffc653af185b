"""The demo case as sample data."""

from __future__ import annotations

from napari_plugin.layers import LayerData
from napari_plugin.reader import read_case_layers
from vb_desktop.assets import asset


def demo_case() -> list[LayerData]:
    """Layers of the demo case that ships with the program: a synthetic tumour, computed by the pipeline."""
    return read_case_layers(str(asset("demo/case")))
