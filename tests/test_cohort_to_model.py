"""The engineer's whole way: draw a cohort, look it over, train on it, install the model, diagnose with it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from vb_desktop.cli.app import run_app

pytestmark = pytest.mark.slow
QUICK = ["--set", "vlm.backend=rules", "--set", "refine.epochs=2"]


@pytest.mark.timeout(1500)
def test_a_cohort_becomes_a_model_that_diagnoses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cohort, model, work = tmp_path / "cohort", tmp_path / "model", tmp_path / "work"
    assert run_app(["cohort", "synthesize", "--n", "12", "--seed", "3", "--out", str(cohort)]) == 0
    assert run_app(["cohort", "check", str(cohort), "--folds", "2"]) == 0
    train = ["train", "diagnoser", str(cohort), "--out", str(model), "--work", str(work), "--preset", "smoke"]
    train += ["--folds", "2", "--accelerator", "cpu", *QUICK]
    assert run_app(train) == 0
    card = json.loads((model / "model.json").read_text(encoding="utf-8"))
    assert card["synthetic"] and card["training_data"]["cases"] == 12 and card["input_grid"]["spacing_mm"] == 6.0

    assert run_app([*train[:-1], "refine.epochs=2", "--set", "epochs=0"]) == 1, "a bad setting"
    assert run_app([*train, "--folds", "3"]) == 1, "a class with two patients"
    told = capsys.readouterr().err
    assert "epochs" in told and "too few for 3 folds" in told and "Traceback" not in told
    assert json.loads((model / "model.json").read_text(encoding="utf-8")) == card, "the last good model stays"

    assert run_app(["models", "install", str(model)]) == 0
    with (work / "prepared" / "prepared.csv").open(encoding="utf-8") as file:
        found = next(row for row in csv.DictReader(file) if row["found"] == "1")
    scan = next(cohort.rglob(f"{found['case']}/t1ce.nii.gz"))
    case = tmp_path / "case"
    assert run_app(["run", str(scan), "--out", str(case), "--input-space", "mni", "--until", "diagnose", *QUICK]) == 0
    record = json.loads((case / "case.json").read_text(encoding="utf-8"))
    assert record["provenance"]["demo_model"] and card["weights"]["sha256"] in record["provenance"]["models"].values()
    assert record["diagnosis"] is not None and sum(record["diagnosis"]["classes"].values()) == pytest.approx(1.0)
