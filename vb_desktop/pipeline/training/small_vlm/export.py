"""The trained small VLM as a checkpoint folder: half precision, tokenizer, image settings, licence and card."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from vb_desktop.pipeline.training.checkpoint import load_checkpoint
from vb_desktop.pipeline.training.small_vlm.architecture import PROMPT_VERSION, write_processing
from vb_desktop.pipeline.training.small_vlm.measure import measure
from vb_desktop.pipeline.training.small_vlm.pictures import load
from vb_desktop.pipeline.training.small_vlm.sequences import Sequences
from vb_desktop.pipeline.training.small_vlm.train_small_vlm import SmallVlmTraining
from vb_desktop.pipeline.training.small_vlm.two_optimisers import TwoOptimisers

if TYPE_CHECKING:
    from transformers import Qwen3VLForConditionalGeneration

CARD = "model.json"
_DATA = (
    "Slices of synthetic cases (MNI152 maps of nilearn), of T1-CE scans with expert segmentations, and of these scans "
    "with lesions moved or drawn in. Scans: BraTS 2018 (TCGA-GBM and TCGA-LGG, TCIA, CC BY 3.0) and BraTS 2021 (CC BY "
    "4.0); Baid et al. 2021, Menze et al. 2015, Bakas et al. 2017. None of the patients held out is in any of them."
)
_INTENDED = (
    "A test of the way through Qwen3-VL's classes and through servers, not a finder of tumours in patients: it has 7.6 "
    "million parameters and was trained for about an hour on a processor."
)


def export_small_vlm(
    vlm: Qwen3VLForConditionalGeneration, sequences: Sequences, pool: Path, work: Path, out: Path
) -> dict[str, Any]:
    """Write the averaged weights of a training, measured on the pictures held out.

    Args:
        vlm: of the same architecture.
        sequences: of its tokenizer and prompt.
        pool: for what was held out.
        work: folder of the training's checkpoint.
        out: folder to write.

    Returns:
        The card.
    """
    training = SmallVlmTraining(vlm)
    state = load_checkpoint(work / "checkpoint.safetensors", training, TwoOptimisers(training, 0.0, 0.0))
    training.swap()
    out.mkdir(parents=True, exist_ok=True)
    vlm.half().save_pretrained(out)
    write_processing(out, sequences.tokenizer)
    vlm.float().eval()
    held = {kind: load(sorted(pool.glob(f"{kind}_*.npz"))) for kind in ("held_synthetic", "held_real")}
    with torch.no_grad():
        metrics = {kind: asdict(measure(vlm, sequences, pictures)) for kind, pictures in held.items()}
    weights = out / "model.safetensors"
    card = {
        "what": "Qwen3-VL architecture in small, own tokenizer; answers the prompt " + PROMPT_VERSION,
        "intended": _INTENDED,
        "data": _DATA,
        "licence": "CC BY 4.0",
        "parameters": sum(parameter.numel() for parameter in vlm.parameters()),
        "steps": state["step"],
        "recipe": state["recipe"],
        "metrics": metrics,
        "limits": [
            f"{kind}: a box on {measured['false_positive']:.0%} of the pictures without a tumour."
            for kind, measured in metrics.items()
        ],
        "measure": "n: pictures with a tumour; iou: mean overlap of all boxes with all true ones, 0 without a box",
        "weights_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    (out / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(out / ".cache", ignore_errors=True)
    return card
