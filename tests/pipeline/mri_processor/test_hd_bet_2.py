"""HD-BET 2's plug-in: what is missing is said, and what is there is called rightly. Its real weights are not here."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import nibabel as nib
import numpy as np
import pytest
import torch

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.config import SkullStrippingConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor import hd_bet_2
from vb_desktop.pipeline.mri_processor.hd_bet_2 import HDBET2, holds_numbers_only
from vb_desktop.pipeline.plugins import create


class Predictor:
    """Stands in for nnU-Net's: what is bright is brain."""

    made: dict[str, Any]

    def __init__(self, **options: Any) -> None:
        type(self).made = options | {"images": []}

    def initialize_from_trained_model_folder(self, folder: str, fold: str) -> None:
        self.made |= {"folder": folder, "fold": fold}

    def predict_single_npy_array(self, image: Array, properties: dict[str, Any]) -> Array:
        self.made["images"].append((image.shape, properties["spacing"]))
        assert image.dtype == np.float32
        found: Array = (image[0] > 50).astype(np.uint8)
        return found


@pytest.fixture
def nnunet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("nnunetv2", "nnunetv2.inference", "nnunetv2.inference.predict_from_raw_data"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["nnunetv2.inference.predict_from_raw_data"].nnUNetPredictor = Predictor  # type: ignore[attr-defined]
    monkeypatch.setattr(hd_bet_2, "find_spec", lambda name: name)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    (folder / "fold_all").mkdir(parents=True)
    for name in ("plans.json", "dataset.json"):
        (folder / name).write_text(json.dumps({}))
    checkpoint = {  # the kinds of values that nnU-Net stores
        "network_weights": {"conv.weight": torch.zeros(2, 3)},
        "logging": {"ema_fg_dice": [np.float64(0.9), np.float32(0.8)], "lrs": [0.01]},
        "_best_ema": np.float64(0.95),
        "current_epoch": 1000,
        "init_args": {
            "plans": {"a": [1, 2]},
            "configuration": "3d_fullres",
            "fold": "all",
            "device": torch.device("cpu"),
        },
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": (0, 1, 2),
    }
    torch.save(checkpoint, folder / "fold_all" / "checkpoint_final.pth")
    return folder


def head(code: str) -> Volume:
    """A bright block of 1.3 L, off the middle, whose voxels are laid along the axes of `code`."""
    voxels = np.zeros((60, 70, 50), np.float32)
    voxels[10:45, 20:60, 5:35] = 100.0
    image = nib.Nifti1Image(voxels, np.diag([3.0, 2.5, 4.0, 1.0]))
    turn = nib.orientations.ornt_transform(nib.io_orientation(np.eye(4)), nib.orientations.axcodes2ornt(tuple(code)))
    image = image.as_reoriented(turn)
    return Volume(np.asarray(image.dataobj), image.affine)


def of(weights: Path | None, **changes: Any) -> HDBET2:
    config = SkullStrippingConfig(method="hd-bet-2", hd_bet_2_weights=str(weights or ""), device="cpu", **changes)
    stripper = create("skull_strippers", config.method, config=config)
    assert isinstance(stripper, HDBET2)
    return stripper


def refusal(stripper: HDBET2) -> str:
    with pytest.raises(ProcessingFailed) as error:
        stripper(head("RAS"))
    assert error.value.sentence() and error.value.advice()
    return error.value.message.id.removeprefix("mri_processor.")


@pytest.mark.parametrize("code", ["RAS", "LPS", "PIR"])
def test_the_predictor_sees_the_head_in_one_order_and_the_mask_comes_back(
    nnunet: None, weights: Path, code: str
) -> None:
    scan = head(code)
    stripper = of(weights, mirroring=True)
    mask = stripper(scan)
    assert np.array_equal(mask.voxels > 0, scan.voxels > 50) and np.array_equal(mask.affine, scan.affine)
    made = Predictor.made
    assert made["images"] == [((1, 50, 70, 60), [4.0, 2.5, 3.0])]
    assert (made["folder"], made["fold"], made["use_mirroring"]) == (str(weights), "all", True)
    assert made["device"] == torch.device("cpu") and stripper.made_with == {"device": "cpu"}


def test_without_the_package_that_is_said(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hd_bet_2, "find_spec", lambda name: None)
    assert refusal(of(weights)) == "no_hd_bet_2"


def test_weights_that_are_not_there_are_said(nnunet: None, weights: Path) -> None:
    assert refusal(of(None)) == "hd_bet_2_not_named"
    (weights / "plans.json").unlink()
    assert refusal(of(weights)) == "hd_bet_2_incomplete"


class Harmful:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("harm"),))


def test_a_checkpoint_that_could_run_code_is_refused(
    nnunet: None, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = weights / "fold_all" / "checkpoint_final.pth"
    assert holds_numbers_only(path)
    torch.save({"network_weights": {}, "trainer_name": Harmful()}, path)
    assert refusal(of(weights)) == "hd_bet_2_unsafe"
    path.write_bytes(b"\0" * 100)
    assert refusal(of(weights)) == "hd_bet_2_unsafe"
    assert not (tmp_path / "harm").exists()
