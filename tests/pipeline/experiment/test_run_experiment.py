import json
import sys
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training" / "diagnoser"))

from easy_cases import RECIPE, easy_set

from vb_desktop.pipeline.errors import TrainingRefused
from vb_desktop.pipeline.experiment.rows import ABLATION, ablation_rows, backbone_rows
from vb_desktop.pipeline.experiment.run_experiment import run_experiment
from vb_desktop.pipeline.experiment.tables import make_table
from vb_desktop.pipeline.experiment.units import Experiment, finished, keep_setup
from vb_desktop.pipeline.experiment.write_report import write_report
from vb_desktop.pipeline.training.diagnoser.folds import stratified_folds
from vb_desktop.pipeline.training.diagnoser.hardware import Hardware

CPU = Hardware(accelerator="cpu")
SETUP = Experiment(
    kind="ablation",
    preset="smoke",
    base=RECIPE.changed({"epochs": 1}),
    rows=(ABLATION[0], ABLATION[4]),
    folds=2,
    seeds=(0,),
    localiser="built-in detector, not a VLM",
)


def test_an_experiment_is_shared_resumed_and_reported(tmp_path: Path) -> None:
    data = easy_set()
    fold_of = stratified_folds(data.patients, data.labels.tolist(), 2)
    keep_setup(tmp_path, SETUP, data)
    taken = SETUP.units[1]
    taken.file(tmp_path).parent.mkdir(parents=True)
    said: list[str] = []
    with FileLock(f"{taken.file(tmp_path)}.lock"):  # another process is at it
        done = run_experiment(SETUP, data, easy_set, fold_of, tmp_path, hardware=CPU, say=said.append)
    assert set(done) == set(SETUP.units) - {taken} and len(said) == 3
    part = make_table(SETUP, done, data.names, data.labels)
    assert part.missing == 1 and [row.key for row in part.rows] == ["none"]

    said.clear()
    done = run_experiment(SETUP, data, easy_set, fold_of, tmp_path, hardware=CPU, say=said.append)
    assert len(done) == 4 and len(said) == 1, "what is done stays done"
    table = make_table(SETUP, done, data.names, data.labels)
    assert [row.key for row in table.rows] == ["none", "full"] and table.missing == 0 and table.cases == 16
    for row in table.rows:
        each = [done[unit] for unit in SETUP.units if unit.row == row.key]
        right = sum((np.array(r.said) == data.labels[[data.names.index(n) for n in r.names]]).sum() for r in each)
        assert row.scores["accuracy"].value == pytest.approx(right / 16)
        assert row.confusion.sum(axis=1) == pytest.approx(np.ones(4))
    assert [(c.a, c.b) for c in table.comparisons] == [("none", "full")]

    text = write_report(SETUP, table, data, tmp_path / "report").read_text(encoding="utf-8")
    for part_of_it in ("synthetic cohort", "n = 16", "81.50", "92.00", "built-in detector, not a VLM", data.sha256):
        assert part_of_it in text
    assert str(tmp_path) not in text
    for name in ("figure-7a-ablation", "figure-7c-confusion"):
        assert (tmp_path / "report" / f"{name}.png").stat().st_size > 5000
        assert (tmp_path / "report" / f"{name}.pdf").read_bytes().startswith(b"%PDF")

    other = Experiment(**{name: getattr(SETUP, name) for name in SETUP.__slots__} | {"folds": 3})
    with pytest.raises(TrainingRefused):
        keep_setup(tmp_path, other, data)
    changed = Experiment(**{name: getattr(SETUP, name) for name in SETUP.__slots__} | {"seeds": (1,)})
    keep_setup(tmp_path, changed, data)
    assert finished(changed, data, fold_of, tmp_path) == {}
    assert json.loads((tmp_path / "experiment.json").read_text())["cases"] == data.sha256


def test_the_rows_are_the_papers() -> None:
    assert [row.key for row in ablation_rows()] == ["none", "coarse", "coarse-mca", "refined", "full"]
    assert [row.paper["accuracy"] for row in ablation_rows()] == [81.5, 85.0, 86.5, 87.5, 92.0]
    names = [row.key for row in backbone_rows("laptop")]
    assert names[0] == "densenet3d" and "convnext3d" in names and len(names) == 7
    for preset in ("laptop", "smoke", "paper"):
        for row in backbone_rows(preset):
            recipe = row.recipe(RECIPE, 0)
            assert recipe.localization == "refined" and recipe.mca and recipe.backbone == row.key
