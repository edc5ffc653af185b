"""How well the small VLM's own answers fit the truth: generated token by token, as in use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from vb_desktop.pipeline.mri_processor.compute_device import multiplies_bfloat16
from vb_desktop.pipeline.training.small_vlm.architecture import SIDE
from vb_desktop.pipeline.training.small_vlm.pictures import Pictures
from vb_desktop.pipeline.training.small_vlm.sequences import Corners, Sequences, corners, patches

if TYPE_CHECKING:
    from transformers import Qwen3VLForConditionalGeneration

_CELLS = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set of pictures came to.

    Attributes:
        n: pictures with a tumour.
        iou: mean overlap of all boxes with all true boxes on them; a picture without an answer counts 0.
        sensitivity: share of them with a box.
        n_clear: pictures without a tumour.
        false_positive: share of those with a box.
        unreadable: answers that were not the JSON asked for.
    """

    n: int
    iou: float
    sensitivity: float
    n_clear: int
    false_positive: float
    unreadable: int


@torch.no_grad()
def measure(
    vlm: Qwen3VLForConditionalGeneration, sequences: Sequences, pictures: Pictures, threshold: float = 0.5
) -> Measured:
    """Let it answer every picture."""
    ious, answered, unreadable = [], [], 0
    for first in range(0, len(pictures), 32):
        grey = torch.from_numpy(pictures.pixels[first : first + 32])[:, None].float()
        grey = functional.interpolate(grey, [SIDE, SIDE], mode="bicubic", antialias=True)[:, 0]
        grey = grey.round().clamp(0, 255) / 255
        for number, text in enumerate(generate(vlm, sequences, grey), start=first):
            said = _boxes(text, threshold)
            unreadable += said is None
            answered.append(bool(said))
            ious.append(overlap(said or [], corners(pictures.tumours[number])))
    shows, found = pictures.shows[: len(ious)], np.array(answered)
    return Measured(
        int(shows.sum()),
        float(np.mean(np.array(ious)[shows])) if shows.any() else float("nan"),
        float(found[shows].mean()) if shows.any() else float("nan"),
        int((~shows).sum()),
        float(found[~shows].mean()) if (~shows).any() else float("nan"),
        unreadable,
    )


def generate(vlm: Any, sequences: Sequences, grey: torch.Tensor) -> list[str]:
    """Greedy answers to pictures (B, SIDE, SIDE) in [0, 1]."""
    count = len(grey)
    ids = torch.tensor([sequences.prefix] * count)
    values = patches(grey)
    side = round((len(values) / count) ** 0.5)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=multiplies_bfloat16()):
        out = vlm.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            mm_token_type_ids=(ids == vlm.config.image_token_id).int(),
            pixel_values=values,
            image_grid_thw=torch.tensor([[1, side, side]] * count),
            max_new_tokens=48,
            do_sample=False,
            eos_token_id=sequences.tokenizer.eos_token_id,
            pad_token_id=sequences.tokenizer.pad_token_id,
        )
    texts: list[str] = sequences.tokenizer.batch_decode(out[:, ids.shape[1] :], skip_special_tokens=True)
    return texts


def overlap(a: list[Corners], b: list[Corners]) -> float:
    """Intersection over union of what two sets of boxes cover."""
    covered = [_cover(boxes) for boxes in (a, b)]
    union = np.count_nonzero(covered[0] | covered[1])
    return float(np.count_nonzero(covered[0] & covered[1]) / union) if union else 1.0


def _cover(boxes: list[Corners]) -> npt.NDArray[np.bool_]:
    grid = np.zeros((_CELLS, _CELLS), dtype=bool)
    for box in boxes:
        x0, y0, x1, y1 = (round(edge / 1000 * _CELLS) for edge in box)
        grid[y0:y1, x0:x1] = True
    return grid


def _boxes(text: str, threshold: float) -> list[Corners] | None:
    try:
        read = json.loads(text)
        if float(read["likelihood"]) < threshold:
            return []
        return [(a, b, c, d) for a, b, c, d in (box["bbox_2d"] for box in read["boxes"])]
    except (ValueError, KeyError, TypeError):
        return None
