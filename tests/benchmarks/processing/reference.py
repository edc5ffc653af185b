"""Compute the reference in the order of the cases, keep it, and go on where an earlier run stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.processing.cases import CASES, BenchmarkCase, load
from tests.benchmarks.processing.reference_stages import RECIPE, STAGES, STAGES_OF
from tests.benchmarks.processing.store import (
    content_hash,
    read_result,
    read_volume,
    reference_folder,
    versions,
    write_result,
    write_volume,
)
from vb_desktop.pipeline.mri_processor.input_space import mask_of_stripped


def prepare(case: BenchmarkCase) -> Path:
    """The case's folder with `input.nii.gz` (and `native_mask.nii.gz` where the scan is skull stripped)."""
    folder = reference_folder() / case.name
    kept = folder / "input.nii.gz"
    if not case.where and kept.is_file():
        return folder  # a synthetic combination is made once
    scan = load(case)
    if not kept.is_file() or content_hash(read_volume(kept)) != content_hash(scan):
        write_volume(kept, scan.like(np.asarray(scan.voxels, dtype=np.float32)))
    if case.kind == "tumour":
        write_volume(folder / "native_mask.nii.gz", mask_of_stripped(scan))
    return folder


def key_of(folder: Path) -> dict[str, Any]:
    """What a kept result is valid for."""
    return {"input": content_hash(read_volume(folder / "input.nii.gz")), "recipe": RECIPE, "versions": versions()}


def compute(case: BenchmarkCase, stage: str, fresh: bool = False) -> dict[str, Any]:
    """One stage of one case: kept, or computed in a process of its own.

    Raises:
        subprocess.CalledProcessError: the child failed; its message was printed.
    """
    folder = prepare(case)
    path, key = folder / f"reference_{stage}.json", key_of(folder)
    kept = None if fresh else read_result(path, key)
    if kept is not None:
        return kept
    here = [sys.executable, "-m", "tests.benchmarks.processing", "reference-stage", case.name, stage]
    child = subprocess.run(here, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(child.stdout.splitlines()[-1]) | {"key": key}
    write_result(path, result)
    print(f"{case.name} {stage}: {json.dumps({k: v for k, v in result.items() if k != 'key'})}", flush=True)
    return result


def compute_stage_here(name: str, stage: str) -> None:
    """The child's side: run the stage and print its cost as the last line."""
    result = STAGES[stage](reference_folder() / name)
    print(json.dumps(result))


def compute_all(only: str | None = None, stage: str | None = None, fresh: bool = False) -> None:
    """All cases and stages, or those chosen; `one_forward` (on heads) only when it is asked for."""
    for case in CASES:
        if only in (None, case.name):
            for each in STAGES_OF[case.kind]:
                if stage in (None, each):
                    compute(case, each, fresh)
            if stage == "one_forward" and case.kind == "head":
                compute(case, stage, fresh)
