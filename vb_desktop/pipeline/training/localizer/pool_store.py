"""The synthetic pool on disk: drawn case by case, an interrupted drawing goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.training.localizer.grid_case import GridCase
from vb_desktop.pipeline.training.localizer.pool import synthetic_case
from vb_desktop.pipeline.tumor_localizer.detector_grid import SHAPE

_EVERY = 20  # cases between two notes of how far it got


def keep_pool(
    real: Sequence[GridCase], count: int, seed: int, folder: Path, on_case: Callable[[int], None] = lambda _: None
) -> list[GridCase]:
    """The pool of `synthetic_case`s, from `folder` as far as it was drawn there from the same real cases.

    Args:
        real: brains and lesions to draw from.
        count: number of cases.
        seed: of the pool.
        folder: two arrays, 2 MB a case, and `pool.json`.
        on_case: told the number done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "pool.json"
    told = {"real": cases_hash(real), "count": count, "seed": seed}
    known = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    drawn: list[tuple[str, list[str]]] = known["drawn"] if known and {k: known[k] for k in told} == told else []
    mode = "r+" if drawn else "w+"
    images, marks = (
        np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
            folder / f"{name}.npy", mode=mode, dtype=kind, shape=(count, *SHAPE)
        )
        for name, kind in (("images", np.float16), ("marks", np.uint8))
    )
    for number in range(len(drawn), count):
        case = synthetic_case(real, number, seed)
        images[number], marks[number] = case.image, case.marks
        drawn.append((case.name, list(case.patients)))
        if (number + 1) % _EVERY == 0 or number + 1 == count:
            images.flush()
            marks.flush()
            write_text(note, json.dumps({**told, "drawn": drawn}))
        on_case(number + 1)
    return [GridCase(name, tuple(patients), images[n], marks[n]) for n, (name, patients) in enumerate(drawn[:count])]


def cases_hash(cases: Sequence[GridCase]) -> str:
    """Sha256 of the cases' names, images and marks."""
    digest = hashlib.sha256()
    for case in cases:
        digest.update(case.name.encode())
        digest.update(np.ascontiguousarray(case.image).tobytes())
        digest.update(np.ascontiguousarray(case.marks).tobytes())
    return digest.hexdigest()
