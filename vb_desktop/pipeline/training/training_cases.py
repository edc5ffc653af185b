"""Cases for training: drawn once, kept as compact arrays on disk, read back one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.training.synthetic_cohort import SyntheticCohort, content_hash

Array = npt.NDArray[Any]
PRIOR_LEVELS = 250


@dataclass(frozen=True, slots=True, eq=False)
class TrainingCases:
    """Images, priors and labels.

    Attributes:
        images: float16 (N, I, J, K), standardised in the brain, 0 outside.
        priors: uint8 (N, I, J, K), `PRIOR_LEVELS` = 1.
        labels: int64 (N,).
        sha256: of the content of the cases, see `content_hash`.
    """

    images: Array
    priors: Array
    labels: Array
    sha256: str

    def __len__(self) -> int:
        return len(self.labels)

    def case(self, number: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], int]:
        """Image and prior, float32 (I, J, K), and the class."""
        prior = self.priors[number].astype(np.float32) / PRIOR_LEVELS
        return self.images[number].astype(np.float32), prior, int(self.labels[number])


def keep_cases(cohort: SyntheticCohort, folder: Path | None = None) -> TrainingCases:
    """Draw the cohort, or take it from `folder` where an interrupted run left it complete.

    Args:
        cohort: what to draw.
        folder: where to keep it; in memory where None.
    """
    shape = (len(cohort), *cohort.grid.shape)
    done = folder / "cohort.json" if folder else None
    told = {"n": cohort.n, "seed": cohort.seed, "grid": list(cohort.grid.shape), "spacing_mm": cohort.grid.spacing_mm}
    if folder is None or done is None:
        images, priors = np.empty(shape, np.float16), np.empty(shape, np.uint8)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        known = json.loads(done.read_text(encoding="utf-8")) if done.is_file() else {}
        if {key: known.get(key) for key in told} == told:
            images = np.load(folder / "images.npy", mmap_mode="r")
            priors = np.load(folder / "priors.npy", mmap_mode="r")
            return TrainingCases(images, priors, np.asarray(known["labels"]), known["sha256"])
        done.unlink(missing_ok=True)
        images = np.lib.format.open_memmap(folder / "images.npy", "w+", np.float16, shape)  # type: ignore[no-untyped-call]
        priors = np.lib.format.open_memmap(folder / "priors.npy", "w+", np.uint8, shape)  # type: ignore[no-untyped-call]
    labels, hashes = [], []
    for number, case in enumerate(cohort):
        images[number], priors[number] = case.image, np.round(case.prior * PRIOR_LEVELS)
        labels.append(case.label)
        hashes.append(content_hash([case]))
    sha256 = _join(hashes)
    if done is not None:
        images.flush()  # type: ignore[attr-defined]
        priors.flush()  # type: ignore[attr-defined]
        write_text(done, json.dumps({**told, "labels": labels, "sha256": sha256}))
    return TrainingCases(images, priors, np.asarray(labels), sha256)


def _join(hashes: Sequence[str]) -> str:
    import hashlib

    return hashlib.sha256("".join(hashes).encode()).hexdigest()
