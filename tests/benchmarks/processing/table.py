"""The benchmark's table: what both recipes cost and gave, stage by stage, and each criterion met or missed."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.benchmarks.processing.cases import CASES, BenchmarkCase
from tests.benchmarks.processing.criteria import Criterion, criteria
from tests.benchmarks.processing.figures import MODES, CaseFigures, figures_of, stage_means, total_ratio
from tests.benchmarks.processing.store import read_result, reference_folder, versions
from vb_desktop.pipeline.atomic import write_text

BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"
NAMES = {
    "skull_stripping": "brain extraction (HD-BET)",
    "bias_field": "bias field (N4)",
    "registration": "registration (SyN)",
    "resampling": "resampling",
}


def write_table(out: Path) -> None:
    """Write the generated part of a document: between its two marks, or the whole file where it has none yet."""
    figures = {case.name: made for case in CASES if (made := figures_of(case)) is not None}
    text = f"{BEGIN}\n{_document(figures)}\n{END}\n"
    old = out.read_text(encoding="utf-8") if out.is_file() else ""
    if BEGIN in old and END in old:
        text = old[: old.index(BEGIN)] + text.rstrip("\n") + old[old.index(END) + len(END) :]
    write_text(out, text)


def _document(figures: dict[str, CaseFigures]) -> str:
    parts = [_machine(), "### Verdict", _verdict(criteria(figures)), "### Sum of the stages' means", _totals(figures)]
    parts += ["### Cost, stage by stage", _costs(figures), "### Brain masks", _heads(figures)]
    parts += ["### Registration", _tumours(figures), "### Memory and repeatability", _repeatability(figures)]
    parts += ["### The whole command, and what subnormal weights cost", _beside()]
    return "\n\n".join(part for part in parts if part)


def _machine() -> str:
    listed = ", ".join(f"{name} {number}" for name, number in versions().items())
    return (
        f"Written {date.today().isoformat()} on {os.cpu_count()} cores ({_processor()}), Python "
        f"{platform.python_version()}, {listed}. No GPU."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    flags = next((line for line in lines if line.startswith("flags")), "")
    units = [name for name in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if f" {name}" in flags]
    return ", ".join([model or platform.processor() or platform.machine(), *units])


def _verdict(found: Sequence[Criterion]) -> str:
    rows = [[each.name, each.wanted, each.worst, "met" if each.met else "**missed**"] for each in found]
    return _table(["criterion", "wanted", "measured (the worst case)", ""], rows)


def _totals(figures: dict[str, CaseFigures]) -> str:
    texts = []
    for mode in MODES:
        means = stage_means(figures, mode)
        if not means:
            continue
        rows = []
        for stage, mean in means.items():
            rows.append([NAMES[stage], str(mean.cases), *_pair(mean.reference, mean.ours)])
        total = total_ratio(means)
        rows.append(["**sum**", "", *_pair(total.reference, total.ours)])
        head = ["stage", "cases", *_pair_head()]
        texts.append(f"Mode: {MODES[mode]}.\n\n" + _table(head, rows))
    return "\n\n".join(texts)


def _costs(figures: dict[str, CaseFigures]) -> str:
    rows = []
    for case in _measured(figures):
        of_case = figures[case.name]
        for mode, ours in of_case.ours.items():
            for stage, cost in ours.costs.items():
                reference = of_case.reference.get(stage)
                if reference is None:
                    continue
                name = NAMES[stage] + ("" if mode == "default" else f", {mode}")
                rows.append([case.name, name, *_pair(reference, cost), _load(reference), _load(cost)])
    notes = "\n".join(f"- {case.name}: {case.note}." for case in _measured(figures))
    head = ["case", "stage", *_pair_head(), "load during the reference", "load during ours"]
    return _table(head, rows) + "\n\n" + notes


def _heads(figures: dict[str, CaseFigures]) -> str:
    rows = []
    for case in _measured(figures, "head"):
        for mode, quality in figures[case.name].quality.items():
            overlap = quality["template_overlap"]
            volumes = [f"{quality[name]:.0f}" for name in ("reference_ml", "ours_ml")]
            rows.append(
                [case.name, mode, f"{quality['dice']:.4f}", *volumes, "" if overlap is None else f"{overlap:.3f}"]
            )
    head = ["case", "mode", "Dice of the masks", "reference mL", "ours mL", "on the template, ours after all stages"]
    return _table(head, rows)


def _tumours(figures: dict[str, CaseFigures]) -> str:
    rows = []
    for case in _measured(figures, "tumour"):
        quality = figures[case.name].quality["default"]
        apart = quality["displacement_mm"]
        for side in ("reference", "ours"):
            found = quality[side]
            tumours = [
                f"{found['tumour_ml'][part]:.1f} ({found['tumour_ratio'][part]:.3f})" for part in ("core", "whole")
            ]
            distance = f"{apart['median']:.2f} / {apart['p95']:.2f}" if side == "ours" else ""
            information = [f"{found['information']:.4f}", f"{found['information_whole']:.4f}"]
            information.append(f"{found['information_of_same']:.4f}")
            folding = f"{found['folded']} ({found['least_jacobian']:.2f})"
            rows.append([case.name, side, f"{found['overlap']:.3f}", *information, *tumours, folding, distance])
    head = [
        "case", "recipe", "brain on the template, Dice", "MI without tumour, nats", "MI whole brain",
        "MI without tumour, both warps on the reference's image",
        "core mL (of its affine's)", "whole tumour mL (of its affine's)", "folded points (least Jacobian)",
        "from the reference, median / p95 mm",
    ]  # fmt: skip
    return _table(head, rows)


def _repeatability(figures: dict[str, CaseFigures]) -> str:
    rows = []
    for case in _measured(figures):
        for mode, ours in figures[case.name].ours.items():
            names = ", ".join(name for name, same in ours.identical.items() if same)
            other = ", ".join(name for name, same in ours.identical.items() if not same)
            chain = "" if ours.chain_peak_mb is None else f"{ours.chain_peak_mb:.0f}"
            rows.append([case.name, mode, f"{ours.peak_mb:.0f}", chain, str(ours.runs), names, other or "none"])
    head = ["case", "mode", "peak MB", "peak MB, all stages", "runs in two processes", "the same bits", "different"]
    return _table(head, rows)


def _beside() -> str:
    texts = []
    for case in CASES:
        command = read_result(reference_folder() / case.name / "command.json")
        if command is not None:
            texts.append(
                f"- `vb-desktop run … --until process` on {case.name}, cold: {command['wall']:.1f} s wall, "
                f"{command['cpu']:.1f} s CPU, {command['peak_mb']:.0f} MB, load {_load(command)}."
            )
        forward = read_result(reference_folder() / case.name / "reference_one_forward.json")
        if forward is not None:
            flushed, kept = forward["flushed"], forward["as_they_are"]
            shape = " x ".join(map(str, forward["shape"]))
            times = [f"{cost['wall']:.1f} s wall, {cost['cpu']:.1f} s CPU" for cost in (flushed, kept)]
            texts.append(
                f"- One forward of the package's first network on {case.name} ({shape} voxels before padding): "
                f"{times[0]} with subnormal numbers flushed to zero, {times[1]} without. The reference has the "
                "advantage of the flush."
            )
    return "\n".join(texts)


def _measured(figures: dict[str, CaseFigures], kind: str | None = None) -> list[BenchmarkCase]:
    return [case for case in CASES if case.name in figures and kind in (None, case.kind)]


def _pair_head() -> list[str]:
    return ["reference wall s", "ours wall s", "ratio", "reference CPU s", "ours CPU s", "ratio"]


def _pair(reference: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    cells = []
    for key in ("wall", "cpu"):
        cells += [f"{reference[key]:.2f}", f"{ours[key]:.2f}", f"{reference[key] / ours[key]:.1f}"]
    return cells


def _load(cost: dict[str, Any]) -> str:
    return "{:.1f}-{:.1f}".format(*sorted(cost["load"]))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
