"""The learned slice detector: probabilities of the tumour core on every slice of a scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.model_card import DetectorCard
from vb_desktop.pipeline.models import find_model, load_weights
from vb_desktop.pipeline.mri_processor.compute_device import multiplies_bfloat16
from vb_desktop.pipeline.tumor_localizer.detector_grid import template_tissue
from vb_desktop.pipeline.tumor_localizer.detector_network import OUTPUTS, SliceNet, build_slice_net, volume_channels

_BATCH = 16  # slices at once: half a gigabyte at most


@dataclass(frozen=True, slots=True, eq=False)
class SliceDetector:
    """Networks whose probabilities are averaged, and how their probabilities become boxes."""

    networks: tuple[SliceNet, ...]
    card: DetectorCard
    name: str


def load_detector(name: str) -> SliceDetector:
    """The installed detector of that name, or in that folder.

    Raises:
        ModelRefused: it is missing, damaged, or no detector.
    """
    model = find_model(name)
    card = model.card.detector
    if model.card.kind != "localizer" or card is None:
        raise ModelRefused("model.damaged", name=model.card.name, cause="it is no slice detector")
    networks = torch.nn.ModuleList(
        build_slice_net(model.card.architecture.backbone_options) for _ in range(card.networks)
    )
    load_weights(model, networks)
    return SliceDetector(tuple(networks.eval()), card, f"{model.card.name} {model.card.version}")  # type: ignore[arg-type]


def probabilities(
    networks: tuple[SliceNet, ...], image: Array, on_batch: Callable[[float], None] = lambda _: None
) -> tuple[Array, Array]:
    """Probability of the core and of core or oedema, averaged over the networks and over both mirror images.

    In bfloat16 where the processor has units for it, three times as fast; an edge of a box can then lie 1 mm elsewhere.

    Args:
        networks: in evaluation mode.
        image: float32 `SHAPE`, from `detector_input`.
        on_batch: told the share that is done.

    Returns:
        core, whole: float32 `SHAPE`.
    """
    slices = volume_channels(torch.from_numpy(np.ascontiguousarray(image)), torch.from_numpy(template_tissue()))
    parts: list[Tensor] = []
    batches = torch.split(slices, _BATCH)
    with torch.inference_mode():
        for number, batch in enumerate(batches):
            ordered = batch.contiguous(memory_format=torch.channels_last)
            said = [_marks(network, ordered) for network in networks]
            said += [_marks(network, ordered.flip(2)).flip(2) for network in networks]
            parts.append(torch.stack(said).mean(0))
            on_batch((number + 1) / len(batches))
    marks = torch.cat(parts).permute(1, 2, 3, 0).numpy()  # (outputs, I, J, K)
    core, whole = marks[OUTPUTS.index("core")], marks[OUTPUTS.index("whole")]
    return np.ascontiguousarray(core), np.ascontiguousarray(np.maximum(core, whole))


def _marks(network: SliceNet, slices: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16, enabled=multiplies_bfloat16()):
        marks, _ = network(slices)
    return torch.as_tensor(marks.float().sigmoid())
