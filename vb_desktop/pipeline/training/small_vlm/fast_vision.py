"""The vision tower's pass for pictures of one size, several times faster to train on a CPU than the general one.

Same weights, same result (a test compares them): the patches go through one matrix product instead of a convolution,
and the attention of all pictures is one batched product instead of one call a picture.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from transformers.models.qwen3_vl.modeling_qwen3_vl import rotate_half
from transformers.vision_utils import (
    get_vision_interpolation_indices_and_weights,
    get_vision_position_ids,
)


def see(visual: Any, pixel_values: Tensor, count: int) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Last hidden states, merged tokens, and deepstack features of `count` square pictures of one size."""
    side = round((len(pixel_values) / count) ** 0.5)
    grid = torch.tensor([[1, side, side]])
    indices, weights = get_vision_interpolation_indices_and_weights(
        grid,
        num_grid_per_side=visual.num_grid_per_side,
        mode=visual.interpolation_mode,
        align_corners=visual.interpolation_align_corners,
        spatial_merge_size=visual.config.spatial_merge_size,
    )
    projection = visual.patch_embed.proj
    hidden = functional.linear(pixel_values, projection.weight.flatten(1), projection.bias)
    hidden = hidden.view(count, side * side, -1)
    hidden = hidden + (visual.pos_embed(indices) * weights[:, :, None]).sum(1).to(hidden.dtype)
    positions = get_vision_position_ids(grid, visual.spatial_merge_size)
    cos, sin = visual.rotary_pos_emb(hidden, positions)
    deep = []
    for number, block in enumerate(visual.blocks):
        hidden = hidden + _attend(block.attn, block.norm1(hidden), cos, sin)
        hidden = hidden + block.mlp(block.norm2(hidden))
        if number in visual.deepstack_visual_indexes:
            merger = visual.deepstack_merger_list[visual.deepstack_visual_indexes.index(number)]
            deep.append(merger(hidden.flatten(0, 1)))
    last = hidden.flatten(0, 1)
    return last, visual.merger(last), deep


def _attend(attention: Any, hidden: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    count, length, _ = hidden.shape
    qkv = attention.qkv(hidden).view(count, length, 3, attention.num_heads, -1).permute(2, 0, 3, 1, 4)
    query, key, value = qkv.unbind(0)
    query, key = (x * cos.to(x.dtype) + rotate_half(x) * sin.to(x.dtype) for x in (query, key))
    scores = torch.matmul(query * attention.scaling, key.transpose(-1, -2))
    mixed = torch.matmul(torch.softmax(scores, dim=-1, dtype=scores.dtype), value)
    out: Tensor = attention.proj(mixed.transpose(1, 2).reshape(count, length, -1))
    return out
