from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vb_desktop.pipeline.training.small_vlm.architecture import IMAGE_TOKENS, build_config, build_tokenizer
from vb_desktop.pipeline.training.small_vlm.losses import likelihood_loss
from vb_desktop.pipeline.training.small_vlm.measure import overlap
from vb_desktop.pipeline.training.small_vlm.painted_lesion import paint_lesion
from vb_desktop.pipeline.training.small_vlm.pictures import DRAWN, Pictures, pieces
from vb_desktop.pipeline.training.small_vlm.sequences import Sequences, corners
from vb_desktop.pipeline.training.small_vlm.train_small_vlm import (
    SmallVlmRecipe,
    SmallVlmTraining,
    answer_logits,
    positions_of,
    train_small_vlm,
)
from vb_desktop.pipeline.tumor_localizer.answer import parse_answer

PROMPT = "Mark the tumours on this slice. Answer with JSON only."


@pytest.fixture(scope="module")
def sequences() -> Sequences:
    return Sequences(build_tokenizer(PROMPT), PROMPT)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Small products wait for each other on several threads, on a busy machine for minutes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def pictures(count: int = 6) -> Pictures:
    """Discs of brain, every other one with a bright square."""
    y, x = np.ogrid[:DRAWN, :DRAWN]
    grey = np.where((x - 96) ** 2 + (y - 96) ** 2 < 80**2, 110, 0).astype(np.uint8)[None].repeat(count, 0)
    tumours = np.zeros_like(grey)
    for n in range(0, count, 2):
        grey[n, 60:90, 50 + 5 * n : 80 + 5 * n] = 240
        tumours[n, 60:90, 50 + 5 * n : 80 + 5 * n] = 1
    return Pictures(grey, tumours, np.arange(count) % 2 == 0)


def test_every_coordinate_is_one_token(sequences: Sequences) -> None:
    tokenizer = sequences.tokenizer
    assert all(len(tokenizer(str(n)).input_ids) == 1 for n in range(0, 1001, 5))
    assert sequences.prefix.count(tokenizer.convert_tokens_to_ids("<|image_pad|>")) == IMAGE_TOKENS
    text = '{"likelihood":0.9,"boxes":[{"bbox_2d":[10,20,30,40]}]}'
    assert tokenizer.decode(tokenizer(text).input_ids) == text


def test_targets_spell_the_answer(sequences: Sequences) -> None:
    """What is to be predicted, read off the targets, is the answer whose boxes are the pieces."""
    some = pictures()
    batch = sequences.build(
        torch.from_numpy(some.pixels[:2, :160, :160]).float() / 255,
        torch.from_numpy(some.tumours[:2, :160, :160].copy()),
        np.random.default_rng(0),
    )
    first = len(sequences.prefix) - 1
    for row, tumour in enumerate(some.tumours[:2, :160, :160]):
        said = []
        for at in range(first, batch.ids.shape[1]):
            if at == batch.likelihood_at:
                said.append(int(batch.ids[row, at + 1]))
            elif batch.coordinate[row, at] >= 0:
                said.append(int(sequences.numbers[batch.coordinate[row, at]]))
            elif batch.plain[row, at] >= 0:
                said.append(int(batch.plain[row, at]))
        answer = parse_answer(sequences.tokenizer.decode(said, skip_special_tokens=True))
        assert [mark.corners for mark in answer.marks] == [tuple(map(float, box)) for box in corners(tumour)]
        assert bool(answer.marks) == bool(batch.truth[row])
        assert (answer.likelihood >= 0.3) == bool(batch.truth[row])


def test_the_best_likelihood_to_say_is_the_share_of_tumours(sequences: Sequences) -> None:
    """Of ten equal pictures three show a tumour: the loss is least where all say 0.3."""
    losses = []
    for said in range(11):
        logits = torch.full((10, 2, len(sequences.tokenizer)), -20.0)
        logits[:, 1, sequences.likelihoods[said]] = 20.0
        batch: Any = type("Batch", (), {"likelihood_at": 1, "truth": torch.tensor([1.0] * 3 + [0.0] * 7)})
        losses.append(float(likelihood_loss(logits, batch, sequences.likelihoods)))
    assert int(np.argmin(losses)) == 3


