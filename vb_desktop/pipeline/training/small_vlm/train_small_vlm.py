"""The training loop of the small VLM: bfloat16 where the processor has it, averaged weights, resumable."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from vb_desktop.pipeline.mri_processor.compute_device import multiplies_bfloat16
from vb_desktop.pipeline.training.checkpoint import load_checkpoint, save_checkpoint
from vb_desktop.pipeline.training.small_vlm.augment import augment
from vb_desktop.pipeline.training.small_vlm.fast_vision import see
from vb_desktop.pipeline.training.small_vlm.losses import (
    MapHead,
    coordinate_loss,
    form_loss,
    likelihood_loss,
    map_loss,
)
from vb_desktop.pipeline.training.small_vlm.painted_lesion import paint_lesion
from vb_desktop.pipeline.training.small_vlm.pictures import Pictures
from vb_desktop.pipeline.training.small_vlm.sequences import Batch, Sequences
from vb_desktop.pipeline.training.small_vlm.two_optimisers import TwoOptimisers

if TYPE_CHECKING:
    from transformers import Qwen3VLForConditionalGeneration


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallVlmRecipe:
    """How it is trained.

    Attributes:
        steps: batches in all; the learning rate falls to zero over the last `decay` share of them.
        batch: pictures a step.
        learning_rate: at its highest.
        decay: share of the steps.
        map_only: first steps, in which the vision tower alone learns the tumour's map.
        shares: of the sources of pictures: synthetic cohort, synthetic lesions in real brains, expert-segmented scans.
        painted: share of the pictures without tumour on which a lesion is painted.
        with_tumour: share of the drawn pictures that show a tumour.
        averaging: decay of the averaged weights, which are what is kept.
        seed: of everything random.
    """

    steps: int = 20000
    batch: int = 24
    learning_rate: float = 1e-3
    warm_up: int = 100
    decay: float = 0.3
    map_only: int = 400
    weight_decay: float = 0.05
    shares: tuple[float, ...] = (0.35, 0.35, 0.3)
    painted: float = 0.45
    with_tumour: float = 0.45
    averaging: float = 0.998
    seed: int = 0


class SmallVlmTraining(nn.Module):
    """Network, the head that helps it learn, and the averaged weights, as one module for the checkpoint."""

    def __init__(self, vlm: Qwen3VLForConditionalGeneration) -> None:
        super().__init__()
        self.vlm = vlm
        self.head = MapHead(vlm.config.vision_config.hidden_size)
        self.average = nn.ParameterDict(
            {
                name.replace(".", "/"): nn.Parameter(p.detach().clone(), requires_grad=False)
                for name, p in vlm.named_parameters()
            }
        )

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """Without the output layer, which shares its memory with the embeddings."""
        state: dict[str, Any] = super().state_dict(*args, **kwargs)
        return {key: value for key, value in state.items() if key != "vlm.lm_head.weight"}

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """The same way back."""
        tied = state_dict["vlm.model.language_model.embed_tokens.weight"]
        return super().load_state_dict({**state_dict, "vlm.lm_head.weight": tied}, strict, assign)

    @torch.no_grad()
    def update_average(self, decay: float) -> None:
        """Move the averaged weights towards the present ones."""
        for name, parameter in self.vlm.named_parameters():
            self.average[name.replace(".", "/")].lerp_(parameter, 1 - decay)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange present and averaged weights."""
        for name, parameter in self.vlm.named_parameters():
            other = self.average[name.replace(".", "/")]
            kept = parameter.detach().clone()
            parameter.copy_(other)
            other.copy_(kept)


def answer_logits(vlm: Any, batch: Batch, positions: Tensor, first: int) -> tuple[Tensor, Tensor, Tensor]:
    """Logits from position `first` on, and the vision tower's two outputs: one pass without generation."""
    count = len(batch.ids)
    last, merged, deep = see(vlm.model.visual, batch.pixel_values, count)
    is_image = batch.ids == vlm.config.image_token_id
    embeds = vlm.model.language_model.embed_tokens(batch.ids)
    embeds = embeds.masked_scatter(is_image[..., None], merged.to(embeds.dtype))
    out = vlm.model.language_model(
        inputs_embeds=embeds,
        position_ids=positions[:, :, : batch.ids.shape[1]].expand(3, count, -1),
        visual_pos_masks=is_image,
        deepstack_visual_embeds=deep,
        use_cache=False,
    )
    return vlm.lm_head(out.last_hidden_state[:, first:]), last, merged


def positions_of(vlm: Any, prefix: list[int], longest: int = 96) -> Tensor:
    """Rotary positions (3, 1, prefix + longest), the same for every sequence: prompt and image don't change."""
    ids = torch.tensor([prefix])
    kinds = (ids == vlm.config.image_token_id).int()
    side = round(float(kinds.sum()) ** 0.5) * vlm.config.vision_config.spatial_merge_size
    found, _ = vlm.model.get_rope_index(ids, kinds, image_grid_thw=torch.tensor([[1, side, side]]))
    after = found.max() + 1 + torch.arange(longest)
    positions: Tensor = torch.cat([found, after[None, None].expand(3, 1, -1)], dim=2)
    return positions


