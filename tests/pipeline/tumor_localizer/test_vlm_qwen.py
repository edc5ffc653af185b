"""The mechanics on the real Qwen3-VL classes with weights that know nothing; tests/vlm has the trained ones."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from vb_desktop.pipeline.case import ProcessedScan
from vb_desktop.pipeline.config import Config, VlmConfig
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.fingerprints import localizing_models
from vb_desktop.pipeline.training.small_vlm.architecture import (
    IMAGE_TOKENS,
    SIDE,
    build_config,
    build_tokenizer,
    write_processing,
)
from vb_desktop.pipeline.training.small_vlm.fast_vision import see
from vb_desktop.pipeline.training.small_vlm.sequences import Sequences, patches
from vb_desktop.pipeline.tumor_localizer.ask_slices import Question, Unanswered
from vb_desktop.pipeline.tumor_localizer.vlm_qwen import Qwen3VL, _Stop, chosen_dtype


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of the small architecture as it is before training."""
    from transformers import Qwen3VLForConditionalGeneration

    folder = tmp_path_factory.mktemp("untrained")
    torch.manual_seed(0)
    tokenizer = build_tokenizer("Mark the tumours.")
    Qwen3VLForConditionalGeneration(build_config(tokenizer)).half().save_pretrained(folder)
    write_processing(folder, tokenizer)
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vb_desktop.pipeline.tumor_localizer.answer_cache.cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # read from the environment at import


def settings(model: Path | str, **changes: object) -> VlmConfig:
    quick = {"backend": "qwen3-vl", "model": str(model), "max_tokens": 24, "min_brain_mm2": 100.0, "dtype": "float32"}
    return VlmConfig(**{**quick, **changes})  # type: ignore[arg-type]


def test_a_model_that_knows_nothing_ends_in_one_sentence(untrained: Path, blob_scan: ProcessedScan) -> None:
    backend = Qwen3VL(settings(untrained))
    with pytest.raises(LocalizationFailed) as caught:
        list(backend.boxes(blob_scan, range(10, 40), "Mark the tumours."))
    assert caught.value.message.id == "tumor_localizer.vlm_fails"
    assert "\n" not in caught.value.sentence() and caught.value.advice()


def test_the_processor_without_torchvision(untrained: Path) -> None:
    from vb_desktop.pipeline.tumor_localizer.qwen_processing import StillQwen3VLProcessor

    processor = StillQwen3VLProcessor.from_pretrained(str(untrained))
    grey = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE)).astype(np.uint8)
    content = [{"type": "image"}, {"type": "text", "text": "Mark the tumours."}]
    text = processor.apply_chat_template(
        [{"role": "user", "content": content}], add_generation_prompt=True, tokenize=False
    )
    inputs = processor(
        text=[text], images=[np.repeat(grey[:, :, None], 3, 2)], return_tensors="pt", return_mm_token_type_ids=True
    )
    assert inputs["input_ids"][0].tolist() == Sequences(processor.tokenizer, "Mark the tumours.").prefix
    assert int(inputs["mm_token_type_ids"].sum()) == IMAGE_TOKENS
    assert torch.allclose(inputs["pixel_values"], patches(torch.from_numpy(grey)[None] / 255), atol=1e-6)


def test_image_tokens_come_from_the_checkpoint(untrained: Path, tmp_path: Path) -> None:
    from vb_desktop.pipeline.tumor_localizer.qwen_processing import StillQwen3VLProcessor

    processor = StillQwen3VLProcessor.from_pretrained(str(untrained))
    assert processor.side(1024) == SIDE  # it takes no larger pictures
    processor.image_processor.size = {"shortest_edge": 65536, "longest_edge": 16777216}  # as the public ones
    processor.image_processor.patch_size = 16
    assert processor.side(1024) == 1024 and processor.side(1025) == 33 * 32


def test_the_vision_towers_quick_pass_is_its_own_pass(untrained: Path) -> None:
    from transformers import Qwen3VLForConditionalGeneration

    vlm = Qwen3VLForConditionalGeneration.from_pretrained(untrained, dtype=torch.float32)
    values = patches(torch.rand(2, SIDE, SIDE, generator=torch.Generator().manual_seed(0)))
    side = round((len(values) / 2) ** 0.5)
    with torch.no_grad():
        slow = vlm.model.visual(values, grid_thw=torch.tensor([[1, side, side]] * 2))
        last, merged, deep = see(vlm.model.visual, values, 2)
    assert torch.allclose(slow.last_hidden_state, last, atol=1e-4)
    assert torch.allclose(slow.pooler_output, merged, atol=1e-4)
    assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(slow.deepstack_features, deep, strict=True))


def test_time_and_repetition_end_an_answer(untrained: Path) -> None:
    late = Qwen3VL(settings(untrained, slice_timeout_s=1e-6, max_tokens=2000))
    started = time.monotonic()
    (said,) = late._answers([Question(0, np.zeros((SIDE, SIDE), np.uint8))], "Mark the tumours.")
    assert isinstance(said, Unanswered) and said.why.id == "tumor_localizer.vlm_late"
    assert time.monotonic() - started < 20
    stop = _Stop(2, time.monotonic() + 60)
    ids = torch.tensor([[7, 7, *[1, 2, 3] * 30], [7, 7, *range(90)]])
    assert stop(ids, None).tolist() == [True, False]


def test_folders_that_are_no_checkpoint(untrained: Path, blob_scan: ProcessedScan, tmp_path: Path) -> None:
    def refused(model: Path | str) -> str:
        with pytest.raises(LocalizationFailed) as caught:
            list(Qwen3VL(settings(model)).boxes(blob_scan, range(20, 24), "Mark."))
        assert caught.value.advice()
        return caught.value.message.id

    pickled = tmp_path / "pickled"
    pickled.mkdir()
    (pickled / "config.json").write_text((untrained / "config.json").read_text())
    (pickled / "pytorch_model.bin").write_bytes(b"\x80\x04")
    assert refused(pickled) == "tumor_localizer.vlm_no_safetensors"
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (other / "model.safetensors").write_bytes(b"")
    assert refused(other) == "tumor_localizer.vlm_other_family"
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "config.json").write_text((untrained / "config.json").read_text())
    (broken / "model.safetensors").write_bytes(b"not tensors")
    assert refused(broken) == "tumor_localizer.vlm_not_loaded"
    assert refused("Qwen/Qwen3-VL-that-nobody-has") == "tumor_localizer.vlm_not_loaded"


def test_the_weights_are_named_in_the_provenance(untrained: Path) -> None:
    (entry,) = localizing_models(Config.load(None, {"vlm.backend": "qwen3-vl", "vlm.model": str(untrained)})).items()
    expected = hashlib.sha256((untrained / "model.safetensors").read_bytes()).hexdigest()
    assert entry == (f"{untrained.name}/model.safetensors", expected)
    assert localizing_models(Config.load(None, {"vlm.backend": "qwen3-vl"})) == {}


def test_a_device_that_is_not_there(untrained: Path, blob_scan: ProcessedScan) -> None:
    with pytest.raises(LocalizationFailed, match="There is no device"):
        list(Qwen3VL(settings(untrained, device="cuda:7")).boxes(blob_scan, range(20, 24), "Mark."))
    assert chosen_dtype("float16", "cpu") == torch.float16
