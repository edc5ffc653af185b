import json
from pathlib import Path

import pytest

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.evaluation.predictions import Prediction
from vb_desktop.pipeline.training.localizer.write_detector import metrics_of_file

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


def test_figures_of_another_localiser_keep_their_n_and_name(tmp_path: Path) -> None:
    figures = {
        "config": {"vlm": {"backend": "qwen3-vl", "model": "models/small"}},
        "cases": [{}, {}],
        "groups": {"enhancing": {"3D hit": {"value": 0.5, "n": 2, "low": 0.0, "high": 1.0}, "other": {"value": 1}}},
    }
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps(figures))
    (metric,) = metrics_of_file(path)
    assert (metric.name, metric.value, metric.n) == ("enhancing: 3D hit", 0.5, 2)
    assert metric.data == "qwen3-vl small on 2 of the cases"
    path.write_text("[]")
    with pytest.raises(UnreadableScan, match="does not hold the figures"):
        metrics_of_file(path)
