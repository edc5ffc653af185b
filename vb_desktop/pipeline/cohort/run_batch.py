"""Run many scans through the method on Dask: a case folder each, and one table of what came out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.cohort.cohort import CohortCase
from vb_desktop.pipeline.cohort.find_scans import scans_in, stem_of
from vb_desktop.pipeline.cohort.read_cohort import understand, with_unique_names
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import CaseFolderError, CohortError, VBError
from vb_desktop.pipeline.progress import Stage
from vb_desktop.pipeline.report.overview import FAILED, empty_row, row_of, write_overview, write_table

LOOPBACK = "127.0.0.1"
_NO_DASHBOARD = {"dashboard": False, "dashboard_address": f"{LOOPBACK}:0"}
"""Without an address the scheduler's own pages would take a fixed port, which a second batch finds taken."""
_CONNECT_S = 10
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """What a batch shares with `run`.

    Attributes:
        until: the last stage.
        force: replace the cases that are there; else the batch goes on with them.
        accept_gates: red gates that the reader accepts.
        space_given: the user says the input space of all; else a cohort's table may.
    """

    until: Stage = Stage.REPORT
    force: bool = False
    accept_gates: tuple[str, ...] = field(default=())
    space_given: bool = False


def find_batch(folder: Path) -> tuple[CohortCase, ...]:
    """The scans of a folder: those of a cohort where it is one, else every patient's T1-CE images.

    Raises:
        CohortError: there is no folder, or nothing in it.
    """
    found = understand(folder)
    if found.cases and not found.errors:
        return tuple(found.cases)
    scans, _ = scans_in(found.folder)
    cases = [
        CohortCase(
            name=stem_of(scan.path) if scan.path.parent == found.folder else scan.patient, patient=scan.patient,
            label="", scan=scan.path, input_space="",
        )
        for scan in scans
    ]  # fmt: skip
    if not cases:
        raise CohortError("batch.no_scans", folder=str(folder))
    return tuple(with_unique_names(cases))


def run_batch(
    cases: Sequence[CohortCase], out: Path, config: Config, options: BatchOptions, *, jobs: int = 1,
    scheduler: str | None = None, on_case: Callable[[int, int, dict[str, Any]], None] = lambda *_: None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Run every case; failures are rows of the table, not the end.

    Args:
        cases: from `find_batch`.
        out: a folder for each case, and the table, which is written anew after each case; workbook and page at the end.
        config: every setting.
        options: as for `run`.
        jobs: processes of the local cluster; nothing of it listens beyond this machine.
        scheduler: address of a Dask scheduler whose workers see the same files; instead of `jobs`.
        on_case: told how many of how many are done, and the row.

    Returns:
        A row for each case, in the order of `cases`.

    Raises:
        VBError: the scheduler does not answer.
    """
    out = out.expanduser().absolute()
    out.mkdir(parents=True, exist_ok=True)
    rows: dict[str, dict[str, Any]] = {}
    with _client(min(jobs, len(cases)), scheduler) as client:
        from distributed import as_completed

        waiting = {}
        for case in cases:
            settings = config
            if case.input_space and not options.space_given:
                settings = config.changed(input__space=case.input_space)
            waiting[client.submit(run_one, case, out / case.name, settings, options, pure=False, retries=0)] = case
        for done, future in enumerate(as_completed(waiting), start=1):
            case = waiting[future]
            try:
                row = future.result()
            except Exception as error:  # the worker ended with it: memory ran out, or the machine went away
                row = _row(case) | {"status": FAILED, "error": f"The worker ended ({type(error).__name__})."}
            rows[case.name] = row
            write_table(out, [rows[case.name] for case in cases if case.name in rows])
            on_case(done, len(cases), row)
    told = [rows[case.name] for case in cases]
    write_overview(out, told)
    return told


def run_one(case: CohortCase, out: Path, config: Config, options: BatchOptions) -> dict[str, Any]:
    """One case in a worker; its row of the table."""
    try:
        return _row(case) | row_of(_run(case, out, config, options))
    except VBError as error:
        return _row(case) | {"status": FAILED, "error": error.sentence()}
    except Exception as error:  # one case must not end the others
        return _row(case) | {"status": FAILED, "error": f"{type(error).__name__}: {str(error)[:200]}"}


def _run(case: CohortCase, out: Path, config: Config, options: BatchOptions) -> Case:
    """Go on with what an earlier batch left: a case, or the draft of a run that was killed; else begin."""
    from vb_desktop.pipeline.run_case import run_case

    def run(resume: bool) -> Case:
        return run_case(
            case.scan, out, config, until=options.until, resume=resume, force=options.force,
            accept_gates=list(options.accept_gates),
        )  # fmt: skip

    if options.force:
        return run(resume=False)
    try:
        return run(resume=True)
    except CaseFolderError as error:
        if error.message.id != "case.nothing_to_resume":
            raise
        return run(resume=False)


def _row(case: CohortCase) -> dict[str, Any]:
    return empty_row(case.name, case.scan.name)


@contextmanager
def _client(jobs: int, scheduler: str | None) -> Iterator[Any]:
    """A Dask client; of a cluster of this machine alone, without dashboards, unless a scheduler is named."""
    import dask
    from distributed import Client, LocalCluster

    # Readers of damaged images run in a child process, which a daemon may not have; a worker that ended is not
    # followed by another on the same case.
    threads = str(max(1, (os.cpu_count() or 1) // max(jobs, 1)))
    settings = {
        "distributed.nanny.pre-spawn-environ": dict.fromkeys(_THREADS, threads),
        "distributed.worker.daemon": False, "distributed.scheduler.allowed-failures": 0,
        "distributed.comm.timeouts.connect": _CONNECT_S, "distributed.admin.system-monitor.gil.enabled": False,
    }  # fmt: skip
    with dask.config.set(settings):
        if scheduler is not None:
            try:
                with Client(scheduler, timeout=_CONNECT_S) as client:
                    yield client
            except (OSError, TimeoutError, ValueError) as error:
                raise VBError("batch.scheduler", address=scheduler) from error
            return
        with (
            LocalCluster(
                n_workers=jobs, threads_per_worker=1, processes=True, host=LOOPBACK, dashboard_address=None,
                worker_dashboard_address=None, memory_limit=0, silence_logs=50, scheduler_kwargs=_NO_DASHBOARD,
            ) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
            yield client
