"""The real Qwen3-VL classes in small, with a tokenizer of their own: one token for each coordinate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast, Qwen3VLConfig

SIDE = 160
"""Edge of the picture in pixels, about 1.2 mm each."""
PATCH, MERGE = 16, 2
IMAGE_TOKENS = (SIDE // PATCH // MERGE) ** 2
STEP = 5
"""Coordinates, 0 to 1000, are multiples of this: about 1 mm."""
PROMPT_VERSION = "small_v1"

SPECIAL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}"
    "{% if part.type in ('image', 'image_url') or 'image' in part %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif 'text' in part %}{{ part.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_VOCABULARY = 1000


def build_tokenizer(prompt: str) -> PreTrainedTokenizerFast:
    """Byte-level BPE: coordinates, likelihoods and the words of answer and prompt are one token each."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\d+(?:\.\d+)?|\s?[^\d\s]+|\s+"), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    numbers = [str(n) for n in range(0, 1001, STEP)] + [f"{n / 10:.1f}" for n in range(11)]
    answers = [answer(0.5, [(0, 0, 0, 0)] * n) for n in (0, 1, 2)]
    frame = CHAT_TEMPLATE.replace("<|im_start|>", "\n") + "user\nassistant\nsystem\n"
    corpus = numbers * 50 + answers * 200 + [prompt, frame] * 20
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY - len(SPECIAL),
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=[s for s in SPECIAL if s not in ("<|im_end|>", "<|endoftext|>")],
        padding_side="left",
        model_max_length=1024,
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def answer(likelihood: float, boxes: list[tuple[int, int, int, int]]) -> str:
    """The answer as it is trained: likelihood first, then the boxes, compact JSON."""
    return json.dumps(
        {"likelihood": round(likelihood, 1), "boxes": [{"bbox_2d": list(box)} for box in boxes]},
        separators=(",", ":"),
    )


def build_config(tokenizer: PreTrainedTokenizerFast, *, depth: int = 6, layers: int = 4) -> Qwen3VLConfig:
    """Width 192; with 6 vision layers and 4 text layers 7.6 million parameters."""
    from transformers import Qwen3VLConfig

    ids: dict[str, Any] = {token: tokenizer.convert_tokens_to_ids(token) for token in SPECIAL}
    return Qwen3VLConfig(
        text_config={
            "vocab_size": len(tokenizer),
            "hidden_size": 192,
            "intermediate_size": 512,
            "num_hidden_layers": layers,
            "num_attention_heads": 6,
            "num_key_value_heads": 2,
            "head_dim": 32,
            "max_position_embeddings": 1024,
            "rms_norm_eps": 1e-6,
            "tie_word_embeddings": True,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 1e4,
                "mrope_section": [6, 5, 5],
                "mrope_interleaved": True,
            },
            "eos_token_id": ids["<|im_end|>"],
            "pad_token_id": ids["<|endoftext|>"],
        },
        vision_config={
            "depth": depth,
            "hidden_size": 192,
            "intermediate_size": 768,
            "num_heads": 6,
            "patch_size": PATCH,
            "spatial_merge_size": MERGE,
            "temporal_patch_size": 2,
            "out_hidden_size": 192,
            "num_position_embeddings": (SIDE // PATCH) ** 2,
            "deepstack_visual_indexes": list(range(1, depth, 2)),
        },
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
        tie_word_embeddings=True,
    )


def write_processing(folder: Path, tokenizer: PreTrainedTokenizerFast) -> None:
    """Tokenizer, chat template and image processing beside the weights, as a public checkpoint has them."""
    tokenizer.save_pretrained(folder)
    settings = {
        "image_processor_type": "Qwen2VLImageProcessorFast",
        "processor_class": "Qwen3VLProcessor",
        "size": {"shortest_edge": SIDE * SIDE, "longest_edge": SIDE * SIDE},
        "patch_size": PATCH,
        "merge_size": MERGE,
        "temporal_patch_size": 2,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "do_resize": True,
        "do_rescale": True,
        "do_normalize": True,
        "do_convert_rgb": True,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
