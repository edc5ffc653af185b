"""Results of an evaluation by group: means with intervals, as data and as a table for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from vb_desktop.pipeline.evaluation.bootstrap import Estimate, mean_with_interval
from vb_desktop.pipeline.evaluation.evaluate_localization import GROUPS, CaseResult

Figure = Callable[[CaseResult], float | None]


def _overlap(prior: str, part: str) -> Figure:
    def figure(result: CaseResult) -> float | None:
        found = getattr(result, prior)
        return None if found is None else float(getattr(found, part))

    return figure


def _error(name: str) -> Figure:
    def figure(result: CaseResult) -> float | None:
        said, truth = result.measured.get(name, (None, None))
        return None if said is None or truth is None else abs(said - truth)

    return figure


def _relative_volume_error(result: CaseResult) -> float | None:
    said, truth = result.measured.get("volume", (None, None))
    return None if said is None or not truth else abs(said - truth) / truth


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


FIGURES: dict[str, Figure] = {
    "3D hit": lambda r: None if r.hit is None else float(r.hit),
    "slice sensitivity": lambda r: _share(r.slices.found_slices, r.slices.tumour_slices),
    "slice specificity": lambda r: _share(r.slices.free_slices - r.slices.false_slices, r.slices.free_slices),
    "box IoU, slices with box": lambda r: r.slices.iou_common,
    "box IoU, all tumour slices": lambda r: r.slices.iou_all,
    **{
        f"{prior} {part}": _overlap(prior, part)
        for prior in ("coarse", "mlp", "refined")
        for part in ("recall", "precision", "dice")
    },
    "volume error, mL": _error("volume"),
    "volume error, share": _relative_volume_error,
    "long diameter error, mm": _error("diameter_long"),
    "perpendicular diameter error, mm": _error("diameter_perp"),
    "seconds for boxes": lambda r: r.seconds.get("boxes"),
    "seconds for refinement": lambda r: r.seconds.get("refined_prior"),
}
"""What is reported of each group: name -> value of a case, None where it has none."""


def groups_of(results: Sequence[CaseResult]) -> dict[str, list[CaseResult]]:
    """The groups that have cases, and of the tumours those that were hit and all."""
    named: dict[str, list[CaseResult]] = {name: [r for r in results if r.group == name] for name in GROUPS}
    tumours = [r for r in results if r.group != "control"]
    named["all tumours"] = tumours
    for name in ("enhancing", "hardly enhancing", "all tumours"):
        named[f"{name}, hit"] = [r for r in named[name] if r.hit]
    order = ["enhancing", "enhancing, hit", "hardly enhancing", "hardly enhancing, hit", "all tumours"]
    order += ["all tumours, hit", "control"]
    return {name: named[name] for name in order if named[name]}


def summary(results: Sequence[CaseResult]) -> dict[str, dict[str, Estimate]]:
    """Group -> figure -> mean over cases with its 95 % interval."""
    return {
        name: {
            figure: mean_with_interval([value for r in members if (value := of(r)) is not None])
            for figure, of in FIGURES.items()
        }
        for name, members in groups_of(results).items()
    }


def false_positive_slices(results: Sequence[CaseResult]) -> dict[str, dict[str, int | float | None]]:
    """Group -> tumour-free slices, how many of them have a box, and the share (over slices, not over cases)."""
    counted = {}
    for name, members in groups_of(results).items():
        free = sum(r.slices.free_slices for r in members)
        false = sum(r.slices.false_slices for r in members)
        counted[name] = {"free": free, "with_box": false, "share": _share(false, free)}
    return counted


def plain_summary(results: Sequence[CaseResult]) -> dict[str, Any]:
    """For JSON."""
    return {
        "groups": {
            group: {name: asdict(estimate) for name, estimate in figures.items() if estimate.n}
            for group, figures in summary(results).items()
        },
        "false_positive_slices": false_positive_slices(results),
    }


def table(results: Sequence[CaseResult]) -> str:
    """Cases and groups as plain text."""
    lines = [_CASE_HEAD]
    for r in results:
        hit = "-" if r.hit is None else ("yes" if r.hit else "no")
        marks = " seen in training" if r.seen_in_training else ""
        s = r.slices
        lines.append(
            f"{r.name[:24]:24} {r.group:16} {r.boxes:5} {hit:>4} {s.found_slices:>3}/{s.tumour_slices:<3} "
            f"{s.false_slices:>3}/{s.free_slices:<3} {_two(s.iou_common)} {_two(s.iou_all)} "
            f"{_three(r.coarse)} {_three(r.mlp)} {_three(r.refined)} {r.seconds.get('boxes', 0):5.1f}{marks}"
        )
    for group, figures in summary(results).items():
        n = len(groups_of(results)[group])
        lines += ["", f"{group} (n = {n}): mean [95 % interval]"]
        for name, e in figures.items():
            if e.value is not None:
                interval = f" [{e.low:.2f}, {e.high:.2f}]" if e.low is not None and e.high is not None else ""
                few = f"  n = {e.n}" if e.n != n else ""
                lines.append(f"  {name:34} {e.value:.2f}{interval}{few}")
        counted = false_positive_slices(results)[group]
        lines.append(
            f"  {'tumour-free slices with a box':34} {counted['with_box']} of {counted['free']}"
            + (f" ({100 * counted['share']:.1f} %)" if counted["share"] is not None else "")
        )
    return "\n".join(lines)


_CASE_HEAD = (
    f"{'case':24} {'group':16} {'boxes':>5} {'hit':>4} {'found':>7} {'false':>7} {'IoU':>4} {'IoU0':>4} "
    f"{'coarse r/p/d':14} {'MLP r/p/d':14} {'refined r/p/d':14} {'s':>5}"
)


def _two(value: float | None) -> str:
    return "   -" if value is None else f"{value:4.2f}"


def _three(found: Any) -> str:
    return f"{'-':14}" if found is None else f"{found.recall:.2f}/{found.precision:.2f}/{found.dice:.2f}"
