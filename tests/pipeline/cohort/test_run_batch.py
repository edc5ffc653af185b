from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import psutil
import pytest

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.cohort.run_batch import BatchOptions, find_batch, run_batch, run_one
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import CohortError
from vb_desktop.pipeline.mri_processor.template import template
from vb_desktop.pipeline.progress import Stage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scan in the template's space, and one that is none."""
    (tmp_path / "in/p2").mkdir(parents=True)
    voxels = template().voxels.copy()
    voxels[60:75, 110:125, 80:95] += 150
    nib.save(nib.Nifti1Image(voxels.astype(np.int16), template().affine), tmp_path / "in/p1.nii.gz")
    (tmp_path / "in/p2/t1ce.nii.gz").write_bytes(b"broken")
    return tmp_path / "in"


def listening() -> set[str]:
    """Addresses on which this process and its children listen."""
    this = psutil.Process()
    return {
        c.laddr.ip
        for process in (this, *this.children(recursive=True))
        for c in process.net_connections("inet")
        if c.status == psutil.CONN_LISTEN
    }


@pytest.mark.slow
def test_a_failure_does_not_end_the_batch(folder: Path, tmp_path: Path) -> None:
    cases = find_batch(folder)
    assert [case.name for case in cases] == ["p1", "p2"]
    heard: list[set[str]] = []

    def hear(done: int, of: int, row: dict[str, Any]) -> None:
        heard.append(listening())

    settings = Config.load(None, {"input.space": "mni"})
    options = BatchOptions(until=Stage.PROCESS, space_given=True)
    rows = run_batch(cases, tmp_path / "out", settings, options, jobs=1, on_case=hear)
    assert [row["status"] for row in rows] == ["partial", "failed"], [row["error"] for row in rows]
    assert rows[1]["error"] and (tmp_path / "out/p1/processed.nii.gz").is_file()
    assert not (tmp_path / "out/p2").exists()
    assert json.loads((tmp_path / "out/p1/case.json").read_text())["config"]["input"]["space"] == "mni"
    with (tmp_path / "out/batch.csv").open() as table:
        assert [row["case"] for row in csv.DictReader(table)] == ["p1", "p2"]
    again = run_one(cases[0], tmp_path / "out/p1", settings, options)  # goes on with what is there
    assert (again["status"], again["error"]) == ("partial", "")
    assert json.loads((tmp_path / "out/p1/case.json").read_text())["stages"]["process"]["state"] == "cached"
    assert heard[0] and set().union(*heard) <= {"127.0.0.1", "::1"}


def test_wrong_use(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    assert run_app(["batch", str(folder), "--out", out, "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"]) == 2
    with pytest.raises(CohortError, match="holds no scan"):
        find_batch((tmp_path / "empty").mkdir() or tmp_path / "empty")
    assert run_app(["batch", str(tmp_path / "nowhere"), "--out", out]) == 1
    assert "no folder" in capsys.readouterr().err


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["batch", str(folder), "--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:9"]
    assert run_app(arguments) == 1
    assert "does not answer" in capsys.readouterr().err
