"""The Tumor-Localizer against an expert's tumour core, case by case and group by group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import numpy as np

from vb_desktop.pipeline.case import Array, Localization, ProcessedScan, Volume
from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.evaluation.expert_cases import (
    ExpertCase,
    core_of,
    expert_labels,
    is_enhancing,
    labels_in_template,
    process,
)
from vb_desktop.pipeline.evaluation.metrics import Overlap, SliceScores, is_hit, overlap, region_of, slice_scores
from vb_desktop.pipeline.evaluation.predictions import read_prediction
from vb_desktop.pipeline.measurement.measure import measure
from vb_desktop.pipeline.tumor_localizer.slicing import brain_slices
from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer

Group = Literal["enhancing", "hardly enhancing", "control"]
GROUPS: tuple[Group, ...] = ("enhancing", "hardly enhancing", "control")


@dataclass(frozen=True, slots=True, eq=False)
class CaseResult:
    """What came out for one case.

    Attributes:
        name: of the case.
        group: enhancing, hardly enhancing, or control (no segmentation).
        sha256: of its image file.
        seen_in_training: the detector in use was trained on this image.
        boxes: how many.
        slices: per slice.
        hit: 3D hit; None for a control.
        coarse: overlap of the coarse prior > 0.5 with the core; None for a control.
        mlp: of the MLP alone > 0.5.
        refined: of the refined prior > 0.5.
        measured: name -> (measured on the refined prior, on the expert's core), native space.
        seconds: boxes, coarse_prior, refined_prior; boxes are absent where they were predicted before.
        located: for the contact sheet.
        core: bool, template space.
        processed: the scan.
    """

    name: str
    group: Group
    sha256: str
    seen_in_training: bool
    boxes: int
    slices: SliceScores
    hit: bool | None
    coarse: Overlap | None
    mlp: Overlap | None
    refined: Overlap | None
    measured: dict[str, tuple[float | None, float | None]]
    seconds: dict[str, float]
    located: Localization = field(repr=False)
    core: Array = field(repr=False)
    processed: ProcessedScan = field(repr=False)


def evaluate_case(
    case: ExpertCase,
    config: Config,
    cache: Path,
    *,
    predictions: Path | None = None,
    seen: Sequence[str] = (),
    localizer: TumorLocalizer | None = None,
) -> CaseResult:
    """Process, localise and score one case.

    Args:
        case: from `find_cases`.
        config: every setting.
        cache: of processed cases.
        predictions: folder with boxes predicted before, instead of asking the backend.
        seen: hashes of the images that the detector was trained on.
        localizer: kept from case to case, so that a model is loaded once.
    """
    processed = process(case, config, cache)
    localizer = localizer or TumorLocalizer(config)
    slices = brain_slices(processed, config.vlm.min_brain_mm2)
    if predictions is not None:
        shape = processed.volume.voxels.shape
        boxes = read_prediction(predictions, case.name, case.sha256, shape).as_boxes()
        located = localizer.with_boxes(processed, boxes, len(slices))
    else:
        located = localizer(processed)

    core = np.zeros(processed.volume.voxels.shape, bool)
    group: Group = "control"
    measured: dict[str, tuple[float | None, float | None]] = {}
    if case.segmentation is not None:
        native = expert_labels(case)
        if native.voxels.shape != processed.native_grid.voxels.shape:
            raise UnreadableScan("evaluation.grid", case=case.name)
        group = "enhancing" if is_enhancing(native.voxels, native.voxel_ml) else "hardly enhancing"
        core = core_of(labels_in_template(case, processed))
        measured = _measured(located, processed, core_of(native.voxels))
    spacing = processed.volume.spacing
    coarse = region_of(located.coarse_prior.volume if located.coarse_prior else None, core)
    mlp = region_of(located.refined_prior.mlp if located.refined_prior else None, core)
    refined = region_of(located.refined_prior.volume if located.refined_prior else None, core)
    known = group != "control"
    return CaseResult(
        name=case.name,
        group=group,
        sha256=case.sha256,
        seen_in_training=predictions is None and case.sha256 in seen,
        boxes=len(located.boxes),
        slices=slice_scores(located.boxes, core, slices, spacing),
        hit=is_hit(refined, core, spacing) if known else None,
        coarse=overlap(coarse, core) if known else None,
        mlp=overlap(mlp, core) if known else None,
        refined=overlap(refined, core) if known else None,
        measured=measured,
        seconds=dict(located.seconds),
        located=located,
        core=core,
        processed=processed,
    )


def evaluate_localization(
    cases: Sequence[ExpertCase],
    config: Config,
    cache: Path,
    *,
    predictions: Path | None = None,
    on_case: Callable[[CaseResult, float], None] = lambda *_: None,
) -> list[CaseResult]:
    """Score every case.

    Args:
        cases: from `find_cases`.
        config: every setting.
        cache: of processed cases.
        predictions: folder with out-of-fold boxes.
        on_case: told each result and how many seconds the case took in all.
    """
    seen = training_hashes(config) if predictions is None else ()
    localizer = TumorLocalizer(config)
    results = []
    for case in cases:
        started = perf_counter()
        result = evaluate_case(case, config, cache, predictions=predictions, seen=seen, localizer=localizer)
        on_case(result, perf_counter() - started)
        results.append(result)
    return results


def training_hashes(config: Config) -> tuple[str, ...]:
    """Hashes of the images that the detector in use has seen, from its card; none for backends of others."""
    if config.vlm.backend != "builtin":
        return ()
    from vb_desktop.pipeline.models import find_model

    return tuple(find_model(config.vlm.detector).card.training_data.case_sha256.values())


def _measured(
    located: Localization, processed: ProcessedScan, core: Array
) -> dict[str, tuple[float | None, float | None]]:
    grid = processed.native_grid
    truth = _values(measure(Volume(core.astype(np.float32), grid.affine), grid, None))
    said: dict[str, float] = {}
    if located.refined_prior is not None:
        said = _values(measure(processed.to_native(located.refined_prior.volume, "linear"), grid, None))
    return {name: (said.get(name), truth.get(name)) for name in ("volume", "diameter_long", "diameter_perp")}


def _values(records: Sequence[MeasurementRecord]) -> dict[str, float]:
    return {record.id: float(record.value) for record in records if isinstance(record.value, int | float)}


def plain(result: CaseResult) -> dict[str, Any]:
    """For JSON."""

    def of(found: Overlap | None) -> dict[str, float] | None:
        return None if found is None else {"recall": found.recall, "precision": found.precision, "dice": found.dice}

    s = result.slices
    return {
        "case": result.name,
        "group": result.group,
        "sha256": result.sha256,
        "seen_in_training": result.seen_in_training,
        "boxes": result.boxes,
        "slices": {
            "tumour": s.tumour_slices,
            "tumour_with_box": s.found_slices,
            "free": s.free_slices,
            "free_with_box": s.false_slices,
            "iou_common": s.iou_common,
            "iou_all": s.iou_all,
        },
        "hit": result.hit,
        "coarse": of(result.coarse),
        "mlp": of(result.mlp),
        "refined": of(result.refined),
        "measured": {name: {"refined_prior": a, "expert": b} for name, (a, b) in result.measured.items()},
        "seconds": {name: round(value, 2) for name, value in result.seconds.items()},
    }
