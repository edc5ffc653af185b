from pathlib import Path

import numpy as np
import pytest
from tiny_model import TINY_GRID, processed_phantom

from vb_desktop.pipeline.adaptive_diagnoser.adaptive_diagnoser import AdaptiveDiagnoser
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.models import find_model
from vb_desktop.pipeline.training.recipe import PRESETS
from vb_desktop.pipeline.training.synthetic_cohort import SyntheticCohort
from vb_desktop.pipeline.training.train_diagnoser import train_diagnoser
from vb_desktop.pipeline.training.training_cases import keep_cases


def test_a_trained_model_can_be_used_and_its_card_tells_all(tmp_path: Path) -> None:
    work = tmp_path / "work"
    card = train_diagnoser(tmp_path / "diagnoser", recipe=PRESETS["smoke"], cases=(8, 8, 8), work=work, grid=TINY_GRID)
    model = find_model(str(tmp_path / "diagnoser"))
    assert model.card == card
    scan, prior = processed_phantom()
    found = AdaptiveDiagnoser(Config(), model=model)(scan, prior)
    assert found.ood["state"] in ("in", "out") and found.ood["threshold"] == card.out_of_distribution.threshold

    assert card.synthetic and "not for clinical use" in card.description
    assert card.training_data.cases == 8 and card.training_data.per_class == dict.fromkeys(CLASSES, 2)
    assert card.training_data.sha256 == keep_cases(SyntheticCohort(8, 0, TINY_GRID)).sha256
    assert len(card.recipe["loss_per_epoch"]) == 2
    for metric in card.metrics:
        assert metric.n > 0 and metric.low <= metric.value <= metric.high and "not patients" in metric.data

    before = (tmp_path / "diagnoser" / "weights.safetensors").read_bytes()
    again = train_diagnoser(tmp_path / "diagnoser", recipe=PRESETS["smoke"], cases=(8, 8, 8), work=work, grid=TINY_GRID)
    assert (tmp_path / "diagnoser" / "weights.safetensors").read_bytes() == before
    assert again.metrics == card.metrics


def test_a_cohort_is_kept_and_drawn_anew_when_another_is_asked_for(tmp_path: Path) -> None:
    first = keep_cases(SyntheticCohort(4, 1, TINY_GRID), tmp_path)
    written = (tmp_path / "images.npy").stat().st_mtime_ns
    kept = keep_cases(SyntheticCohort(4, 1, TINY_GRID), tmp_path)
    assert (tmp_path / "images.npy").stat().st_mtime_ns == written
    assert kept.sha256 == first.sha256 and np.array_equal(kept.images, first.images)
    assert keep_cases(SyntheticCohort(4, 2, TINY_GRID), tmp_path).sha256 != first.sha256


def test_an_interrupted_drawing_is_not_taken_for_a_cohort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_cases(SyntheticCohort(2, 1, TINY_GRID), tmp_path)

    def killed(self: SyntheticCohort, number: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(SyntheticCohort, "__getitem__", killed)
        with pytest.raises(KeyboardInterrupt):
            keep_cases(SyntheticCohort(2, 5, TINY_GRID), tmp_path)
    assert not (tmp_path / "cohort.json").exists()


def test_a_kept_case_comes_back_nearly_as_drawn() -> None:
    cohort = SyntheticCohort(2, 0, TINY_GRID)
    image, prior, label = keep_cases(cohort).case(1)
    assert label == 1
    assert np.allclose(image, cohort[1].image, atol=0.01) and np.allclose(prior, cohort[1].prior, atol=0.003)
