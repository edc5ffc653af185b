"""One Markdown report of an experiment: the paper's figures beside ours, tests, figures, how it was done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.evaluation.bootstrap import Estimate
from vb_desktop.pipeline.experiment.figures import CLASS_NAMES, draw_ablation, draw_backbones, draw_confusion
from vb_desktop.pipeline.experiment.paired_tests import PERMUTATIONS
from vb_desktop.pipeline.experiment.tables import RowFigures, Table
from vb_desktop.pipeline.experiment.units import Experiment
from vb_desktop.pipeline.training.diagnoser.classification_metrics import SCORES, interval
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

Array = npt.NDArray[Any]
TITLES = {"ablation": "Ablation (Table 2)", "backbones": "Backbones (Table 3, and ConvNeXt3D)"}


def write_report(
    experiment: Experiment, table: Table, data: TrainingSet, folder: Path, *, prepared_in: str = ""
) -> Path:
    """Draw the figures and write `<kind>.md` beside them.

    Args:
        experiment: what was asked for.
        table: what came out.
        data: the cases.
        folder: to write into.
        prepared_in: how long the preparation took, in words; it is not part of the trainings' times.
    """
    note = _note(table, data)
    if experiment.kind == "ablation":
        draw_ablation(table, experiment.rows, folder, note)
        full = table.rows[-1]
        draw_confusion(full, f"{_title(experiment, full.key)}", folder, note)
    else:
        draw_backbones(table, experiment.rows, folder, note)
    parts = [
        f"# {TITLES[experiment.kind]}",
        _head(experiment, table, data),
        _score_table(experiment, table),
        *([_per_seed(table)] if len(table.seeds) > 1 else []),
        _tests(experiment, table),
        *_by_prior(table, data),
        *([_confusion(experiment, table.rows[-1])] if experiment.kind == "ablation" else []),
        _figures(experiment),
        _how(experiment, table, data, prepared_in),
    ]
    path = folder / f"{experiment.kind}.md"
    write_text(path, "\n\n".join(parts) + "\n")
    return path


def _title(experiment: Experiment, key: str) -> str:
    row = next(row for row in experiment.rows if row.key == key)
    return row.title.format(localiser=experiment.localiser)


def _note(table: Table, data: TrainingSet) -> str:
    kind = "synthetic cohort, not patients" if data.synthetic else "patients"
    return f"{kind}; n = {table.cases}; {len(table.seeds)} seeds; bars: 95 % interval over cases"


def _head(experiment: Experiment, table: Table, data: TrainingSet) -> str:
    what = "a **synthetic cohort** (drawn by a program, no patients)" if data.synthetic else "patients"
    counts = ", ".join(f"{n} {CLASS_NAMES[name]}" for name, n in data.per_class.items())
    lines = [
        f"Data: {what}, n = {len(data)} cases of {len(set(data.patients))} patients: {counts}. Stratified "
        f"{experiment.folds}-fold cross-validation by patient, the same folds for all rows and seeds; each case is "
        f"held out once a seed. Seeds: {', '.join(map(str, table.seeds)) or 'none complete'}. Preset "
        f"`{experiment.preset}`. Boxes: {experiment.localiser}.",
        "The paper's figures are of 249 patients (ICT-MRI) and another localiser: they stand beside ours for the "
        "order of the rows, not to be compared by value."
        if data.synthetic
        else "The paper's figures are of 249 patients (ICT-MRI).",
    ]
    if table.missing:
        lines.append(f"**Not complete**: {table.missing} of {len(experiment.units)} trainings are missing.")
    empty = {kind: int(data.without_prior(kind).sum()) for kind in ("coarse", "refined")}
    lines.append(
        f"Cases in which nothing was localised: {empty['refined']} of {len(data)}; in the rows with a prior they are "
        "learned and answered with the whole brain as the prior, and count as any other case. (The window would give "
        "such a case no diagnosis unless asked to.)"
    )
    if experiment.kind == "backbones":
        lines.append(
            "Every backbone has the same epochs, grid, augmentation and optimiser, and a size that this budget allows: "
            "equal budget, not a ranking of architectures."
        )
    return "\n\n".join(lines)


def _score_table(experiment: Experiment, table: Table) -> str:
    names = SCORES if experiment.kind == "ablation" else ("accuracy", "F1", "precision", "recall", "average score")
    rows = [
        f"| row | {' | '.join(names)} | parameters | s a training |",
        "|---|" + "---|" * (len(names) + 2),
    ]
    for row in table.rows:
        figures = " | ".join(_percent(row.scores[name]) for name in names)
        rows.append(f"| {_title(experiment, row.key)} | {figures} | {row.parameters:,} | {row.seconds:.0f} |")
        paper = next(r for r in experiment.rows if r.key == row.key).paper
        if len(paper) >= 4:
            paper = paper | {"average score": sum(paper.values()) / len(paper)}
        if paper:
            told = " | ".join(f"{paper[name]:.2f}" if name in paper else "" for name in names)
            rows.append(f"| *the paper, on patients* | {told} | | |")
    text = (
        "Percent, with the 95 % interval over resampled cases; precision, recall and F1 are means over the classes; "
        "means over the seeds. Average score: the mean of precision, recall, F1 and accuracy (our reading of the "
        "paper's average score)."
    )
    return f"## Figures\n\n{text}\n\n" + "\n".join(rows)


def _per_seed(table: Table) -> str:
    rows = [
        f"| row | {' | '.join(f'seed {seed}' for seed in table.seeds)} | range | folds, mean over seeds |",
        "|---|" + "---|" * (len(table.seeds) + 2),
    ]
    for row in table.rows:
        each = [100 * found["accuracy"] for found in row.of_seed]
        folds = " ".join(f"{100 * value:.1f}" for value in row.of_fold)
        told = " | ".join(f"{value:.1f}" for value in each)
        rows.append(f"| {row.key} | {told} | {max(each) - min(each):.1f} | {folds} |")
    return "## Accuracy by seed and by fold, %\n\n" + "\n".join(rows)


def _tests(experiment: Experiment, table: Table) -> str:
    if not table.comparisons:
        return "## Paired tests\n\nFewer than two rows are complete."
    rows = [
        "| rows | difference in accuracy, points | by seed | p, permutation | p, Holm | p, McNemar, by seed |",
        "|---|---|---|---|---|---|",
    ]
    for found in table.comparisons:
        rows.append(
            f"| {found.b} minus {found.a} | {100 * found.difference:+.1f} ({100 * found.low:+.1f} to "
            f"{100 * found.high:+.1f}) | {' '.join(f'{100 * value:+.1f}' for value in found.by_seed)} | "
            f"{_p(found.p_permutation)} | {_p(found.p_adjusted)} | {' '.join(_p(p) for p in found.p_mcnemar)} |"
        )
    text = (
        f"On the same cases. Permutation: the sign of each case's difference, averaged over the seeds, is flipped at "
        f"random, {PERMUTATIONS:,} times, two-sided; Holm's correction over the lines of this table. McNemar's test "
        "is exact, one a seed. The interval is over resampled cases."
    )
    return f"## Paired tests\n\n{text}\n\n" + "\n".join(rows)


def _by_prior(table: Table, data: TrainingSet) -> list[str]:
    """Accuracy where something was localised and where not; nothing to say where all or none were."""
    empty = data.without_prior("refined")
    if empty.all() or not empty.any():
        return []
    counts = [
        f"{name} {int((~empty & (data.labels == k)).sum())} of {n}"
        for k, (name, n) in enumerate(data.per_class.items())
    ]
    rows = [
        f"| row | localised, n = {int((~empty).sum())} | not localised, n = {int(empty.sum())} |",
        "|---|---|---|",
    ]
    for row in table.rows:
        parts = [_percent(_mean_of(row.right[:, chosen])) for chosen in (~empty, empty)]
        rows.append(f"| {row.key} | {parts[0]} | {parts[1]} |")
    text = (
        f"The boxes find something in {', '.join(counts)}. The same split for all rows, so that the first row shows "
        "how hard the two groups are without any prior; the classes are not alike in both."
    )
    return ["## Accuracy where something was localised, and where not, %\n\n" + text + "\n\n" + "\n".join(rows)]


def _mean_of(right: Array) -> Estimate:
    return interval(lambda drawn: float(right[:, drawn].mean()), right.shape[1])


def _confusion(experiment: Experiment, row: RowFigures) -> str:
    rows = [
        f"| true \\ told | {' | '.join(CLASS_NAMES[name] for name in CLASSES)} |",
        "|---|" + "---|" * len(CLASSES),
    ]
    for i, name in enumerate(CLASSES):
        rows.append(f"| {CLASS_NAMES[name]} | {' | '.join(f'{100 * share:.1f}' for share in row.confusion[i])} |")
    return f"## Normalised confusion matrix, %: {_title(experiment, row.key)}\n\n" + "\n".join(rows)


def _figures(experiment: Experiment) -> str:
    if experiment.kind == "ablation":
        return (
            "## Figure 7\n\n"
            "(a) The five scores of each row: ![Figure 7 a](figure-7a-ablation.png) ([PDF](figure-7a-ablation.pdf))\n\n"
            "(c) Normalised confusion matrix of the full model: ![Figure 7 c](figure-7c-confusion.png) "
            "([PDF](figure-7c-confusion.pdf))\n\nFigure 7 (b), the backbones, comes from `experiment backbones`."
        )
    return (
        "## Figure 7\n\n(b) Accuracy of each backbone; the diamonds are the paper's, on patients: "
        "![Figure 7 b](figure-7b-backbones.png) ([PDF](figure-7b-backbones.pdf))"
    )


def _how(experiment: Experiment, table: Table, data: TrainingSet, prepared_in: str) -> str:
    base = experiment.base
    changes = "\n".join(f"- {line}" for line in base.deviations()) or "- none"
    shape, spacing = " x ".join(map(str, data.grid.shape)), f"{data.grid.spacing_mm:g}"
    rows = "\n".join(f"- {row.key}: {_changes(row.changes)}" for row in experiment.rows)
    precision = ", ".join(sorted({row.precision for row in table.rows}))
    times = f"All trainings of this report took {table.hours:.1f} hours of one process each at a time"
    prepared = f"; preparing the cases (not in it): {prepared_in}" if prepared_in else ""
    return (
        "## How it was done\n\n"
        f"Input: the whole brain on {shape} voxels of {spacing} mm (never cropped around the prior). Precision of the "
        f"trainings: {precision}; answers: float32. The network of the last epoch is the one that is measured; nothing "
        "is chosen on held-out cases. Where METHOD says nothing, rows without MCA weigh the volume by the prior.\n\n"
        f"Where the recipe leaves the paper's:\n\n{changes}\n\nRows:\n\n{rows}\n\n{times}{prepared}.\n\n"
        f"Cases: sha256 {data.sha256}\n\nTo repeat it: see docs/training.md."
    )


def _changes(changes: dict[str, object]) -> str:
    return ", ".join(f"{key}={value}" for key, value in changes.items())


def _percent(found: Estimate) -> str:
    if found.value is None or found.low is None or found.high is None:
        return "-"
    return f"{100 * found.value:.1f} ({100 * found.low:.1f}-{100 * found.high:.1f})"


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def summary_lines(experiment: Experiment, table: Table) -> Sequence[str]:
    """A line a row, for the terminal."""
    return [
        f"{row.key:<12} accuracy {_percent(row.scores['accuracy'])}, F1 {_percent(row.scores['F1'])}, "
        f"n = {table.cases}, {len(table.seeds)} seeds"
        for row in table.rows
    ]
