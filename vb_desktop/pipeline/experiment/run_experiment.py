"""Train what an experiment consists of; several processes, also of several calls, share the work."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from vb_desktop.pipeline.errors import TrainingRefused, VBError
from vb_desktop.pipeline.experiment.units import Experiment, Unit, finished
from vb_desktop.pipeline.follow_parent import follow_parent
from vb_desktop.pipeline.training.diagnoser.hardware import Hardware
from vb_desktop.pipeline.training.diagnoser.train_fold import FoldResult, fold_identity, read_result, train_fold
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

Say = Callable[[str], None]
LoadData = Callable[[], TrainingSet]


def run_experiment(
    experiment: Experiment,
    data: TrainingSet,
    load_data: LoadData,
    fold_of: npt.NDArray[np.int64],
    folder: Path,
    *,
    jobs: int = 1,
    hardware: Hardware | None = None,
    say: Say = lambda _: None,
) -> dict[Unit, FoldResult]:
    """Train what is not done yet, and give all that is.

    Args:
        experiment: what to train.
        data: the cases.
        load_data: gives the same cases in another process (a function of a module, with its arguments bound).
        fold_of: fold that holds each case out.
        folder: of the results.
        jobs: processes; each takes one thread of the processor, or one GPU in turn.
        hardware: Lightning's own flags.
        say: told what is going on.

    Raises:
        TrainingRefused: some trainings failed; the others are kept.
    """
    hardware = hardware or Hardware()
    if jobs <= 1:
        failures = work_through(experiment, data, fold_of, folder, hardware, say)
    else:
        context = multiprocessing.get_context("spawn")
        queue: Any = context.Queue()
        workers = [
            context.Process(
                target=_worker, args=(experiment, load_data, fold_of, folder, _share(hardware, number), queue)
            )
            for number in range(jobs)
        ]
        for worker in workers:
            worker.start()
        failures, ended = [], 0
        try:
            while ended < jobs:
                kind, text = _next(queue, workers)
                ended += kind == "end"
                if kind == "failed":
                    failures.append(text)
                elif kind == "say":
                    say(text)
        finally:
            for worker in workers:
                worker.terminate()
                worker.join()
    if failures:
        raise TrainingRefused("experiment.failed", count=len(failures), total=len(experiment.units), cause=failures[0])
    return finished(experiment, data, fold_of, folder)


def work_through(
    experiment: Experiment,
    data: TrainingSet,
    fold_of: npt.NDArray[np.int64],
    folder: Path,
    hardware: Hardware,
    say: Say,
) -> list[str]:
    """Train unit after unit, leaving out what is done and what another process holds.

    Returns:
        A sentence for each training that failed.
    """
    failures = []
    units = experiment.units
    for number, unit in enumerate(units, start=1):
        held_out = np.flatnonzero(fold_of == unit.fold).tolist()
        recipe, file = experiment.recipe(unit), unit.file(folder)
        if _done(file, fold_identity(data, held_out, recipe)):
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(f"{file}.lock", timeout=0):
                if _done(file, fold_identity(data, held_out, recipe)):
                    continue
                result = train_fold(data, held_out, recipe, file, unit.work(folder), hardware=hardware)
        except Timeout:
            continue
        except VBError as error:
            failures.append(f"{unit.row}, fold {unit.fold}, seed {unit.seed}: {error.sentence()}")
            continue
        if result is not None:
            right = int((result.said == data.labels[held_out]).sum())
            say(
                f"{number}/{len(units)} {unit.row}, seed {unit.seed}, fold {unit.fold + 1}: "
                f"{right} of {len(held_out)} right, loss {result.losses[-1]:.3f}, {result.seconds:.0f} s"
            )
    return failures


def _done(file: Path, identity: str) -> bool:
    known = read_result(file)
    return known is not None and known.identity == identity


def _share(hardware: Hardware, number: int) -> Hardware:
    """What process `number` runs on: a GPU of its own, in turn, where the flags leave it open and there are some."""
    import torch

    gpus = torch.cuda.device_count() if hardware.accelerator in ("auto", "gpu", "cuda") else 0
    return replace(hardware, devices=f"{number % gpus},") if gpus and hardware.devices == "auto" else hardware


def _worker(
    experiment: Experiment,
    load_data: LoadData,
    fold_of: npt.NDArray[np.int64],
    folder: Path,
    hardware: Hardware,
    queue: Any,
) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    follow_parent()
    try:
        import torch

        torch.set_num_threads(1)
        for failure in work_through(
            experiment, load_data(), fold_of, folder, hardware, lambda text: queue.put(("say", text))
        ):
            queue.put(("failed", failure))
    except BaseException as error:
        queue.put(("failed", f"{type(error).__name__}: {error}"))
        traceback.print_exc()
    finally:
        queue.put(("end", ""))


def _next(queue: Any, workers: list[Any]) -> tuple[str, str]:
    """The next message; "end" in place of a process that died without one."""
    from queue import Empty

    while True:
        try:
            found: tuple[str, str] = queue.get(timeout=5)
            return found
        except Empty:
            dead = [worker for worker in workers if not worker.is_alive() and worker.exitcode]
            if dead:
                workers.remove(dead[0])
                return "end", ""
