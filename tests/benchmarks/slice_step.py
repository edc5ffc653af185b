"""How long a slice step takes: ours, one view and four, over a plain napari viewer with the same five layers.

    xvfb-run -a -s "-screen 0 1366x768x24" python tests/benchmarks/slice_step.py [CASE]

A step sets the next slice and draws it. Each is measured in turns on the same machine, so that what else runs there
weighs on all alike. Wanted: one view at most 1.1 times the plain viewer, four views at most 2.5 times.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

STEPS, ROUNDS = 20, 3


def main(folder: Path) -> int:
    """Measure and print; 1 where a figure is missed."""
    os.environ["NAPARI_CONFIG"] = str(Path(tempfile.mkdtemp()) / "napari.yaml")
    app = QApplication([])
    from napari.components import ViewerModel
    from napari.qt import QtViewer

    from napari_plugin.layers import case_layers, show_layers
    from vb_desktop.pipeline.case_folder import read_case
    from vb_desktop.shell.canvas_view import CanvasView
    from vb_desktop.shell.shown_boxes import of_records
    from vb_desktop.shell.shown_layers import LayerId
    from vb_desktop.shell.view_grid import Mode

    case = read_case(folder)
    image = case.volume("processed")
    assert image is not None
    described = [layer for layer in case_layers(case, "mni") if layer[1].get("visible", True)]
    plain = ViewerModel(axis_labels=("z", "y", "x"))
    viewer = QtViewer(plain)
    viewer.resize(960, 600)
    viewer.show()
    show_layers(plain, described)
    ours = CanvasView()
    ours.resize(960, 690)
    ours.show()
    ours.show_layers(described, image, "mni")
    ours.show_boxes(of_records(case.record.boxes_in_force, image, "mni"))
    for layer in LayerId:
        ours.shown.show(layer, True)
    k = ours.step
    z0, dz = float(plain.layers[0].translate[0]), float(plain.layers[0].scale[0])

    def step_plain(n: int) -> None:
        plain.dims.set_point(0, z0 + dz * n)

    def measure(step: Callable[[int], None]) -> float:
        took = []
        for n in range(STEPS):
            begin = time.perf_counter()
            step(k + (n if n < STEPS / 2 else STEPS - n))
            app.processEvents()
            took.append(time.perf_counter() - begin)
        return median(took)

    runs: dict[str, list[float]] = {"plain": [], "one view": [], "four views": []}
    for _ in range(ROUNDS + 1):  # the first round warms up
        runs["plain"].append(measure(step_plain))
        ours.set_mode(Mode.SINGLE)
        QTest.qWait(500)
        runs["one view"].append(measure(ours.go_to))
        ours.set_mode(Mode.FOUR)
        QTest.qWait(1500)
        runs["four views"].append(measure(ours.go_to))
    base = median(runs["plain"][1:])
    missed = 0
    print(f"{len(described)} layers, {image.voxels.shape} voxels; plain napari viewer {1000 * base:.0f} ms a step")
    for name, most in (("one view", 1.1), ("four views", 2.5)):
        took = median(runs[name][1:])
        missed += took > most * base
        print(f"{name}: {1000 * took:.0f} ms, {took / base:.2f} times plain (at most {most})")
    ours.close_viewer()
    viewer.close()
    return int(missed > 0)


if __name__ == "__main__":
    from vb_desktop.assets import asset

    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else asset("demo/case")))
