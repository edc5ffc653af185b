"""The paper's Figure 7 from our own figures: (a) ablation, (b) backbones, (c) normalised confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.experiment.rows import Row
from vb_desktop.pipeline.experiment.tables import RowFigures, Table
from vb_desktop.pipeline.training.diagnoser.classification_metrics import SCORES

BLUES = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
GREY = "#8c8c8c"
CLASS_NAMES = {"glioma": "glioma", "pcnsl": "PCNSL", "germinoma": "germinoma", "other": "other"}


def draw_ablation(table: Table, rows: Sequence[Row], folder: Path, note: str) -> list[Path]:
    """Figure 7 (a): the five scores of each row with their 95 % intervals over cases."""
    figure, axes = _figure(9.0, 4.2)
    width = 0.8 / len(table.rows)
    for number, row in enumerate(table.rows):
        places = np.arange(len(SCORES)) + (number - (len(table.rows) - 1) / 2) * width
        heights, errors = _bars([row.scores[name] for name in SCORES])
        axes.bar(
            places,
            heights,
            width * 0.92,
            yerr=errors,
            color=BLUES[number % len(BLUES)],
            edgecolor="#333333",
            linewidth=0.4,
            error_kw={"elinewidth": 0.8, "capsize": 1.5},
            label=_short(_row_of(rows, row.key)),
        )
    axes.set_xticks(range(len(SCORES)), SCORES)
    _percent_axis(axes, min(row.scores[name].low or 0 for row in table.rows for name in SCORES))
    axes.legend(fontsize=7.5, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.1), frameon=False)
    return _save(figure, folder / "figure-7a-ablation", note)


def draw_backbones(table: Table, rows: Sequence[Row], folder: Path, note: str) -> list[Path]:
    """Figure 7 (b): accuracy of each backbone with its 95 % interval; a mark where the paper's figure lies."""
    figure, axes = _figure(7.5, 3.8)
    heights, errors = _bars([row.scores["accuracy"] for row in table.rows])
    axes.bar(
        range(len(table.rows)),
        heights,
        0.62,
        yerr=errors,
        color=BLUES[3],
        edgecolor="#333333",
        linewidth=0.4,
        error_kw={"elinewidth": 0.8, "capsize": 2},
        label="here",
    )
    paper = [_row_of(rows, row.key).paper.get("accuracy") for row in table.rows]
    known = [(n, value) for n, value in enumerate(paper) if value is not None]
    if known:
        axes.plot([n for n, _ in known], [value for _, value in known], "D", color=GREY, markersize=5, label="paper")
    axes.set_xticks(range(len(table.rows)), [_row_of(rows, row.key).title for row in table.rows], fontsize=8.5)
    lows = [row.scores["accuracy"].low or 0 for row in table.rows] + [value / 100 for _, value in known]
    _percent_axis(axes, min(lows))
    axes.set_ylabel("accuracy, %")
    axes.legend(fontsize=8, frameon=False, loc="upper right")
    return _save(figure, folder / "figure-7b-backbones", note)


def draw_confusion(row: RowFigures, title: str, folder: Path, note: str) -> list[Path]:
    """Figure 7 (c): share of the cases of a class that were told to be another, rows sum to 100 %."""
    figure, axes = _figure(4.8, 4.4)
    axes.imshow(row.confusion * 100, cmap="Blues", vmin=0, vmax=100)
    for i in range(len(CLASSES)):
        for j in range(len(CLASSES)):
            share = row.confusion[i, j]
            axes.text(
                j, i, f"{100 * share:.1f}", ha="center", va="center", color="white" if share > 0.55 else "#222222"
            )
    names = [CLASS_NAMES[name] for name in CLASSES]
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("told, % of the true class")
    axes.set_ylabel("true class")
    axes.set_title(title, fontsize=9)
    for side in axes.spines.values():
        side.set_visible(False)
    return _save(figure, folder / "figure-7c-confusion", note)


def _figure(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _bars(found: Sequence[Any]) -> tuple[list[float], list[list[float]]]:
    heights = [100 * one.value for one in found]
    low = [100 * (one.value - one.low) for one in found]
    high = [100 * (one.high - one.value) for one in found]
    return heights, [np.maximum(low, 0).tolist(), np.maximum(high, 0).tolist()]


def _percent_axis(axes: Any, least: float) -> None:
    axes.set_ylim(max(0.0, 10 * np.floor(10 * least - 0.5)), 100)
    axes.yaxis.grid(True, color="#e5e5e5", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylabel("%")


def _row_of(rows: Sequence[Row], key: str) -> Row:
    return next(row for row in rows if row.key == key)


def _short(row: Row) -> str:
    return {"none": "none", "coarse": "coarse", "coarse-mca": "coarse + MCA", "refined": "refined"}.get(
        row.key, "refined + MCA (full)" if row.key == "full" else row.title
    )


def _save(figure: Any, path: Path, note: str) -> list[Path]:
    figure.supxlabel(note, fontsize=6.5, color="#555555")
    path.parent.mkdir(parents=True, exist_ok=True)
    written = []
    for ending in (".png", ".pdf"):
        target = path.with_suffix(ending)
        with atomic_path(target) as temporary:
            options = {"metadata": {"CreationDate": None}} if ending == ".pdf" else {"dpi": 160}
            figure.savefig(temporary, **options)
        written.append(target)
    return written
