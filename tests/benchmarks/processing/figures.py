"""What was measured, gathered: the costs of both recipes and the quality figures of every case."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from statistics import fmean, median
from typing import Any

from tests.benchmarks.processing.cases import BenchmarkCase
from tests.benchmarks.processing.quality import head_quality, tumour_quality
from tests.benchmarks.processing.reference import key_of
from tests.benchmarks.processing.reference_stages import STAGES_OF
from tests.benchmarks.processing.store import read_result, reference_folder, write_result

MODES = {"default": "the program's default", "float32": "HD-BET in float32"}
FIGURES = 2
"""Raised when what `quality` computes changes, so that kept figures are not taken for it."""
STAGES = ("skull_stripping", "bias_field", "registration", "resampling")


@dataclass(frozen=True, slots=True)
class OursFigures:
    """The program's recipe on one case in one mode.

    Attributes:
        costs: stage -> median wall and CPU seconds of the runs, and the load.
        identical: name of a result -> whether all runs gave the same bits.
        peak_mb: largest memory of a process.
        chain_peak_mb: of a process that took a head through all the stages; None where it was not run.
        runs: how many.
    """

    costs: dict[str, dict[str, Any]]
    identical: dict[str, bool]
    peak_mb: float
    chain_peak_mb: float | None
    runs: int


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """All about one case.

    Attributes:
        kind: "head" or "tumour".
        reference: stage -> wall and CPU seconds, and the load.
        ours: mode -> figures.
        quality: mode -> quality figures.
    """

    kind: str
    reference: dict[str, dict[str, Any]]
    ours: dict[str, OursFigures]
    quality: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class StageMean:
    """Mean wall and CPU seconds of both recipes over `cases` cases."""

    cases: int
    reference: dict[str, float]
    ours: dict[str, float]


def figures_of(case: BenchmarkCase) -> CaseFigures | None:
    """What is kept of a case; None while a stage of the reference or of ours is missing."""
    folder = reference_folder() / case.name
    if not (folder / "input.nii.gz").is_file():
        return None
    key = key_of(folder)
    reference = {stage: read_result(folder / f"reference_{stage}.json", key) for stage in STAGES_OF[case.kind]}
    ours = {mode: figures for mode in MODES if (figures := _ours(case, mode)) is not None}
    if "default" not in ours or any(result is None for result in reference.values()):
        return None
    found = {stage: result for stage, result in reference.items() if result is not None}
    quality = {mode: _quality(case, mode, key) for mode in ours}
    return CaseFigures(case.kind, found, ours, quality)


def stage_means(figures: dict[str, CaseFigures], mode: str) -> dict[str, StageMean]:
    """Stage -> means over the cases on which both recipes were measured; empty where the mode was not measured."""
    means: dict[str, StageMean] = {}
    if not any(mode in case.ours for case in figures.values()):
        return means
    for stage in STAGES:
        pairs = []
        for case in figures.values():
            ours = case.ours.get(mode) or (case.ours["default"] if case.kind == "tumour" else None)
            if ours is not None and stage in case.reference:
                pairs.append((case.reference[stage], ours.costs[stage]))
        if pairs:
            sides = ({key: fmean(pair[side][key] for pair in pairs) for key in ("wall", "cpu")} for side in (0, 1))
            means[stage] = StageMean(len(pairs), *sides)
    return means


def total_ratio(means: dict[str, StageMean]) -> StageMean:
    """The sum of the stages' means."""
    sums = (
        {key: sum(getattr(mean, side)[key] for mean in means.values()) for key in ("wall", "cpu")}
        for side in ("reference", "ours")
    )
    return StageMean(0, *sums)


def _quality(case: BenchmarkCase, mode: str, key: dict[str, Any]) -> dict[str, Any]:
    """Computed once for the results that are kept."""
    folder = reference_folder() / case.name
    made = [*folder.glob("reference_*.json"), *folder.glob(f"ours_{mode}*.json")]
    key = key | {"figures": FIGURES, "made": {path.name: sha256(path.read_bytes()).hexdigest() for path in made}}
    kept = read_result(folder / f"quality_{mode}.json", key)
    if kept is None:
        kept = head_quality(case, mode) if case.kind == "head" else tumour_quality(case, mode)
        write_result(folder / f"quality_{mode}.json", kept | {"key": key})
    return kept


def _ours(case: BenchmarkCase, mode: str) -> OursFigures | None:
    folder = reference_folder() / case.name
    result = read_result(folder / f"ours_{mode}.json")
    if result is None:
        return None
    costs = {stage: _median([run[stage] for run in result["runs"]]) for stage in result["runs"][0]}
    chain = read_result(folder / f"ours_{mode}_chain.json")
    chain_peak = None if chain is None else chain["peak_mb"]
    return OursFigures(costs, result["identical"], result["peak_mb"], chain_peak, len(result["runs"]))


def _median(costs: list[dict[str, Any]]) -> dict[str, Any]:
    loads = [load for cost in costs for load in cost["load"]]
    return {key: median(cost[key] for cost in costs) for key in ("wall", "cpu")} | {"load": (min(loads), max(loads))}
