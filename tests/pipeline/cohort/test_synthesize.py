from __future__ import annotations

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.cohort.contact_sheet import contact_sheet
from vb_desktop.pipeline.cohort.diffeomorphism import jacobian_determinant
from vb_desktop.pipeline.cohort.read_cohort import read_cohort
from vb_desktop.pipeline.cohort.synthesize import SyntheticPatient, draw_patient, synthesize, write_volume
from vb_desktop.pipeline.mri_processor.template import template, template_mask

N, SEED = 6, 5


@pytest.fixture(scope="module")
def patients() -> list[SyntheticPatient]:
    return [draw_patient(number, N, SEED) for number in (0, 1)]


def test_a_patient(patients: list[SyntheticPatient]) -> None:
    for patient in patients:
        scan, tumour = patient.scan, patient.tumour > 0
        assert scan.shape == template().voxels.shape
        brain = scan > 0
        overlap = 2 * (brain & (template_mask().voxels > 0)).sum() / (brain.sum() + (template_mask().voxels > 0).sum())
        assert overlap > 0.9
        assert not (tumour & ~brain).any()
        assert patient.truth["volume_ml"] == pytest.approx(tumour.sum() / 1000, rel=0.01)
        at = np.argwhere(tumour).mean(0) + template().affine[:3, 3]
        assert np.linalg.norm(at - patient.truth["lesions"][0]["centre_mm"]) < 30
        assert jacobian_determinant(patient.displacement).min() > 0


def test_the_same_seed_gives_the_same_bytes(patients: list[SyntheticPatient], tmp_path: Path) -> None:
    patient = patients[0]
    synthesize(tmp_path / "again", N, SEED, jobs=2, numbers=(0,))  # drawn in another process
    folder = tmp_path / "again" / patient.label / patient.name
    for name, voxels in (("t1ce", patient.scan), ("seg", patient.tumour)):
        write_volume(tmp_path / f"{name}.nii.gz", voxels)
        assert (folder / f"{name}.nii.gz").read_bytes() == (tmp_path / f"{name}.nii.gz").read_bytes()
    assert b"SYNTHETIC" in nib.load(folder / "t1ce.nii.gz").header["descrip"].tobytes()
    assert json.loads((folder / "truth.json").read_text()) == patient.truth
    cohort = read_cohort(tmp_path / "again")
    assert cohort.synthetic and [case.name for case in cohort.cases] == ["sim-0000"]
    case = cohort.cases[0]
    assert (case.input_space, case.label, case.age) == ("mni", patient.label, patient.truth["age"])
    assert case.truth is not None and case.truth.name == "seg.nii.gz"
    contact_sheet(cohort.cases, tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")


def test_another_folder_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert run_app(["cohort", "synthesize", "--n", "4", "--out", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["notes.txt"]