def test_pieces_join_what_is_near_and_leave_caps_out() -> None:
    tumour = np.zeros((100, 100), bool)
    tumour[10:30, 10:30] = tumour[10:30, 32:40] = True  # 2 pixels apart
    tumour[60:70, 60:70] = tumour[90:93, 90:93] = True  # a second one, and a cap of 9 mm2
    found = pieces(tumour, 1.0)
    assert found.max() == 2 and corners(found)[0] == (100, 100, 400, 300)
    assert not found[90:93, 90:93].any()


def test_a_painted_lesion_lies_in_the_brain() -> None:
    brain = pictures().pixels[1]
    for seed in range(5):
        painted = paint_lesion(np.random.default_rng(seed), brain)
        assert painted is not None
        assert (painted[1] <= (brain > 0)).all() and (painted[0][brain == 0] == 0).all()
        assert np.abs(painted[0][painted[1]].astype(float) - 110).mean() > 10


def test_overlap() -> None:
    assert overlap([(0, 0, 500, 500)], [(0, 0, 500, 500)]) == 1.0
    assert overlap([(0, 0, 500, 1000)], [(0, 0, 1000, 1000)]) == pytest.approx(0.5)
    assert overlap([], [(0, 0, 500, 500)]) == 0.0


def test_an_interrupted_training_ends_as_an_uninterrupted_one(
    sequences: Sequences, tmp_path: Path, one_thread: None
) -> None:
    from transformers import Qwen3VLForConditionalGeneration

    recipe = SmallVlmRecipe(steps=3, batch=2, map_only=1, shares=(0.5, 0.5))

    def run(folder: Path, minutes: float, every: int, stop_at: int = 99) -> dict[str, torch.Tensor]:
        folder.mkdir(exist_ok=True)
        torch.manual_seed(0)
        vlm = Qwen3VLForConditionalGeneration(build_config(sequences.tokenizer, depth=2, layers=1))

        def pause(step: int, training: SmallVlmTraining) -> None:
            if step == stop_at:
                raise KeyboardInterrupt

        training = train_small_vlm(
            vlm, sequences, lambda: [pictures(), pictures()], recipe, folder,
            minutes=minutes, on_pause=pause, every=every,
        )  # fmt: skip
        return training.state_dict()

    whole = run(tmp_path / "whole", 5, 99)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "parts", 5, 2, stop_at=2)
    parts = run(tmp_path / "parts", 5, 99)
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


@torch.no_grad()
def test_what_is_trained_is_what_answers(sequences: Sequences, one_thread: None) -> None:
    """The training's quick pass gives the logits of the network's own pass, prompt, picture and all."""
    from transformers import Qwen3VLForConditionalGeneration

    torch.manual_seed(0)
    vlm = Qwen3VLForConditionalGeneration(build_config(sequences.tokenizer, depth=4, layers=2)).eval()
    some = pictures()
    batch = sequences.build(
        torch.from_numpy(some.pixels[:2, :160, :160]).float() / 255,
        torch.from_numpy(some.tumours[:2, :160, :160].copy()),
        np.random.default_rng(0),
    )
    first = len(sequences.prefix) - 1
    quick, _, _ = answer_logits(vlm, batch, positions_of(vlm, sequences.prefix), first)
    side = round((len(batch.pixel_values) / 2) ** 0.5)
    whole = vlm(
        input_ids=batch.ids,
        pixel_values=batch.pixel_values,
        image_grid_thw=torch.tensor([[1, side, side]] * 2),
        mm_token_type_ids=(batch.ids == vlm.config.image_token_id).int(),
    )
    assert torch.allclose(quick, whole.logits[:, first:], atol=1e-4)
