"""What the installed diagnoser says of real gliomas that it has never seen.

    python -m tests.benchmarks.demonstration_model FOLDER WORK REPORT.md [PREDICTIONS]

FOLDER holds cases with t1ce.nii.gz and seg.nii.gz (all gliomas), WORK keeps processed cases, PREDICTIONS boxes by
networks that have not seen the patient (from `train localizer`); without it the installed detector marks the boxes.
Writes the table of the cases and a summary to REPORT.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from vb_desktop.pipeline.adaptive_diagnoser.adaptive_diagnoser import AdaptiveDiagnoser
from vb_desktop.pipeline.adaptive_diagnoser.calibration import wilson
from vb_desktop.pipeline.case import CLASSES, Diagnosis
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.evaluation.expert_cases import (
    ExpertCase,
    core_of,
    expert_labels,
    find_cases,
    is_enhancing,
    labels_in_template,
    process,
)
from vb_desktop.pipeline.evaluation.metrics import is_hit
from vb_desktop.pipeline.evaluation.predictions import read_prediction
from vb_desktop.pipeline.model_card import ModelCard
from vb_desktop.pipeline.tumor_localizer.slicing import brain_slices
from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer

NAMES = {"glioma": "glioma", "pcnsl": "PCNSL", "germinoma": "germinoma", "other": "other"}


def main() -> None:
    """Ask about every case and write the report."""
    if len(sys.argv) not in (4, 5):
        raise SystemExit(__doc__)
    folder, work, report = (Path(text) for text in sys.argv[1:4])
    predictions = Path(sys.argv[4]) if len(sys.argv) == 5 else None
    config = Config()
    localizer, diagnoser = TumorLocalizer(config), AdaptiveDiagnoser(config)
    rows = []
    for case in find_cases(folder):
        if case.segmentation is None:
            continue
        rows.append(_row(case, config, work, predictions, localizer, diagnoser))
        print(rows[-1][0], flush=True)
    report.write_text(_report(rows, diagnoser.card, predictions is not None), encoding="utf-8")


def _row(
    case: ExpertCase,
    config: Config,
    work: Path,
    predictions: Path | None,
    localizer: TumorLocalizer,
    diagnoser: AdaptiveDiagnoser,
) -> tuple[str, Diagnosis | None]:
    processed = process(case, config, work)
    slices = brain_slices(processed, config.vlm.min_brain_mm2)
    if predictions is None:
        located = localizer(processed)
    else:
        boxes = read_prediction(predictions, case.name, case.sha256, processed.volume.voxels.shape).as_boxes()
        located = localizer.with_boxes(processed, boxes, len(slices))
    native = expert_labels(case)
    kind = "enhancing" if is_enhancing(native.voxels, native.voxel_ml) else "hardly enhancing"
    if located.refined_prior is None:
        return f"| {case.name} | {kind} | nothing localised | no diagnosis | | | |", None
    region = located.refined_prior.volume.voxels > 0.5
    hit = is_hit(region, core_of(labels_in_template(case, processed)), processed.volume.spacing)
    found = diagnoser(processed, located.refined_prior, coarse_prior=located.coarse_prior)
    top = _top(found)
    p = ", ".join(f"{100 * found.probabilities[name]:.0f}" for name in CLASSES)
    ood = f"{found.ood['state']}, {found.ood['score']:.2f} of {found.ood['threshold']:.2f}"
    outside = found.ood.get("outside") or ()
    if outside:
        ood += f"; outside: {', '.join(str(one['id']).removeprefix('measures.') for one in outside)}"
    set90 = ", ".join(NAMES[name] for name in found.set90)
    text = (
        f"| {case.name} | {kind} | {'on the tumour' if hit else 'elsewhere'} | {NAMES[top]} ({p}) | {set90} | {ood} | "
        f"{'abstains' if found.abstain else 'answers'} |"
    )
    return text, found


def _report(rows: list[tuple[str, Diagnosis | None]], card: ModelCard, held_out: bool) -> str:
    return "\n\n".join([*_model(card), *_gliomas(rows, held_out)]) + "\n"


def _model(card: ModelCard) -> list[str]:
    counts = ", ".join(f"{n} {NAMES[name]}" for name, n in card.training_data.per_class.items())
    fitted = []
    if card.calibration is not None:
        fitted = [
            f"Temperature {card.calibration.temperature:.2f}, conformal threshold {card.calibration.quantile90:.3f} "
            "(1 - probability)."
        ]
    if card.out_of_distribution is not None:
        fitted.append(f"Distance limit {card.out_of_distribution.threshold:.2f}.")
    table = ["| figure, synthetic cases out of fold | value | 95 % interval | n |", "|---|---|---|---|"]
    for metric in card.metrics:
        interval = "" if metric.low is None or metric.high is None else f"{metric.low:.3f}-{metric.high:.3f}"
        table.append(f"| {metric.name} | {metric.value:.3f} | {interval} | {metric.n} |")
    return [
        "# The demonstration model",
        f"{card.description} {card.intended_use}",
        f"Weights: {card.weights.parameters:,} numbers, sha256 {card.weights.sha256}. Learned from "
        f"{card.training_data.cases} synthetic cases: {counts}. {' '.join(fitted)} Each figure below is of networks "
        "trained as this one on the other folds; intervals are over resampled cases.",
        "\n".join(table),
        "ECE: 15 bins of equal mass. With so few cases it is not 0 even for a calibrated model: the line on chance "
        "says what is to be expected then.",
    ]


def _gliomas(rows: list[tuple[str, Diagnosis | None]], held_out: bool) -> list[str]:
    told = [found for _, found in rows if found is not None]
    n = len(told)
    right = [_top(found) == "glioma" for found in told]
    covered = sum("glioma" in found.set90 for found in told)
    out = sum(found.ood["state"] == "out" for found in told)
    flagged = sum(bool(found.ood["state"] == "out" or found.ood.get("outside")) for found in told)
    abstains = sum(found.abstain for found in told)
    sure_wrong = sum(not found.abstain and not hit for found, hit in zip(told, right, strict=True))
    boxes = (
        "boxes of a slice detector's networks that have not seen the patient"
        if held_out
        else "boxes of the installed detector, which has learned from these patients"
    )
    table = [
        "| case | tumour | prior | told (glioma, PCNSL, germinoma, other, %) | 90 % set | distance; outside | |",
        "|---|---|---|---|---|---|---|",
        *(text for text, _ in rows),
    ]
    return [
        "## Real gliomas, none of them ever learned from",
        f"{len(rows)} patients of BraTS 2018 and 2021 ({boxes}); all have a glioma. They are supratentorial gliomas of "
        "any place, not the deep tumours that the method was made for, and scans as no synthetic case is. n is small: "
        "no figure here is an estimate of accuracy on patients.",
        "\n".join(
            [
                f"- Told glioma: {sum(right)} of {n}{_interval(sum(right), n)}; glioma in the 90 % set: {covered} of "
                f"{n}{_interval(covered, n)}. (The set promises 90 % only for cases like the synthetic ones.)",
                f"- Outside the training data by the distance of the features: {out} of {n}; by that or by a plain "
                f"measure of the input: {flagged} of {n}.",
                f"- Abstains: {abstains} of {n}; wrong without abstaining: {sure_wrong} of {n}.",
                f"- Nothing localised, so no diagnosis: {len(rows) - n} of {len(rows)}.",
            ]
        ),
        "\n".join(table),
        "To repeat it: `python -m tests.benchmarks.demonstration_model FOLDER WORK REPORT.md PREDICTIONS`.",
    ]


def _top(found: Diagnosis) -> str:
    return max(CLASSES, key=lambda name: found.probabilities[name])


def _interval(hits: int, n: int) -> str:
    low, high = wilson(hits, n)
    return f" (95 % interval {100 * low:.0f}-{100 * high:.0f} %)"


if __name__ == "__main__":
    main()
