from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cohort_files import put

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.cohort.check import check_cohort

CLASSES = ("Glioma", "PCNSL", "Germinoma", "Rare")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two patients of each class."""
    for label in CLASSES:
        for number in (1, 2):
            put(tmp_path / f"cohort/{label}/{label}{number}/t1ce.nii.gz", f"{label}{number}")
    return tmp_path / "cohort"


def test_a_sound_cohort(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["cohort", "check", str(folder), "--folds", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["layout"], told["cases"], told["patients"], told["fit"]) == ("class folders", 8, 8, True)
    assert told["classes"]["other"] == {"cases": 2, "patients": 2}
    assert run_app(["cohort", "check", str(folder), "--folds", "2"]) == 0
    assert "Fit for training." in capsys.readouterr().out


def test_what_spoils_a_training(folder: Path) -> None:
    (folder / "PCNSL/PCNSL2/t1ce.nii.gz").write_bytes(b"broken")
    shutil.rmtree(folder / "Rare")
    put(folder / "Germinoma/Glioma1/t1ce.nii.gz", "the same patient's name")
    put(folder / "Glioma/copy/t1ce.nii.gz", "Glioma1")
    put(folder / "Glioma/Glioma2/again_t1ce.nii.gz", "Glioma2")
    found = check_cohort(folder, folds=2)
    assert sorted(error.id for error in found.errors) == [
        "cohort.class_missing", "cohort.class_small", "cohort.same_patient_twice", "cohort.two_classes",
        "cohort.unreadable",
    ]  # fmt: skip
    assert found.two_classes == {"Glioma1": ["germinoma", "glioma"]}
    assert len(found.leaks) == 1 and len(found.duplicates) == 1
    assert len(found.unreadable) == 1 and not found.fit


def test_the_command_says_it_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["cohort", "check", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "fewer than 5 folds" in said and "Not fit for training." in said
    assert run_app(["cohort", "check", str(folder / "nowhere")]) == 1
