"""Train the small VLM: python -m vb_desktop.pipeline.training.small_vlm draw|train|export ...

draw    FOLDER POOL    pictures from segmented cases and the synthetic cohort; can be interrupted
train   POOL WORK      goes on from the checkpoint in WORK; can be interrupted
export  POOL WORK OUT  half precision, measured on what was held out, with its card
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.tumor_localizer.vlm import read_prompt

HELD_OUT = (
    "BraTS2021_01481",
    "Brats18_TCIA01_378_1",
    "Brats18_TCIA02_606_1",
    "BraTS2021_01478",
    "Brats18_TCIA10_639_1",
)
"""Three enhancing tumours, one of them small, and two that hardly enhance."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the three steps."""
    parser = argparse.ArgumentParser(
        prog="small_vlm", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    steps = parser.add_subparsers(dest="step", required=True)
    drawing = steps.add_parser("draw")
    drawing.add_argument("folder", type=Path)
    drawing.add_argument("pool", type=Path)
    drawing.add_argument("--processed", type=Path, help="cache of processed cases; POOL/processed")
    drawing.add_argument("--synthetic", type=int, default=300, help="cases of the synthetic cohort")
    drawing.add_argument("--moved", type=int, default=480, help="cases with lesions in real brains")
    training = steps.add_parser("train")
    training.add_argument("pool", type=Path)
    training.add_argument("work", type=Path)
    training.add_argument("--minutes", type=float, default=120.0)
    training.add_argument("--steps", type=int, default=8000)
    exporting = steps.add_parser("export")
    exporting.add_argument("pool", type=Path)
    exporting.add_argument("work", type=Path)
    exporting.add_argument("out", type=Path)
    chosen = parser.parse_args(arguments)
    {"draw": _draw, "train": _train, "export": _export}[chosen.step](chosen)


def _draw(chosen: argparse.Namespace) -> None:
    from vb_desktop.pipeline.evaluation.expert_cases import find_cases
    from vb_desktop.pipeline.training.small_vlm import draw_pool

    pool, cache = chosen.pool, chosen.processed or chosen.pool / "processed"
    pool.mkdir(parents=True, exist_ok=True)
    experts = [case for case in find_cases(chosen.folder) if case.segmentation is not None]
    for path in chain(
        draw_pool.draw_synthetic(pool, draw_pool.HELD_SEED, 40, "held_synthetic"),
        draw_pool.draw_real(pool, experts, HELD_OUT, cache),
        draw_pool.draw_synthetic(pool, draw_pool.LEARNED_SEED, chosen.synthetic, "synthetic"),
        draw_pool.draw_moved(pool, experts, HELD_OUT, cache, chosen.moved),
    ):
        print(path.name, flush=True)


def _train(chosen: argparse.Namespace) -> None:
    from vb_desktop.pipeline.training.small_vlm.measure import measure
    from vb_desktop.pipeline.training.small_vlm.pictures import Pictures, load, some
    from vb_desktop.pipeline.training.small_vlm.train_small_vlm import (
        SmallVlmRecipe,
        SmallVlmTraining,
        train_small_vlm,
    )

    vlm, sequences = _fresh()
    vlm.model.language_model.config._attn_implementation = "eager"  # the other one is slow backwards on processors
    chosen.work.mkdir(parents=True, exist_ok=True)
    kept: dict[str, tuple[int, Pictures]] = {}

    def shards(kind: str) -> Pictures:
        paths = sorted(chosen.pool.glob(f"{kind}_*.npz"))
        if kept.get(kind, (0,))[0] != len(paths):
            kept[kind] = len(paths), load(paths)
        return kept[kind][1]

    def pause(step: int, training: SmallVlmTraining) -> None:
        training.vlm.eval()
        sets = {kind: some(shards(kind), 128, seed=1) for kind in ("held_synthetic", "held_real")}
        found: dict[str, Any] = {kind: asdict(measure(training.vlm, sequences, part)) for kind, part in sets.items()}
        with (chosen.work / "measured.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"step": step, **found}) + "\n")
        training.vlm.train()

    train_small_vlm(
        vlm,
        sequences,
        lambda: [shards(kind) for kind in ("synthetic", "moved", "real")],
        SmallVlmRecipe(steps=chosen.steps),
        chosen.work,
        minutes=chosen.minutes,
        on_pause=pause,
    )


def _export(chosen: argparse.Namespace) -> None:
    from vb_desktop.pipeline.training.small_vlm.export import export_small_vlm

    vlm, sequences = _fresh()
    export_small_vlm(vlm, sequences, chosen.pool, chosen.work, chosen.out)


def _fresh() -> tuple[Any, Any]:
    import torch
    from transformers import Qwen3VLForConditionalGeneration

    from vb_desktop.pipeline.training.small_vlm.architecture import PROMPT_VERSION, build_config, build_tokenizer
    from vb_desktop.pipeline.training.small_vlm.sequences import Sequences

    prompt = read_prompt(PROMPT_VERSION)
    tokenizer = build_tokenizer(prompt)
    torch.manual_seed(0)
    return Qwen3VLForConditionalGeneration(build_config(tokenizer)), Sequences(tokenizer, prompt)


if __name__ == "__main__":
    main()
