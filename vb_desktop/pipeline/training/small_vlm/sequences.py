"""Pictures and their answers as the token sequences and targets that the network is trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from vb_desktop.pipeline.training.small_vlm.architecture import (
    IMAGE_TOKENS,
    MERGE,
    PATCH,
    SIDE,
    STEP,
    answer,
)

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

Array = npt.NDArray[Any]
Corners = tuple[int, int, int, int]
CELL = 4
"""Pixels along a cell of the tumour's map."""
SHOWN_FROM = 0.3
"""Boxes are given from this likelihood on; the user of the answers sets the threshold."""


def corners(pieces: Array) -> list[Corners]:
    """Boxes of the numbered pieces, in multiples of STEP of 0 to 1000, in the order of their numbers."""
    found = []
    for number in range(1, int(pieces.max(initial=0)) + 1):
        rows, columns = np.nonzero(pieces == number)
        if len(rows) >= 4:
            edges = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            x0, y0, x1, y1 = (round(edge / pieces.shape[1] * 1000 / STEP) * STEP for edge in edges)
            found.append((x0, y0, max(x1, x0 + STEP), max(y1, y0 + STEP)))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """One batch of sequences.

    Attributes:
        pixel_values: float32 (B * patches, 3 * 2 * PATCH * PATCH), as the image processor gives them.
        ids: int64 (B, L), prompt, image, answer, padding.
        plain: int64 (B, L), the token to predict where it is part of the form of the answer, else -100.
        coordinate: int64 (B, L), multiple of STEP to predict, else -100.
        truth: float32 (B,), 1 where there is a tumour; the likelihood is predicted at `likelihood_at`.
        likelihood_at: position that predicts the likelihood, the same in every sequence.
        fine: float32 (B, cells, cells), share of tumour in each cell of CELL x CELL pixels.
    """

    pixel_values: Tensor
    ids: Tensor
    plain: Tensor
    coordinate: Tensor
    truth: Tensor
    likelihood_at: int
    fine: Tensor


class Sequences:
    """Builds batches for one tokenizer and prompt."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, prompt: str) -> None:
        self.tokenizer = tokenizer
        content = [{"type": "image"}, {"type": "text", "text": prompt}]
        text = tokenizer.apply_chat_template(
            [{"role": "user", "content": content}], tokenize=False, add_generation_prompt=True
        )
        self.prefix_text = text.replace("<|image_pad|>", "<|image_pad|>" * IMAGE_TOKENS)
        self.prefix: list[int] = tokenizer(self.prefix_text).input_ids
        self.numbers = torch.tensor([tokenizer.convert_tokens_to_ids(str(n)) for n in range(0, 1001, STEP)])
        self.likelihoods = torch.tensor([tokenizer.convert_tokens_to_ids(f"{n / 10:.1f}") for n in range(11)])

    def build(self, grey: Tensor, pieces: Tensor, rng: np.random.Generator) -> Batch:
        """Sequences of pictures (B, SIDE, SIDE) in [0, 1] and their numbered pieces."""
        rows: list[list[int]] = []
        plain: list[list[int]] = []
        coordinate: list[list[int]] = []
        truth = []
        start = len(self.prefix)
        step_of = {int(token): n for n, token in enumerate(self.numbers)}
        for piece in pieces.numpy():
            boxes = corners(piece)
            truth.append(float(bool(boxes)))
            shown = rng.integers(round(SHOWN_FROM * 10), 11) if boxes else rng.integers(0, round(SHOWN_FROM * 10))
            ids = [*self.tokenizer(answer(int(shown) / 10, boxes)).input_ids, self.tokenizer.eos_token_id]
            before = self.prefix[-1:] + ids[:-1]
            rows.append(self.prefix + ids)
            in_box = [self._in_box(ids, n) for n in range(len(ids))]
            coordinate.append([step_of[t] if box else -100 for t, box in zip(ids, in_box, strict=True)])
            plain.append([-100 if box or n == 1 else t for n, (t, box) in enumerate(zip(ids, in_box, strict=True))])
            assert len(before) == len(ids)
        length = max(len(row) for row in rows)
        filled = torch.full((len(rows), length), int(self.tokenizer.pad_token_id))
        plain_target, coordinate_target = torch.full_like(filled, -100), torch.full_like(filled, -100)
        for n, row in enumerate(rows):
            filled[n, : len(row)] = torch.tensor(row)
            # the token at position t is predicted at t - 1
            plain_target[n, start - 1 : len(row) - 1] = torch.tensor(plain[n])
            coordinate_target[n, start - 1 : len(row) - 1] = torch.tensor(coordinate[n])
        fine = functional.avg_pool2d((pieces > 0).float()[:, None], CELL)[:, 0]
        return Batch(patches(grey), filled, plain_target, coordinate_target, torch.tensor(truth), start, fine)

    def _in_box(self, ids: list[int], position: int) -> bool:
        """Whether a token is a coordinate: a number behind '[' or ',' (the 2 of bbox_2d is not)."""
        if ids[position] not in self._number_set or position < 3:
            return False
        before = self.tokenizer.convert_ids_to_tokens(ids[position - 1])
        return bool(before.endswith("[") or before == ",")

    @property
    def _number_set(self) -> set[int]:
        return set(self.numbers.tolist())


def patches(grey: Tensor) -> Tensor:
    """What the image processor makes of pictures (B, SIDE, SIDE) in [0, 1]: float32 (B * patches, 6 * PATCH**2)."""
    count, cells = len(grey), SIDE // PATCH // MERGE
    tiles = ((grey - 0.5) / 0.5).reshape(count, cells, MERGE, PATCH, cells, MERGE, PATCH)
    tiles = tiles.permute(0, 1, 4, 2, 5, 3, 6).reshape(count * (SIDE // PATCH) ** 2, 1, PATCH * PATCH)
    return tiles.expand(-1, 6, -1).reshape(len(tiles), -1)
