"""What the refinement wins back where boxes are too small: with boxes drawn from the expert's core.

    python -m tests.benchmarks.undersized_boxes FOLDER WORK

FOLDER holds cases with t1ce.nii.gz and seg.nii.gz, WORK keeps processed cases. "exact" are the bounding boxes of the
core's pieces of at least 20 mm2, slice by slice; "undersized" the same at 70 % of each edge about their middle, with a
quarter of the slices left out at random (seed 0). Recall, precision and Dice of priors > 0.5 against the core.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Box
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.evaluation.expert_cases import core_of, find_cases, labels_in_template, process
from vb_desktop.pipeline.evaluation.metrics import LEAST_MM2, overlap
from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer

SIZE, LEFT_OUT = 0.7, 0.25


def main() -> None:
    """Measure every case and print the table."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    config, rows = Config(), []
    localizer = TumorLocalizer(config)
    cases = [case for case in find_cases(Path(sys.argv[1])) if case.segmentation is not None]
    for case in cases:
        processed = process(case, config, Path(sys.argv[2]))
        core = core_of(labels_in_template(case, processed))
        exact = boxes_of(core)
        row: list[float] = []
        for boxes in (exact, undersized(exact)):
            located = localizer.with_boxes(processed, boxes, len(boxes))
            assert located.coarse_prior is not None and located.refined_prior is not None
            for prior in (located.coarse_prior.volume, located.refined_prior.volume):
                found = overlap(prior.voxels > 0.5, core)
                row += [found.recall, found.precision, found.dice]
        rows.append(row)
        print(case.name, *(f"{value:.2f}" for value in row), flush=True)
    means = np.array(rows).mean(axis=0).reshape(2, 2, 3)
    for name, priors in zip(("exact", "undersized"), means, strict=True):
        for kind, (recall, precision, dice) in zip(("coarse", "refined (union)"), priors, strict=True):
            print(f"{name:10} {kind:16} recall {recall:.3f} precision {precision:.3f} Dice {dice:.3f}  n = {len(rows)}")
    lost, won = means[0, 0, 0] - means[1, 0, 0], means[1, 1, 0] - means[1, 0, 0]
    print(f"recall that small boxes cost the coarse prior: {lost:.3f}; won back by the union: {won / lost:.0%}")


def boxes_of(core: Array) -> list[Box]:
    """The bounding boxes of a core's pieces, slice by slice, 1 mm grid."""
    boxes = []
    for k in np.flatnonzero(core.any(axis=(0, 1))):
        pieces, count = ndimage.label(core[:, :, k], np.ones((3, 3)))
        for i, j in (ndimage.find_objects(pieces)[n] for n in range(count) if (pieces == n + 1).sum() >= LEAST_MM2):
            boxes.append(Box(k=int(k), i0=i.start, i1=i.stop, j0=j.start, j1=j.stop, confidence=1.0, source="builtin"))
    return boxes


def undersized(boxes: list[Box]) -> list[Box]:
    """The same boxes, smaller, on three quarters of the slices."""
    rng = np.random.default_rng(0)
    slices = sorted({box.k for box in boxes})
    kept = set(rng.permutation(slices)[: len(slices) - round(LEFT_OUT * len(slices))].tolist())
    return [_smaller(box) for box in boxes if box.k in kept]


def _smaller(box: Box) -> Box:
    (i0, i1), (j0, j1) = (
        (round((a + b - SIZE * (b - a)) / 2), round((a + b + SIZE * (b - a)) / 2))
        for a, b in ((box.i0, box.i1), (box.j0, box.j1))
    )
    return replace(box, i0=i0, i1=max(i1, i0 + 1), j0=j0, j1=max(j1, j0 + 1))


if __name__ == "__main__":
    main()
