import json

import pytest

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.evaluation.predictions import Prediction

CORE = (slice(24, 30), slice(20, 27), slice(16, 24))


@pytest.mark.slow
def test_the_command_trains_predicts_out_of_fold_and_writes_a_model(make_cases, tmp_path, capsys):
    cases, cache, folder = make_cases(CORE, CORE, None)
    out = tmp_path / "model"
    command = ["train", "localizer", str(folder), "--out", str(out), "--preset", "smoke", "--folds", "2"]
    assert run_app([*command, "--processed", str(cache)]) == 0
    card = json.loads((out / "model.json").read_text())
    assert card["kind"] == "localizer" and card["detector"]["networks"] == 2
    assert card["training_data"]["case_sha256"] == {case.name: case.sha256 for case in cases[:2]}  # no control
    assert sorted(name for fold in card["recipe"]["held_out"] for name in fold) == ["case0", "case1"]
    assert any("out of fold" in metric["data"] for metric in card["metrics"])
    assert any("rule-based" in metric["data"] for metric in card["metrics"])
    for number, case in enumerate(cases[:2]):
        found = Prediction.model_validate_json((out / "predictions" / f"{case.name}.json").read_bytes())
        assert found.sha256 == case.sha256 and found.shape == (40, 48, 40) and found.fold is not None, number
    capsys.readouterr()
    assert run_app([*command, "--processed", str(cache)]) == 0  # goes on from the end: nothing is trained again
    assert "epoch" not in capsys.readouterr().err
    assert run_app(["train", "localizer", str(folder), "--out", str(out), "--folds", "3"]) == 1
