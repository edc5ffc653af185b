"""Bring a whole cohort to what the networks see: process, localise, sample; in parallel, resumable, cached.

Two caches under `work`: `full` holds what the pipeline's stages gave on the template's grid (some 15 MB a case),
`grids` what a network's grid makes of it. Keys are hashes of the scan's content, the settings and the models, so
whatever changes is computed anew and nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import Z_LIMIT, InputGrid, resample
from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.case import Array, Localization, ProcessedScan
from vb_desktop.pipeline.cohort.cohort import Cohort, CohortCase
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.fingerprints import content_hash, digest, localizing_models, processing_models
from vb_desktop.pipeline.follow_parent import follow_parent
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.messages import say as in_words
from vb_desktop.pipeline.models import find_model, is_installed

if TYPE_CHECKING:
    from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer

TABLE = "prepared.csv"
_VERSION = 1  # of what is kept; raised when the same key would mean something else
_FULL_KEYS = ("image", "brain", "coarse", "refined", "start", "shape", "affine", "boxes", "seconds")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedCase:
    """What a network sees of a case, on the input grid.

    Attributes:
        case: whose it is.
        image: float16 (I, J, K), intensities in [0, 1] inside the brain, 0 outside; z-score comes after augmentation.
        brain: uint8.
        coarse: float16 in [0, 1] inside the brain; all 0 where nothing was localised.
        refined: likewise.
    """

    case: CohortCase
    image: Array
    brain: Array
    coarse: Array
    refined: Array

    @property
    def found(self) -> bool:
        """Whether the localiser found anything."""
        return bool(self.refined.any())


def prepare_cohort(
    cohort: Cohort, config: Config, grid: InputGrid, work: Path, *, jobs: int = 1,
    say: Callable[[str], None] = lambda _: None, on_case: Callable[[int, int], None] = lambda done, of: None,
) -> list[PreparedCase]:  # fmt: skip
    """Process, localise and sample every case; what was done before is taken from `work`.

    Args:
        cohort: what to prepare.
        config: every setting; each case's own input space takes the place of `input.space`.
        grid: the network's.
        work: keeps the caches and a table of what was found (`prepared.csv`).
        jobs: processes.
        say: told a sentence for each case that failed; failures are not fatal.
        on_case: told how many of how many are done.

    Returns:
        The cases that could be prepared, in the cohort's order.
    """
    for part in ("full", "grids"):
        (work / part).mkdir(parents=True, exist_ok=True)
    done: dict[str, tuple[Path, dict[str, Any]]] = {}
    for number, (case, result) in enumerate(_all(cohort.cases, config, grid, work, jobs), start=1):
        if isinstance(result, str):
            say(in_words(Message("cohort.case_failed", {"case": case.name, "cause": result})))
        else:
            done[case.name] = result
        on_case(number, len(cohort.cases))
    prepared = [_read_prepared(case, done[case.name][0]) for case in cohort.cases if case.name in done]
    _write_table(work / TABLE, cohort, done)
    return prepared


def _all(
    cases: tuple[CohortCase, ...], config: Config, grid: InputGrid, work: Path, jobs: int
) -> Iterator[tuple[CohortCase, tuple[Path, dict[str, Any]] | str]]:
    """Each case with its file, or with the sentence why there is none; as they get done."""
    if jobs <= 1 or len(cases) < 2:
        for case in cases:
            yield case, _tried(case, config, grid, work)
        return
    with ProcessPoolExecutor(min(jobs, len(cases)), mp_context=get_context("spawn"), initializer=_one_thread) as pool:
        waiting = {pool.submit(_tried, case, config, grid, work): case for case in cases}
        try:
            for future in as_completed(waiting):
                try:
                    yield waiting[future], future.result()
                except BrokenProcessPool:
                    yield waiting[future], "The process that worked on it ended; memory may have run out."
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # interrupted: what has not begun is not begun


def _one_thread() -> None:
    """Each process one thread: more of them only get into each other's way; none outlives its parent."""
    follow_parent()
    for name in ("OMP_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    import torch

    torch.set_num_threads(1)


def _tried(case: CohortCase, config: Config, grid: InputGrid, work: Path) -> tuple[Path, dict[str, Any]] | str:
    try:
        return prepare_case(case, config, grid, work)
    except VBError as error:
        return error.sentence()
    except MemoryError:
        return "Memory ran out."
    except Exception as error:  # one case must not end the others
        return f"{type(error).__name__}: {str(error)[:200]}"


def prepare_case(case: CohortCase, config: Config, grid: InputGrid, work: Path) -> tuple[Path, dict[str, Any]]:
    """The file of one case on the grid, and what was found; computed unless it lies there.

    Raises:
        VBError: the scan can't be read, processed or localised.
    """
    settings = config.changed(input__space=case.input_space)
    key = key_of(case, settings)
    where = digest(key, list(grid.shape), grid.spacing_mm, list(grid.origin_mm))
    sampled = work / "grids" / f"{where[:32]}.npz"
    said = _told(sampled)
    if said is not None:
        return sampled, said
    full = _full(work / "full" / f"{key[:32]}.npz", case, settings)
    arrays = _sampled(full, grid)
    said = {"boxes": int(full["boxes"]), "found": bool(arrays["refined"].any()), "seconds": float(full["seconds"])}
    with atomic_path(sampled) as temporary:
        np.savez_compressed(temporary, **arrays, told=np.array(json.dumps(said)))  # type: ignore[arg-type]
    return sampled, said


def key_of(case: CohortCase, config: Config) -> str:
    """Hash of all that the stages' result for a case depends on."""
    return digest(
        _VERSION, content_hash(case.scan), config.input, config.skull_stripping, config.bias_field,
        config.registration, config.vlm.model_dump(exclude={"detector"}), config.coarse, config.refine,
        _models(config),
    )  # fmt: skip


@cache
def _models(config: Config) -> tuple[dict[str, str], list[str], Any]:
    """Hashes of the weights, and how the detector's become boxes; where it lies and what else its card says is not."""
    marks = None
    if config.vlm.backend == "builtin" and is_installed(config.vlm.detector):
        card = find_model(config.vlm.detector).card.detector
        marks = card.model_dump(mode="json") if card is not None else None
    return processing_models(config), sorted(localizing_models(config).values()), marks


def _told(path: Path) -> dict[str, Any] | None:
    """What was found, if the file is there and whole."""
    try:
        with np.load(path, allow_pickle=False) as held:
            told: dict[str, Any] = json.loads(str(held["told"]))
            return told
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        return None


def _full(path: Path, case: CohortCase, config: Config) -> dict[str, Any]:
    """What the stages give on the template's grid, cut to the brain."""
    try:
        with np.load(path, allow_pickle=False) as held:
            return {name: held[name] for name in _FULL_KEYS}
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        pass
    from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    started = perf_counter()
    with TemporaryDirectory(prefix="vb-prepare-") as transforms:
        processed = MRIProcessor(config)(open_scan(case.scan), Path(transforms))
    located = _localizer(config)(processed)
    kept = _cut(processed, located)
    kept["seconds"] = np.array(perf_counter() - started)
    with atomic_path(path) as temporary:
        np.savez(temporary, **kept)  # type: ignore[arg-type]
    return kept


@cache
def _localizer(config: Config) -> TumorLocalizer:
    from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer

    return TumorLocalizer(config)


def _cut(processed: ProcessedScan, located: Localization) -> dict[str, Array]:
    inside = processed.mask.voxels > 0
    edges = [np.flatnonzero(inside.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    cut = tuple(slice(int(e[0]), int(e[-1]) + 1) for e in edges)
    priors = [located.coarse_prior, located.refined_prior]
    coarse, refined = (
        (prior.volume.voxels[cut] if prior is not None else np.zeros(inside[cut].shape)).astype(np.float16)
        for prior in priors
    )
    return {
        "image": processed.volume.voxels[cut].astype(np.float16), "brain": inside[cut], "coarse": coarse,
        "refined": refined, "start": np.array([part.start for part in cut]), "shape": np.array(inside.shape),
        "affine": processed.mask.affine, "boxes": np.array(len(located.boxes)),
    }  # fmt: skip


def _sampled(full: dict[str, Any], grid: InputGrid) -> dict[str, Array]:
    """On the network's grid; intensities scaled linearly to [0, 1], outliers cut as `standardise` does."""
    affine = full["affine"].copy()
    affine[:3, 3] += affine[:3, :3] @ full["start"]

    def sample(voxels: Array) -> Array:
        return resample(voxels, affine, grid.affine, grid.shape)

    brain = sample(full["brain"]) > 0.5
    if not brain.any():
        raise VBError("cohort.off_grid")
    z = np.clip(sample(full["image"]), -Z_LIMIT, Z_LIMIT)
    low, high = float(z[brain].min()), float(z[brain].max())
    image = np.where(brain, (z - low) / max(high - low, 1e-6), 0)
    coarse, refined = (np.where(brain, np.clip(sample(full[name]), 0, 1), 0) for name in ("coarse", "refined"))
    return {
        "image": image.astype(np.float16), "brain": brain.astype(np.uint8), "coarse": coarse.astype(np.float16),
        "refined": refined.astype(np.float16),
    }  # fmt: skip


def _read_prepared(case: CohortCase, path: Path) -> PreparedCase:
    with np.load(path, allow_pickle=False) as held:
        return PreparedCase(
            case=case, image=held["image"], brain=held["brain"], coarse=held["coarse"], refined=held["refined"]
        )


def _write_table(path: Path, cohort: Cohort, done: dict[str, tuple[Path, dict[str, Any]]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["case", "patient", "label", "state", "found", "boxes", "seconds", "file"])
    for case in cohort.cases:
        if case.name in done:
            file, said = done[case.name]
            seconds = f"{said['seconds']:.1f}"
            rest = ["prepared", int(said["found"]), said["boxes"], seconds, file.relative_to(path.parent).as_posix()]
        else:
            rest = ["failed", "", "", "", ""]
        writer.writerow([case.name, case.patient, case.label, *rest])
    write_text(path, text.getvalue())


def forget(work: Path) -> None:
    """Remove the cache of the template's grid, which only another input grid needs."""
    shutil.rmtree(work / "full", ignore_errors=True)
