"""From trained networks to a model folder: weights, card, attribution."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import torch
from safetensors.torch import save

from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.evaluation.bootstrap import Estimate
from vb_desktop.pipeline.evaluation.evaluate_localization import CaseResult
from vb_desktop.pipeline.evaluation.group_table import false_positive_slices, groups_of, summary
from vb_desktop.pipeline.model_card import (
    Architecture,
    DetectorCard,
    GridCard,
    Metric,
    ModelCard,
    TrainingData,
    Weights,
)
from vb_desktop.pipeline.models import CARD
from vb_desktop.pipeline.training.localizer.detector_recipe import DetectorRecipe
from vb_desktop.pipeline.training.localizer.grid_case import GridCase
from vb_desktop.pipeline.training.localizer.pool_store import cases_hash
from vb_desktop.pipeline.tumor_localizer.detector_grid import AFFINE, SHAPE, STEP_MM
from vb_desktop.pipeline.tumor_localizer.detector_network import SliceNet

LICENCE_FILE = "ATTRIBUTION.txt"
OUT_OF_FOLD = "out of fold: boxes of a network, with settings, that have not seen the patient"
RULES = "the rule-based detector on the same cases"
_FIGURES = (
    "3D hit",
    "slice sensitivity",
    "slice specificity",
    "box IoU, slices with box",
    "box IoU, all tumour slices",
    "refined recall",
    "refined precision",
    "refined dice",
    "volume error, share",
    "long diameter error, mm",
    "perpendicular diameter error, mm",
)


def write_detector(
    folder: Path,
    networks: Sequence[SliceNet],
    *,
    settings: DetectorCard,
    recipe: DetectorRecipe,
    real: Sequence[GridCase],
    folds: Sequence[Sequence[str]],
    losses: Sequence[Sequence[float]],
    metrics: Sequence[Metric] = (),
    attribution: str = "",
    version: str = "1",
    known_limits: Sequence[str] = (),
) -> ModelCard:
    """Write `weights.safetensors` in half precision, `model.json` and the attribution.

    Args:
        folder: of the model; made where it is missing.
        networks: trained, already rounded to half precision.
        settings: threshold and calibration.
        recipe: of the training.
        real: the patients' cases.
        folds: names that each network has not seen.
        losses: of each network, by epoch.
        metrics: figures for the card.
        attribution: whose data it was trained on, under which licence.
        version: of the model.
        known_limits: what was seen to go wrong.
    """
    tensors = torch.nn.ModuleList(networks).state_dict()
    half = {key: value.half() if value.is_floating_point() else value for key, value in tensors.items()}
    data = save({key: value.contiguous() for key, value in half.items()})
    card = ModelCard(
        name=folder.name,
        kind="localizer",
        version=version,
        description=f"Slice detector of the tumour core on T1-CE: {len(networks)} 2.5D U-Nets whose probabilities are "
        "averaged, each trained without another sixth of the patients. Not a vision-language model.",
        intended_use="Proposing boxes of an intracranial tumour on T1-CE for a reader to see and correct. Research use "
        "only, not a substitute for biopsy.",
        synthetic=False,
        classes=("tumour core",),
        architecture=Architecture(backbone="slice-net", backbone_options=recipe.network),
        input_grid=GridCard(shape=SHAPE, spacing_mm=STEP_MM, origin_mm=tuple(AFFINE[:3, 3].tolist())),
        training_data=TrainingData(
            description=f"{len(real)} patients with glioma and expert segmentation (tumour core = labels 1 + 4), and "
            f"{recipe.synthetic} synthetic cases: real lesions moved into other patients' brains, drawn lesions in "
            "patients' brains whose tumour was replaced by mirrored tissue, and in brains drawn from MNI152.",
            cases=len(real),
            per_class={
                "enhancing": sum(case.enhancing for case in real),
                "hardly enhancing": sum(not case.enhancing for case in real),
            },
            sha256=cases_hash(real),
            case_sha256={case.name: case.sha256 for case in real},
            licence="see the licence file",
        ),
        recipe=recipe.plain()
        | {
            "held_out": [list(names) for names in folds],
            "loss_per_epoch": [[round(x, 4) for x in one] for one in losses],
        },
        deviations=["The paper marks boxes with Qwen3-VL; this detector is no language model and ignores the prompt."],
        metrics=list(metrics),
        known_limits=list(known_limits),
        detector=settings,
        licence="Apache-2.0 for the weights as far as the data's licences allow; data: see the licence file",
        licence_file=LICENCE_FILE if attribution else None,
        weights=Weights(
            sha256=hashlib.sha256(data).hexdigest(),
            dtype="float16",
            parameters=sum(p.numel() for network in networks for p in network.parameters()),
        ),
        created=datetime.now(UTC).replace(microsecond=0),
    )
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_path(folder / card.weights.file) as temporary:
        temporary.write_bytes(data)
    if attribution:
        write_text(folder / LICENCE_FILE, attribution)
    write_text(folder / CARD, card.model_dump_json(indent=2, by_alias=True) + "\n")
    return card


def round_to_half(network: SliceNet) -> SliceNet:
    """Round the weights in place, so that what is measured is what ships."""
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(tensor.half().float())
    return network


def card_metrics(results: Sequence[CaseResult], data: str) -> list[Metric]:
    """The main figures of an evaluation for the card, by group."""
    found = []
    for group, figures in summary(results).items():
        for name in _FIGURES:
            e: Estimate = figures[name]
            if e.value is not None:
                found.append(Metric(name=f"{group}: {name}", value=e.value, n=e.n, low=e.low, high=e.high, data=data))
    for group, counted in false_positive_slices(results).items():
        if group in groups_of(results) and counted["share"] is not None and "hit" not in group:
            n = int(counted["free"] or 0)
            found.append(Metric(name=f"{group}: tumour-free slices with a box", value=counted["share"], n=n, data=data))
    return found


def metrics_of_file(path: Path) -> list[Metric]:
    """The main figures of another localiser, for the card to show beside its own.

    Args:
        path: what `evaluate localization --out` wrote.

    Raises:
        UnreadableScan: it is no such file.
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        vlm = read["config"]["vlm"]
        name = " ".join(part for part in (vlm["backend"], Path(vlm["model"]).name) if part)
        found = []
        for group, figures in read["groups"].items():
            for figure in (figure for figure in _FIGURES if figure in figures):
                e = figures[figure]
                data = f"{name} on {len(read['cases'])} of the cases"
                found.append(
                    Metric(
                        name=f"{group}: {figure}", value=e["value"], n=e["n"], low=e["low"], high=e["high"], data=data
                    )
                )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableScan("evaluation.figures", file=path.name, cause=type(error).__name__) from error
    return found


def limits_seen(results: Sequence[CaseResult]) -> list[str]:
    """What went wrong in an evaluation, as sentences for the card: tumours that were not found or missed."""
    limits = []
    for told, members in (
        ("No box at all", [r for r in results if r.group != "control" and not r.boxes]),
        ("Boxes that are not at the tumour", [r for r in results if r.hit is False and r.boxes]),
    ):
        if members:
            which = ", ".join(f"{r.name} ({r.group})" for r in members)
            limits.append(f"{told}, out of fold, on {len(members)} of {len(results)} cases: {which}.")
    return limits
