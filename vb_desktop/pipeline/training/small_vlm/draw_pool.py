"""Draws the pictures that the small VLM learns from and is measured on, each kind in shards of its own.

synthetic_*       slices of the synthetic cohort
moved_*           lesions drawn in, or moved between, real brains (the slice detector's pool)
real_*            expert-segmented scans
held_synthetic_*, held_real_*    the same from cases that are never learned from
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.evaluation.expert_cases import ExpertCase, core_of, labels_in_template, process
from vb_desktop.pipeline.training.localizer.grid_case import BRAIN_BIT, CORE_BIT, UNSURE_BIT, GridCase, real_case
from vb_desktop.pipeline.training.localizer.pool import synthetic_case as lesion_in_a_real_brain
from vb_desktop.pipeline.training.small_vlm.pictures import (
    LEAST_MM2,
    Pictures,
    choose_slices,
    draw,
    save,
    synthetic_case,
)
from vb_desktop.pipeline.training.synthetic_cohort import SyntheticCohort
from vb_desktop.pipeline.tumor_localizer.detector_grid import AFFINE

LEARNED_SEED, HELD_SEED = 7001, 9001
"""Of the cohorts; cohorts of different seeds share no case."""
_SHARD = 20  # cases of a shard
_WIDTH = (0.8, 1.2)  # of the window, so that pictures of other scanners and settings are known


def draw_synthetic(pool: Path, seed: int, cases: int, prefix: str) -> Iterator[Path]:
    """Slices of the cohort; shards that exist are kept, so it can be interrupted."""
    cohort = SyntheticCohort(cases, seed)
    for first in range(0, cases, _SHARD):
        path = pool / f"{prefix}_{seed}_{first:05d}.npz"
        if not path.is_file():
            parts = []
            for number in range(first, min(first + _SHARD, cases)):
                rng = np.random.default_rng([seed, number, 1])
                volume, brain, tumour = synthetic_case(cohort[number], cohort)
                slices = choose_slices(rng, volume, brain, tumour, 10, 5)
                parts.append(draw(volume, brain, tumour, slices, float(rng.uniform(*_WIDTH))))
            save(path, parts)
        yield path


def draw_real(pool: Path, cases: Sequence[ExpertCase], hold_out: Sequence[str], cache: Path) -> Iterator[Path]:
    """Every slice of segmented scans, but for those that show a cap only."""
    for case in cases:
        path = pool / f"{'held_real' if case.name in hold_out else 'real'}_{case.name}.npz"
        if not path.is_file():
            processed = process(case, Config(), cache)
            brain = processed.mask.voxels > 0
            tumour = core_of(labels_in_template(case, processed)) & brain
            area = np.count_nonzero(tumour, axis=(0, 1))
            shown = (np.count_nonzero(brain, axis=(0, 1)) > 500) & ((area == 0) | (area >= LEAST_MM2))
            slices = [int(k) for k in np.flatnonzero(shown)]
            save(path, [draw(processed.volume, brain, tumour, slices, 1.0)])
        yield path


def draw_moved(
    pool: Path, cases: Sequence[ExpertCase], hold_out: Sequence[str], cache: Path, count: int, seed: int = 1
) -> Iterator[Path]:
    """Lesions in the brains of those scans that are learned from."""
    learned: list[GridCase] = []
    for first in range(0, count, _SHARD):
        path = pool / f"moved_{seed}_{first:05d}.npz"
        if not path.is_file():
            learned = learned or [real_case(case, Config(), cache) for case in cases if case.name not in hold_out]
            numbers = range(first, min(first + _SHARD, count))
            parts = [_moved_pictures(lesion_in_a_real_brain(learned, number, seed), number) for number in numbers]
            save(path, [part for part in parts if part is not None])
        yield path


def _moved_pictures(case: GridCase, number: int) -> Pictures | None:
    rng = np.random.default_rng([number, 2])
    brain, core = case.mark(BRAIN_BIT), case.mark(CORE_BIT)
    volume = Volume(np.where(brain, case.image.astype(np.float32), 0), AFFINE)
    unsure = np.atleast_1d(case.mark(UNSURE_BIT).any(axis=(0, 1)))
    slices = [k for k in choose_slices(rng, volume, brain, core, 22, 12) if not unsure[k]]
    return draw(volume, brain, core, slices, float(rng.uniform(*_WIDTH))) if slices else None
