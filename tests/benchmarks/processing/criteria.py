"""What the default recipe must reach, and whether it did; the worst case decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.processing.figures import CaseFigures, stage_means, total_ratio

LEAST_RATIO = 15.0
LEAST_MASK_DICE = 0.985
LEAST_OVERLAP = 0.97
LEAST_INFORMATION = 0.9
MOST_TUMOUR_CHANGE = 0.10
MOST_DISPLACEMENT_MM = 2.0
MOST_MEMORY_MB = 4096.0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One demand: its name, what is wanted, what the worst case reached, and whether that is enough."""

    name: str
    wanted: str
    worst: str
    met: bool


def criteria(figures: dict[str, CaseFigures]) -> list[Criterion]:
    """The verdict on the default mode."""
    heads = {name: case for name, case in figures.items() if case.kind == "head"}
    tumours = {name: case.quality["default"] for name, case in figures.items() if case.kind == "tumour"}
    found = list(_speed(figures))
    if heads:
        masks = {name: case.quality["default"]["dice"] for name, case in heads.items()}
        found.append(_least("brain mask against the reference's, Dice", LEAST_MASK_DICE, masks))
        overlaps = {name: case.quality["default"]["template_overlap"] for name, case in heads.items()}
        measured = {name: value for name, value in overlaps.items() if value is not None}
        if measured:
            found.append(_least("brain mask on the template, whole heads, Dice", LEAST_OVERLAP, measured))
    if tumours:
        overlaps = {name: quality["ours"]["overlap"] for name, quality in tumours.items()}
        found.append(_least("brain mask on the template, tumour cases, Dice", LEAST_OVERLAP, overlaps))
        found.extend(_warps(tumours))
    found.append(_memory(figures))
    different = [
        f"{name} ({result})"
        for name, case in figures.items()
        for result, same in case.ours["default"].identical.items()
        if not same
    ]
    wanted = "bit-identical in every run"
    found.append(Criterion("repeatability", wanted, ", ".join(different) or "all the same", not different))
    return found


def _speed(figures: dict[str, CaseFigures]) -> Iterator[Criterion]:
    means = stage_means(figures, "default")
    if len(means) < 4:
        return
    total = total_ratio(means)
    for key, name in (("wall", "by the clock"), ("cpu", "in CPU seconds")):
        ratio = total.reference[key] / total.ours[key]
        yield Criterion(
            f"faster, sum of the stages' means, {name}", f">= {LEAST_RATIO:g}", f"{ratio:.1f}", ratio >= LEAST_RATIO
        )


def _warps(tumours: dict[str, dict[str, Any]]) -> Iterator[Criterion]:
    for key, name in (("information", "without tumour"), ("information_whole", "whole brain")):
        shares = {case: found["ours"][key] / found["reference"][key] for case, found in tumours.items()}
        yield _least(f"mutual information of the reference's, {name}", LEAST_INFORMATION, shares)
    for part in ("core", "whole"):
        changes = {case: abs(found["ours"]["tumour_ratio"][part] - 1) for case, found in tumours.items()}
        name = f"tumour after the warp against the affine's scaling, {part}"
        yield _most(name, MOST_TUMOUR_CHANGE, changes, "change of ")
    folded = {case: float(found["ours"]["folded"]) for case, found in tumours.items()}
    yield _most("folded points in the brain", 0.0, folded)
    apart = {case: found["displacement_mm"]["median"] for case, found in tumours.items()}
    yield _most("median displacement against the reference, mm", MOST_DISPLACEMENT_MM, apart)


def _memory(figures: dict[str, CaseFigures]) -> Criterion:
    peaks = {}
    for name, case in figures.items():
        ours = case.ours["default"]
        peaks[name] = max(ours.peak_mb, ours.chain_peak_mb or 0.0)
    return _most("peak memory, MB", MOST_MEMORY_MB, peaks)


def _least(name: str, limit: float, values: dict[str, float]) -> Criterion:
    return _judged(
        name, f">= {limit:g}", values, [case for case in values if values[case] < limit], min(values.values())
    )


def _most(name: str, limit: float, values: dict[str, float], words: str = "") -> Criterion:
    missing = [case for case in values if values[case] > limit]
    return _judged(name, f"{words}<= {limit:g}", values, missing, max(values.values()))


def _judged(name: str, wanted: str, values: dict[str, float], missing: list[str], worst: float) -> Criterion:
    if missing:
        return Criterion(name, wanted, f"{worst:.4g}; missed by {', '.join(missing)}", False)
    return Criterion(name, wanted, f"{worst:.4g} ({next(case for case in values if values[case] == worst)})", True)