def train_small_vlm(
    vlm: Qwen3VLForConditionalGeneration,
    sequences: Sequences,
    pictures: Callable[[], Sequence[Pictures]],
    recipe: SmallVlmRecipe,
    folder: Path,
    *,
    minutes: float,
    on_pause: Callable[[int, SmallVlmTraining], None],
    every: int = 500,
) -> SmallVlmTraining:
    """Train until the recipe's steps or the time is over, from the checkpoint on where there is one.

    Args:
        vlm: fresh network.
        sequences: of its tokenizer and prompt.
        pictures: gives the sources in the order of `recipe.shares`; called again at each pause, so that they may grow.
        recipe: how; `steps` may change between runs.
        folder: of `checkpoint.safetensors` and `log.jsonl`.
        minutes: time of this run.
        on_pause: called every `every` steps, with the averaged weights in place.
        every: steps from one checkpoint to the next.
    """
    torch.manual_seed(recipe.seed)
    training = SmallVlmTraining(vlm)
    optimiser = TwoOptimisers(training, recipe.learning_rate, recipe.weight_decay)
    checkpoint, step = folder / "checkpoint.safetensors", 0
    if checkpoint.is_file():
        step = int(load_checkpoint(checkpoint, training, optimiser)["step"])
    positions = positions_of(vlm, sequences.prefix)
    sources = pictures()
    started, sums = time.monotonic(), np.zeros(5)
    while step < recipe.steps and time.monotonic() - started < minutes * 60:
        rng = np.random.default_rng([recipe.seed, step])
        batch = _draw(sources, sequences, recipe, rng)
        optimiser.set_rate(_rate(recipe, step))
        if step < recipe.map_only:
            parts = _map_losses(training, batch)
        else:
            parts = _all_losses(training, batch, sequences, positions)
        loss: Tensor = torch.stack(parts).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(training.vlm.parameters(), 1.0)
        optimiser.step()
        training.update_average(min(recipe.averaging, 1 - 1 / (step / 10 + 2)))
        sums[: len(parts)] += [float(part.detach()) for part in parts]
        step += 1
        if step % 50 == 0:
            line = {"step": step, "seconds": round(time.monotonic() - started), "loss": (sums / 50).round(4).tolist()}
            with (folder / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            sums[:] = 0
        if step % every == 0 or step == recipe.steps:
            save_checkpoint(checkpoint, training, optimiser, {"step": step, "recipe": asdict(recipe)})
            training.swap()
            on_pause(step, training)
            training.swap()
            sources = pictures()
    save_checkpoint(checkpoint, training, optimiser, {"step": step, "recipe": asdict(recipe)})
    return training


def _map_losses(training: SmallVlmTraining, batch: Batch) -> list[Tensor]:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=multiplies_bfloat16()):
        last, merged, _ = see(training.vlm.model.visual, batch.pixel_values, len(batch.ids))
        fine, coarse = training.head(last, merged, len(batch.ids))
    return [map_loss(fine.float(), batch), map_loss(coarse.float(), batch)]


def _all_losses(training: SmallVlmTraining, batch: Batch, sequences: Sequences, positions: Tensor) -> list[Tensor]:
    first = len(sequences.prefix) - 1
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=multiplies_bfloat16()):
        logits, last, merged = answer_logits(training.vlm, batch, positions, first)
        fine, coarse = training.head(last, merged, len(batch.ids))
    answers, logits = _from(batch, first), logits.float()
    return [
        map_loss(fine.float(), batch),
        map_loss(coarse.float(), batch),
        form_loss(logits, answers),
        coordinate_loss(logits, answers, sequences.numbers),
        4 * likelihood_loss(logits, answers, sequences.likelihoods),
    ]


def _rate(recipe: SmallVlmRecipe, step: int) -> float:
    left = (recipe.steps - step) / max(recipe.decay * recipe.steps, 1)
    return recipe.learning_rate * min(1.0, (step + 1) / recipe.warm_up, max(left, 0.01))


def _from(batch: Batch, first: int) -> Batch:
    """The targets of the positions from `first` on."""
    return Batch(
        batch.pixel_values,
        batch.ids,
        batch.plain[:, first:],
        batch.coordinate[:, first:],
        batch.truth,
        batch.likelihood_at - first,
        batch.fine,
    )


def _draw(sources: Sequence[Pictures], sequences: Sequences, recipe: SmallVlmRecipe, rng: np.random.Generator) -> Batch:
    pixels, tumours = [], []
    for _ in range(recipe.batch):
        grey, pieces = _one(sources[int(rng.choice(len(sources), p=recipe.shares))], recipe, rng)
        pixels.append(torch.from_numpy(grey))
        tumours.append(torch.from_numpy(pieces))
    generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
    grey_batch, pieces_batch = augment(torch.stack(pixels), torch.stack(tumours), generator)
    return sequences.build(grey_batch, pieces_batch, rng)


def _one(source: Pictures, recipe: SmallVlmRecipe, rng: np.random.Generator) -> tuple[Any, Any]:
    wanted = rng.random() < recipe.with_tumour
    for _ in range(20):
        number = int(rng.integers(len(source)))
        if source.shows[number] == wanted:
            break
    grey, pieces = source.pixels[number], source.tumours[number]
    if not source.shows[number] and rng.random() < recipe.painted:
        painted = paint_lesion(rng, grey)
        if painted is not None:
            return painted[0], painted[1].astype(np.uint8)
    return grey, pieces
