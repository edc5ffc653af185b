import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest
from tiny_model import OOD_CARD, TINY, TINY_GRID, ood_tensors, processed_phantom, write_tiny_model

from vb_desktop.pipeline.adaptive_diagnoser.adaptive_diagnoser import AdaptiveDiagnoser
from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network
from vb_desktop.pipeline.adaptive_diagnoser.grad_cam import ClassMaps
from vb_desktop.pipeline.adaptive_diagnoser.trust import share_inside
from vb_desktop.pipeline.case import CLASSES, CoarsePrior, Diagnosis, RefinedPrior
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.messages import say
from vb_desktop.pipeline.model_card import Architecture, Calibration, GridCard
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
    assert set(found.seconds) == {"diagnosis", "grad_cam", "views"}
    assert found.cam == {"method": "hirescam", "layer": "early", "cell_mm": 24.0}
    assert found.spread["copies"] == 3 and list(found.spread["deviation"]) == list(CLASSES)
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
    assert unknown.ood == {"score": None, "threshold": None, "state": "not_assessed", "outside": None}
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

    def corner(*_: object, **__: object) -> ClassMaps:
        maps = np.zeros((4, 4, 4, 4), np.float32)
        maps[:, 0, 2, 2] = 1  # far left; the phantom's lesion lies on the right
        return ClassMaps(maps, 8, 2.0)

    write_tiny_model(tmp_path / "m")
    monkeypatch.setattr(adaptive_diagnoser, "grad_cam", corner)
    found = diagnose(tmp_path / "m")
    assert "diagnosis.cam_not_focused" in ids(found)
    assert max(found.cam_in_prior.values()) < 0.1
    left, right = found.grad_cam["glioma"].voxels[:23], found.grad_cam["glioma"].voxels[23:]
    assert left.sum() > 10 * right.sum()
    nothing = ClassMaps(np.zeros((4, 4, 4, 4), np.float32), 8, 2.0)
    monkeypatch.setattr(adaptive_diagnoser, "grad_cam", lambda *_, **__: nothing)
    assert "diagnosis.cam_empty" in ids(diagnose(tmp_path / "m"))


def test_every_question_gets_a_grade_with_its_sentence(tmp_path: Path) -> None:
    found = diagnose(write_tiny_model(tmp_path / "m", further=ood_tensors(0.3), out_of_distribution=OOD_CARD))
    questions = ["calibration", "set90", "distance", "measures", "spread", "grad_cam", "intended_use"]
    assert [grade.id for grade in found.grades] == questions
    assert all(say(grade.message) for grade in found.grades)
    doubts = {grade.message.id for grade in found.grades if grade.state != "good"}
    assert doubts <= ids(found)


def test_a_case_of_another_kind_is_told_and_abstained_from(tmp_path: Path) -> None:
    sure = Calibration(temperature=1.0, quantile90=0.0, cases=9, data="none")
    card = OOD_CARD.model_copy(update={"ranges": {"region_ml": (0.1, 5.0), "brain_ml": (0.0, 9e9)}})
    further = ood_tensors(0.3)
    found = diagnose(write_tiny_model(tmp_path / "m", calibration=sure, further=further, out_of_distribution=card))
    assert found.abstain and found.ood["state"] == "in"
    assert [(one["id"], one["limit"]) for one in found.ood["outside"]] == [("region_ml", 5.0)]
    assert "diagnosis.outside.region_ml" in ids(found)


@pytest.mark.parametrize("localization", ["none", "coarse", "refined"])
def test_each_row_of_the_ablation_can_be_applied(tmp_path: Path, localization: str) -> None:
    row = TINY.model_copy(update={"localization": localization, "mca": False, "head_options": {}})
    tensors = build_network(row).state_dict()
    folder = write_tiny_model(tmp_path / "m", architecture=row, tensors=tensors)
    scan, prior = processed_phantom()
    diagnoser = AdaptiveDiagnoser(Config(), model=find_model(str(folder)))
    wide = CoarsePrior(prior.volume.like(np.ones_like(prior.volume.voxels)))
    found = diagnoser(scan, prior, coarse_prior=wide)
    assert sum(found.probabilities.values()) == pytest.approx(1)
    if localization == "coarse":
        assert found.probabilities != diagnoser(scan, prior, coarse_prior=CoarsePrior(prior.volume)).probabilities
        with pytest.raises(ValueError, match="coarse_prior"):
            diagnoser(scan, prior)


@pytest.mark.parametrize("method", ["grad-cam", "hirescam"])
@pytest.mark.parametrize("layer", ["last", "early"])
def test_grad_cam_as_the_settings_ask_for(tmp_path: Path, method: str, layer: str) -> None:
    write_tiny_model(tmp_path / "m")
    found = diagnose(tmp_path / "m", config=Config().changed(diagnose__cam_method=method, diagnose__cam_layer=layer))
    assert found.cam == {"method": method, "layer": layer, "cell_mm": {"last": 48.0, "early": 24.0}[layer]}
    assert found.grad_cam["glioma"].voxels.shape == found.grad_cam["other"].voxels.shape


@pytest.mark.parametrize(
    "grid",
    [
        {"shape": (32, 32, 32), "spacing_mm": 2.0},
        {"shape": (0, 32, 32)},
        {"shape": (32, 32, 4000)},
        {"origin_mm": (200.0, 0.0, 0.0)},
    ],
)
def test_a_grid_that_misses_the_brain_is_refused(tmp_path: Path, grid: dict[str, object]) -> None:
    card = GridCard(
        **{"shape": TINY_GRID.shape, "spacing_mm": TINY_GRID.spacing_mm, "origin_mm": TINY_GRID.origin_mm} | grid
    )
    with pytest.raises(ModelRefused) as refused:
        diagnose(write_tiny_model(tmp_path / "m", input_grid=card))
    assert refused.value.message.id == "model.grid" and refused.value.advice()


def test_statistics_of_another_network_are_refused(tmp_path: Path) -> None:
    further = {name: tensor[:-1] for name, tensor in ood_tensors(0.3).items()}
    with pytest.raises(ModelRefused) as refused:
        diagnose(write_tiny_model(tmp_path / "m", further=further, out_of_distribution=OOD_CARD))
    assert refused.value.message.id == "model.reference" and refused.value.advice()


def test_a_pickle_under_the_name_of_the_weights_is_refused_unread(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m")
    model = find_model(str(folder))
    data = pickle.dumps({"weight": [1.0]})
    model.weights.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    card = model.card.model_copy(update={"weights": model.card.weights.model_copy(update={"sha256": sha256})})
    (folder / "model.json").write_text(card.model_dump_json(by_alias=True))
    with pytest.raises(ModelRefused) as refused:
        diagnose(folder)
    assert refused.value.message.id == "model.damaged"


def test_a_checkpoint_of_a_training_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "last.ckpt").write_bytes(pickle.dumps({}))
    with pytest.raises(ModelRefused) as refused:
        find_model(str(tmp_path / "m"))
    assert refused.value.message.id == "model.missing"
