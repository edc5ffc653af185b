"""The real Qwen3-VL classes, end to end: in this process and through a real server, with boxes that are right."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from vb_desktop.pipeline.case import Array, Box, ProcessedScan
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer

PROMPT = {"vlm.prompt": "small_v1", "vlm.dtype": "float32", "vlm.max_tokens": 48}


@pytest.fixture(autouse=True)
def offline_and_own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # read from the environment at import
    monkeypatch.setattr("vb_desktop.pipeline.tumor_localizer.answer_cache.cache_folder", lambda: tmp_path)


def mean_overlap(boxes: tuple[Box, ...], tumour: Array, looked_at: set[int]) -> float:
    """Mean over the slices with at least 50 mm2 of tumour that were looked at: boxes against the tumour's own box."""
    overlaps = []
    for k in looked_at:
        i, j = np.nonzero(tumour[:, :, k])
        if len(i) < 50:
            continue
        truth, found = np.zeros(tumour.shape[:2], bool), np.zeros(tumour.shape[:2], bool)
        truth[i.min() : i.max() + 1, j.min() : j.max() + 1] = True
        for box in boxes:
            if box.k == k:
                found[box.i0 : box.i1, box.j0 : box.j1] = True
        overlaps.append(np.count_nonzero(truth & found) / np.count_nonzero(truth | found))
    assert len(overlaps) >= 5
    return float(np.mean(overlaps))


@pytest.mark.slow
def test_a_whole_case_in_this_process(checkpoint: Path, unseen_case: tuple[ProcessedScan, Array]) -> None:
    scan, tumour = unseen_case
    config = Config.load(None, {"vlm.backend": "qwen3-vl", "vlm.model": str(checkpoint), "vlm.batch": 16, **PROMPT})
    located = TumorLocalizer(config)(scan)
    assert {box.source for box in located.boxes} == {"qwen3-vl"}
    with_tumour = {int(k) for k in np.flatnonzero(tumour.any(axis=(0, 1)))}
    assert mean_overlap(located.boxes, tumour, with_tumour) > 0.5
    assert located.refined_prior is not None
    region = located.refined_prior.volume.voxels > 0.5
    assert (region & tumour).sum() > 0.6 * tumour.sum()


@pytest.mark.slow
def test_a_whole_case_through_transformers_serve(
    served: str, checkpoint: Path, unseen_case: tuple[ProcessedScan, Array]
) -> None:
    scan, tumour = unseen_case
    server = {"vlm.backend": "openai", "vlm.url": served, "vlm.model": str(checkpoint), "vlm.parallel": 2}
    located = TumorLocalizer(Config.load(None, {**server, **PROMPT}))(scan)
    assert {box.source for box in located.boxes} == {"openai"}
    with_tumour = {int(k) for k in np.flatnonzero(tumour.any(axis=(0, 1)))}
    assert mean_overlap(located.boxes, tumour, with_tumour) > 0.5


def test_the_card_says_what_was_measured(checkpoint: Path) -> None:
    card = json.loads((checkpoint / "model.json").read_text(encoding="utf-8"))
    assert card["metrics"]["held_synthetic"]["iou"] > 0.5 and card["metrics"]["held_synthetic"]["n"] >= 100
    assert card["metrics"]["held_real"]["n"] >= 100
    assert "CC BY" in card["data"] and "not a finder of tumours" in card["intended"]
    weights = checkpoint / "model.safetensors"
    assert weights.stat().st_size <= 20 * 2**20
