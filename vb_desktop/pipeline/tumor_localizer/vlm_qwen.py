"""Eq. 3 as the paper has it: `B = Qwen(X_slice, Prompt)`, with the weights of a Qwen3-VL checkpoint in this process."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.case import Box, ProcessedScan
from vb_desktop.pipeline.config import VlmConfig
from vb_desktop.pipeline.errors import VlmFailed
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.mri_processor.compute_device import multiplies_bfloat16
from vb_desktop.pipeline.tumor_localizer.ask_slices import LEAST_IMAGE_TOKENS, Question, SliceReader, Unanswered
from vb_desktop.pipeline.tumor_localizer.repetition import repeats

DEFAULT_MODEL = "Qwen/Qwen3-VL-4B-Instruct"
_FAMILIES = {
    "qwen3_vl": "Qwen3VLForConditionalGeneration",
    "qwen3_vl_moe": "Qwen3VLMoeForConditionalGeneration",
}


class Qwen3VL:
    """A Qwen3-VL checkpoint from a local folder or the hub: safetensors only, no code of the checkpoint is run."""

    source = "qwen3-vl"

    def __init__(self, config: VlmConfig) -> None:
        self.config = config
        self.model = config.model or DEFAULT_MODEL
        self.name = f"Qwen3-VL ({Path(self.model).name})"
        self.remarks: tuple[Message, ...] = ()
        self._loaded: tuple[Any, Any] | None = None

    def boxes(self, processed: ProcessedScan, slices: Sequence[int], prompt: str) -> Iterator[tuple[int, list[Box]]]:
        """Look at the slices in batches; a coarse stride first, then around the hits.

        Yields:
            (k, boxes) of each slice that was asked.

        Raises:
            VlmFailed: the checkpoint can't be loaded, or does not answer.
        """
        network, processor = self._load()
        side = processor.side(self.config.image_tokens or LEAST_IMAGE_TOKENS)
        version = f"{self.model} {weights_version(self.model)} {network.dtype} {side}"
        reader = SliceReader(self.config, name=self.name, source=self.source, side=side, model=version)

        def ask(questions: Sequence[Question]) -> Iterator[tuple[int, str | Unanswered]]:
            for first in range(0, len(questions), self.config.batch):
                part = questions[first : first + self.config.batch]
                yield from zip((q.k for q in part), self._answers(part, prompt), strict=True)

        yield from reader.boxes(processed, slices, prompt, ask)
        self.remarks = reader.remarks

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            import torch
            import transformers
            from safetensors import SafetensorError

            from vb_desktop.pipeline.tumor_localizer.qwen_processing import StillQwen3VLProcessor

            local = Path(self.model).expanduser()
            name = str(local) if local.is_dir() else self.model
            if local.is_dir() and not any(local.glob("*.safetensors")):
                raise VlmFailed("tumor_localizer.vlm_no_safetensors", folder=local.name)
            try:
                settings = transformers.AutoConfig.from_pretrained(name, trust_remote_code=False)
                family = _FAMILIES.get(settings.model_type)
                if family is None:
                    raise VlmFailed("tumor_localizer.vlm_other_family", model=self.model, kind=settings.model_type)
                device = chosen_device(self.config.device)
                network = getattr(transformers, family).from_pretrained(
                    name, dtype=chosen_dtype(self.config.dtype, device), use_safetensors=True, trust_remote_code=False
                )
                processor = StillQwen3VLProcessor.from_pretrained(name)
            except (OSError, ValueError, KeyError, SafetensorError) as error:
                raise VlmFailed("tumor_localizer.vlm_not_loaded", model=self.model, cause=_first_line(error)) from error
            try:
                self._loaded = network.to(device).eval(), processor
            except (torch.OutOfMemoryError, RuntimeError) as error:
                raise VlmFailed("tumor_localizer.vlm_no_room", model=self.model, device=device) from error
        return self._loaded

    def _answers(self, questions: Sequence[Question], prompt: str) -> list[str | Unanswered]:
        import numpy as np
        import torch
        from transformers import StoppingCriteriaList

        network, processor = self._load()
        content = [{"type": "image"}, {"type": "text", "text": prompt.strip()}]
        text = processor.apply_chat_template(
            [{"role": "user", "content": content}], add_generation_prompt=True, tokenize=False
        )
        pictures = [np.repeat(question.pixels[:, :, None], 3, axis=2) for question in questions]
        inputs = processor(
            text=[text] * len(questions), images=pictures, return_tensors="pt", return_mm_token_type_ids=True
        )
        inputs = inputs.to(network.device)
        inputs["pixel_values"] = inputs["pixel_values"].to(network.dtype)
        start = inputs["input_ids"].shape[1]
        stop = _Stop(start, time.monotonic() + self.config.slice_timeout_s * len(questions))
        warm = self.config.temperature > 0
        try:
            with torch.inference_mode():
                out = network.generate(
                    **inputs,
                    max_new_tokens=self.config.max_tokens,
                    do_sample=warm,
                    temperature=self.config.temperature if warm else None,
                    top_p=0.8 if warm else None,
                    top_k=20 if warm else None,
                    stopping_criteria=StoppingCriteriaList([stop]),
                )
        except torch.OutOfMemoryError as error:
            raise VlmFailed("tumor_localizer.vlm_no_room", model=self.model, device=str(network.device)) from error
        texts = processor.batch_decode(out[:, start:], skip_special_tokens=True)
        padding = processor.tokenizer.pad_token_id
        said = [[token for token in row if token != padding] for row in out[:, start:].tolist()]
        return [self._checked(text, tokens, stop.late) for text, tokens in zip(texts, said, strict=True)]

    def _checked(self, text: str, tokens: list[int], late: bool) -> str | Unanswered:
        if repeats(tokens) and "}" not in text:
            return Unanswered(Message("tumor_localizer.vlm_repeats"))
        if late and "}" not in text:
            return Unanswered(Message("tumor_localizer.vlm_late", {"seconds": self.config.slice_timeout_s}))
        return text


class _Stop:
    """Ends a sequence that repeats itself, and all when the time is over."""

    def __init__(self, start: int, deadline: float) -> None:
        self.start, self.deadline = start, deadline
        self.late = False

    def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
        import torch

        self.late = self.late or time.monotonic() > self.deadline
        if self.late:
            return torch.ones(len(ids), dtype=torch.bool, device=ids.device)
        ended = [repeats(row[-256:]) for row in ids[:, self.start :].tolist()]
        return torch.tensor(ended, dtype=torch.bool, device=ids.device)


def chosen_device(device: str) -> str:
    """`auto` is a GPU where there is one.

    Raises:
        VlmFailed: the device that was asked for is not there.
    """
    import torch

    if device == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise VlmFailed("tumor_localizer.vlm_no_device", device=device) from error
    return device


def chosen_dtype(dtype: str, device: str) -> Any:
    """`auto` is bfloat16 where the device computes with it, else float16 on GPUs and float32 on processors."""
    import torch

    if dtype != "auto":
        return getattr(torch, dtype)
    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if device == "mps":
        return torch.float16
    return torch.bfloat16 if multiplies_bfloat16() else torch.float32


def weights_version(model: str) -> str:
    """What tells two states of a checkpoint apart without reading gigabytes: names, sizes and times of its weights."""
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return ""
    files = sorted(folder.glob("*.safetensors"))
    return ",".join(f"{path.name}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files)


def weights_hashes(model: str) -> dict[str, str]:
    """Name -> sha256 of each file of weights of a local checkpoint; empty for one on the hub."""
    folder = Path(model).expanduser()
    if not model or not folder.is_dir():
        return {}
    return dict(_hashed(folder, weights_version(model)))


@cache
def _hashed(folder: Path, version: str) -> tuple[tuple[str, str], ...]:
    """Hashing gigabytes takes seconds, so the same state (`version`) is hashed once."""
    found = []
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            found.append((f"{folder.name}/{path.name}", hashlib.file_digest(file, "sha256").hexdigest()))
    return tuple(found)


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return (text[0] if text else type(error).__name__).rstrip(".")[:200]
