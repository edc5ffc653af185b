"""Measure the program's default recipe on the cases whose reference input is there."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from typing import Any

from tests.benchmarks.processing.cases import CASES, BenchmarkCase
from tests.benchmarks.processing.reference import prepare
from tests.benchmarks.processing.store import reference_folder, versions, write_result

REPEATS = (2, 1)
"""Runs in each of the processes: the same result within a process and from process to process."""


def measure(case: BenchmarkCase, mode: str, repeats: tuple[int, ...] = REPEATS) -> dict[str, Any]:
    """One case in one mode: cost of each run, whether all runs gave the same bits, largest memory."""
    prepare(case)
    runs: list[dict[str, Any]] = []
    hashes: list[dict[str, str]] = []
    peak = 0.0
    for count in repeats:
        child = _child("ours-runs", case.name, mode, str(count))
        runs += child["runs"]
        hashes += child["hashes"]
        peak = max(peak, child["peak_mb"])
    same = {name: len({made[name] for made in hashes}) == 1 for name in hashes[0]}
    result = {
        "runs": runs,
        "identical": same,
        "hashes": hashes[0],
        "peak_mb": peak,
        "when": datetime.now().isoformat(timespec="minutes"),
        "versions": versions(),
    }
    write_result(reference_folder() / case.name / f"ours_{mode}.json", result)
    return result


def measure_all(only: str | None = None, mode: str | None = None, chains: bool = True) -> None:
    """All cases in all modes, or those chosen; heads also once through all the stages."""
    from tests.benchmarks.processing.ours_stages import modes

    for case in CASES:
        if only not in (None, case.name):
            continue
        if case.kind == "tumour":
            _said(case, "default", measure(case, "default"))  # HD-BET is not used: there is one mode
            continue
        for each in modes():
            if mode in (None, each):
                _said(case, each, measure(case, each))
        if chains:
            chain = _child("ours-chain", case.name, "default")
            write_result(reference_folder() / case.name / "ours_default_chain.json", chain)
            _said(case, "all stages", chain)


def _child(*words: str) -> dict[str, Any]:
    here = [sys.executable, "-m", "tests.benchmarks.processing", *words]
    child = subprocess.run(here, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return result


def _said(case: BenchmarkCase, mode: str, result: dict[str, Any]) -> None:
    for stage in result["runs"][0]:
        costs = [run[stage] for run in result["runs"]]
        walls, cpus = ([round(cost[key], 2) for cost in costs] for key in ("wall", "cpu"))
        print(f"{case.name} {mode} {stage}: wall {walls}, CPU {cpus}, load {costs[-1]['load']}", flush=True)
    print(f"{case.name} {mode}: peak {result['peak_mb']:.0f} MB, identical {result.get('identical')}", flush=True)
