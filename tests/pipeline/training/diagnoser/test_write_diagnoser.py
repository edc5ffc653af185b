from pathlib import Path

import numpy as np
import pytest
import torch
from easy_cases import RECIPE, easy_set

from vb_desktop.pipeline.adaptive_diagnoser.build_network import load_network
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.errors import ModelRefused, TrainingRefused
from vb_desktop.pipeline.install_model import install_model
from vb_desktop.pipeline.models import CARD, find_model
from vb_desktop.pipeline.training.diagnoser import train_network as lightning_training
from vb_desktop.pipeline.training.diagnoser.hardware import Hardware
from vb_desktop.pipeline.training.diagnoser.train_diagnoser import train_diagnoser

SHORT = RECIPE.changed({"epochs": 1})


def _train(out: Path, work: Path):  # type: ignore[no-untyped-def]
    return train_diagnoser(easy_set(), SHORT, out, work, folds=2, hardware=Hardware(accelerator="cpu"))


def test_a_model_is_measured_out_of_fold_written_and_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, work = tmp_path / "model", tmp_path / "work"
    card = _train(out, work)
    assert card is not None and find_model(str(out)).card == card
    network, further = load_network(find_model(str(out)), "densenet3d")
    assert not network.training and "ood.means" in further
    assert card.synthetic and "not for clinical use" in card.description
    assert card.training_data.cases == 16 and card.training_data.per_class == dict.fromkeys(CLASSES, 4)
    assert card.recipe["folds"] == 2 and card.recipe["cases_of_folds"] == [8, 8]
    named = {metric.name: metric for metric in card.metrics}
    assert {"accuracy", "precision", "recall", "F1"} <= named.keys() and any(name.startswith("ECE") for name in named)
    for metric in card.metrics:
        assert metric.n > 0 and "not patients" in metric.data
        assert metric.low is None or metric.low <= metric.value <= metric.high
    assert card.calibration is not None and card.calibration.cases == 16
    assert card.out_of_distribution is not None and card.out_of_distribution.threshold > 0

    kept = {path.name: path.read_bytes() for path in out.iterdir()}
    again = _train(out, work)
    assert again is not None and again.weights == card.weights and again.metrics == card.metrics

    installed = install_model(out)
    assert installed.folder.name == "diagnoser" and find_model("diagnoser").sha256 == card.weights.sha256

    def broken(*_: object, **__: object) -> object:
        trained = train(*_, **__)  # type: ignore[arg-type]
        with torch.no_grad():
            trained.network.head.linear.weight.fill_(np.nan)
        return trained

    train = lightning_training.train_network
    monkeypatch.setattr(lightning_training, "train_network", broken)
    with pytest.raises(TrainingRefused):
        _train(out, tmp_path / "other-work")
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    assert files[card.weights.file] == kept[card.weights.file] and find_model(str(out)).card == again

    (out / card.weights.file).write_bytes(b"damaged")
    with pytest.raises(ModelRefused):
        install_model(out)
    assert find_model("diagnoser").sha256 == card.weights.sha256 and find_model("diagnoser").weights.is_file()
    (out / CARD).unlink()
    with pytest.raises(ModelRefused):
        install_model(out)
