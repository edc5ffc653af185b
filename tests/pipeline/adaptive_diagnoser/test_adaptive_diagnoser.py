from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_model import OOD_CARD, TINY, ood_tensors, processed_phantom, write_tiny_model

from vb_desktop.pipeline.adaptive_diagnoser.adaptive_diagnoser import AdaptiveDiagnoser, share_inside
from vb_desktop.pipeline.case import CLASSES, Diagnosis, RefinedPrior
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.messages import say
from vb_desktop.pipeline.model_card import Architecture, Calibration
from vb_desktop.pipeline.models import find_model
from vb_desktop.pipeline.progress import Progress, Stage


def diagnose(folder: Path, *, config: Config | None = None, without_prior: bool = False) -> Diagnosis:
    scan, prior = processed_phantom()
    return AdaptiveDiagnoser(config or Config(), model=find_model(str(folder)))(scan, None if without_prior else prior)


def ids(diagnosis: Diagnosis) -> set[str]:
    return {remark.id for remark in diagnosis.remarks}


def test_a_diagnosis_is_complete(tmp_path: Path) -> None:
    scan, prior = processed_phantom()
    heard: list[Progress] = []
    found = AdaptiveDiagnoser(Config(), model=find_model(str(write_tiny_model(tmp_path / "m"))))(
        scan, prior, heard.append
    )
    assert list(found.probabilities) == list(CLASSES)
    assert sum(found.probabilities.values()) == pytest.approx(1)
    assert set(found.seconds) == {"diagnosis", "grad_cam"}
    assert found.model["name"] == "m"
    for name in CLASSES:
        cam = found.grad_cam[name]
        assert cam.voxels.dtype == np.float32 and np.array_equal(cam.affine, scan.volume.affine)
        assert (cam.voxels.min() >= 0 and cam.voxels.max() == pytest.approx(1)) or not cam.voxels.any()
        assert found.cam_in_prior[name] == pytest.approx(share_inside(cam.voxels, prior.volume.voxels > 0.5))
    assert {progress.stage for progress in heard} == {Stage.DIAGNOSE}
    assert [progress.fraction for progress in heard] == sorted(progress.fraction or 0 for progress in heard)
    assert {"case.demo_model", "diagnosis.intended_use"} <= ids(found)
    assert all(say(remark) for remark in found.remarks)


def test_the_same_case_gives_the_same_answer(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "m")
    first, second = diagnose(tmp_path / "m"), diagnose(tmp_path / "m")
    assert first.probabilities == second.probabilities
    assert all(np.array_equal(first.grad_cam[n].voxels, second.grad_cam[n].voxels) for n in CLASSES)


def test_no_prior_no_diagnosis(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "m")
    with pytest.raises(ValueError, match="without_prior"):
        diagnose(tmp_path / "m", without_prior=True)
    scan, prior = processed_phantom()
    empty = prior.volume.like(np.full_like(prior.volume.voxels, 0.4))
    with pytest.raises(ValueError, match="no prior, no diagnosis"):
        AdaptiveDiagnoser(Config(), model=find_model(str(tmp_path / "m")))(scan, RefinedPrior(empty, empty, 0.9))


def test_the_whole_brain_only_when_asked_and_then_it_is_said(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "m")
    asked = Config().changed(diagnose__without_prior=True)
    found = diagnose(tmp_path / "m", config=asked, without_prior=True)
    assert "diagnosis.without_prior" in ids(found)
    assert found.probabilities != diagnose(tmp_path / "m").probabilities
    assert "diagnosis.without_prior" not in ids(diagnose(tmp_path / "m", config=asked))


def test_temperature_and_set_come_from_the_card(tmp_path: Path) -> None:
    sharp = write_tiny_model(
        tmp_path / "sharp", calibration=Calibration(temperature=0.05, quantile90=0.0, cases=9, data="none")
    )
    flat = write_tiny_model(
        tmp_path / "flat", calibration=Calibration(temperature=20.0, quantile90=1.0, cases=9, data="none")
    )
    one, all_ = diagnose(sharp), diagnose(flat)
    assert len(one.set90) == 1 and not one.abstain
    assert max(one.probabilities.values()) > max(all_.probabilities.values())
    assert len(all_.set90) == 4 and all_.abstain and "diagnosis.undecided" in ids(all_)
    assert list(all_.set90) == sorted(CLASSES, key=lambda name: -all_.probabilities[name])


def test_far_from_the_training_data_it_abstains(tmp_path: Path) -> None:
    sure = Calibration(temperature=1.0, quantile90=0.0, cases=9, data="none")
    near = write_tiny_model(tmp_path / "near", further=ood_tensors(0.3), out_of_distribution=OOD_CARD, calibration=sure)
    far = write_tiny_model(tmp_path / "far", further=ood_tensors(99.0), out_of_distribution=OOD_CARD, calibration=sure)
    inside, outside, unknown = (
        diagnose(near),
        diagnose(far),
        diagnose(write_tiny_model(tmp_path / "m", calibration=sure)),
    )
    assert inside.ood["state"] == "in" and inside.ood["score"] < 5 and not inside.abstain
    assert outside.ood["state"] == "out" and outside.abstain and "diagnosis.outside_training" in ids(outside)
    assert unknown.ood == {"score": None, "threshold": None, "state": "not_assessed"}
    assert "diagnosis.ood_not_assessed" in ids(unknown)


def test_an_uncalibrated_model_says_so_and_names_every_class(tmp_path: Path) -> None:
    found = diagnose(write_tiny_model(tmp_path / "m", calibration=None))
    assert "diagnosis.not_calibrated" in ids(found) and len(found.set90) == 4


def test_a_model_of_patients_is_no_demonstration(tmp_path: Path) -> None:
    assert "case.demo_model" not in ids(diagnose(write_tiny_model(tmp_path / "m", synthetic=False)))


@pytest.mark.parametrize(
    ("changes", "id_"),
    [
        ({"kind": "localizer"}, "model.kind"),
        ({"classes": ("a", "b", "c", "d")}, "model.classes"),
        ({"architecture": TINY.model_copy(update={"backbone": "swin3d"})}, "model.backbone"),
        ({"architecture": Architecture(backbone="densenet3d", backbone_options={"depth": 3})}, "model.architecture"),
        ({"architecture": Architecture(backbone="densenet3d")}, "model.tensors"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, object], id_: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        diagnose(write_tiny_model(tmp_path / "m", **changes))
    assert refused.value.message.id == id_
    assert refused.value.advice()


def test_cam_elsewhere_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vb_desktop.pipeline.adaptive_diagnoser import adaptive_diagnoser

    def corner(head: object, features: torch.Tensor, prior: torch.Tensor) -> np.ndarray:
        maps = np.zeros((4, *features.shape[2:]), np.float32)
        maps[:, 0, 2, 2] = 1  # far left; the phantom's lesion lies on the right
        return maps

    write_tiny_model(tmp_path / "m")
    monkeypatch.setattr(adaptive_diagnoser, "grad_cam", corner)
    found = diagnose(tmp_path / "m")
    assert "diagnosis.cam_outside" in ids(found)
    assert max(found.cam_in_prior.values()) < 0.1
    left, right = found.grad_cam["glioma"].voxels[:23], found.grad_cam["glioma"].voxels[23:]
    assert left.sum() > 10 * right.sum()
    monkeypatch.setattr(adaptive_diagnoser, "grad_cam", lambda *given: np.zeros_like(corner(*given)))
    assert "diagnosis.cam_empty" in ids(diagnose(tmp_path / "m"))
