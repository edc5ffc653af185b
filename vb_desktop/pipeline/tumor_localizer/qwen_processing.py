"""Qwen3-VL's processor for still pictures, without torchvision.

The processor of transformers insists on its video part, which needs torchvision, and that does not import beside the
CPU build of torch. Slices are pictures: the same processor without the video part gives the same tensors.
Importing this module imports transformers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer, Qwen3VLProcessor
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil
from transformers.processing_utils import ProcessorMixin
from transformers.utils import cached_file

_HUB_OPTIONS = ("revision", "cache_dir", "local_files_only")


class StillQwen3VLProcessor(Qwen3VLProcessor):  # type: ignore[misc]
    """Pictures and text; no videos."""

    def __init__(self, image_processor: Any = None, tokenizer: Any = None, chat_template: Any = None, **_: Any) -> None:
        self.image_token, self.video_token = "<|image_pad|>", "<|video_pad|>"
        self.image_token_id = tokenizer.convert_tokens_to_ids(self.image_token)
        self.video_token_id = tokenizer.convert_tokens_to_ids(self.video_token)
        self.vision_start_token, self.vision_end_token = "<|vision_start|>", "<|vision_end|>"
        self.vision_start_token_id = tokenizer.convert_tokens_to_ids(self.vision_start_token)
        self.vision_end_token_id = tokenizer.convert_tokens_to_ids(self.vision_end_token)
        ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)

    @classmethod
    def from_pretrained(cls, name: str, **options: Any) -> StillQwen3VLProcessor:
        """From a folder or a hub id: image settings, tokenizer, chat template."""
        known: dict[str, Any] = {key: value for key, value in options.items() if key in _HUB_OPTIONS}
        images = Qwen2VLImageProcessorPil.from_pretrained(name, **known)
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False, **known)
        return cls(images, tokenizer, tokenizer.chat_template or _older_template(name, known))

    @property
    def factor(self) -> int:
        """Pixels along the square that becomes one image token."""
        return int(self.image_processor.patch_size * self.image_processor.merge_size)

    def side(self, least_tokens: int) -> int:
        """Edge in pixels of a square picture of at least so many image tokens, or of as many as the checkpoint has."""
        most = self.image_processor.size["longest_edge"] // self.factor**2
        least = self.image_processor.size["shortest_edge"] / self.factor**2
        edge = 1
        while edge**2 < max(least_tokens, least) and (edge + 1) ** 2 <= most:
            edge += 1
        return edge * self.factor


def _older_template(name: str, options: dict[str, Any]) -> str | None:
    """The chat template of checkpoints that have it in a file of its own."""
    path = cached_file(name, "chat_template.json", _raise_exceptions_for_missing_entries=False, **options)
    return str(json.loads(Path(path).read_text(encoding="utf-8"))["chat_template"]) if path else None
