"""Kill runs at random moments with SIGKILL and go on with `--resume`: is the case the one of an undisturbed run?

    python tests/benchmarks/kill_and_resume.py --n 100 --seed 0 --out FOLDER

The small case (synthetic, see small_case.py) is run in a process group of its own, which is killed; half of the moments
are uniform over the time of an undisturbed run, half follow a change in the draft or beside the case at random, so that
writes and the publishing are hit. Most runs are forked from a process that has imported the libraries already, since
nothing is written while they are imported; every tenth is started from the command line.

With `--coarse-template` the forked runs see the MNI template on a 3 mm grid: the same program in a fifth of the time,
for a loaded machine and for the tests.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent.parent.parent)]

from same_case import differences  # noqa: E402
from small_case import OPTIONS, write_small_scan  # noqa: E402

KINDS = ("twice", "existing", "force", "new", "new", "new", "twice", "existing", "case removed", "first moment")
OTHER_SETTINGS = ("--set", "coarse.sigma_mm=4", "--set", "bias_field.tolerance=0.001")
COLD_EVERY = 10
POLL_S = 0.005


@dataclass
class Round:
    """What was done and what came of it."""

    n: int
    kind: str
    cold: bool
    kills: list[str] = field(default_factory=list)
    resume_s: float = 0.0
    different: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class Command:
    """One run of the program in a process group of its own."""

    def __init__(self, arguments: list[str], cold: bool, log: Path) -> None:
        self.started = time.perf_counter()
        if cold:
            with log.open("ab") as out:
                code = "from vb_desktop.cli import main; main()"
                child = subprocess.Popen(
                    [sys.executable, "-c", code, *arguments], stdout=out, stderr=out, start_new_session=True
                )
            self.pid = child.pid
        else:
            self.pid = os.fork()
            if self.pid == 0:
                _be_the_command(arguments, log)

    def ended(self) -> int | None:
        """Exit status, or None while it works."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    def wait(self) -> int:
        """Exit status."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()


def _be_the_command(arguments: list[str], log: Path) -> None:
    os.setsid()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    from vb_desktop.cli.app import run_app

    status = 99
    with contextlib.suppress(BaseException):
        status = run_app(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


class Bench:
    """The folders, the undisturbed run, and one round after another."""

    def __init__(self, out: Path, seed: int, *, can_start_cold: bool) -> None:
        self.out, self.seed, self.can_start_cold = out, seed, can_start_cold
        self.cases, self.home = out / "cases", out / "home"
        self.log = out / "output.txt"
        self.drafts = self.home / "cache" / "vb-desktop" / "drafts"
        self.cases.mkdir(parents=True, exist_ok=True)
        self.source = write_small_scan(out / "small.nii.gz")
        self.whole = out / "undisturbed"
        self.other = out / "other settings"
        self.accepted: list[str] = []
        self.times: list[float] = []
        self.changes = 0

    def arguments(self, case: Path, *further: str) -> list[str]:
        """Of `vb-desktop`."""
        return ["run", str(self.source), "--out", str(case), *OPTIONS, *self.accepted, *further]

    def undisturbed(self) -> None:
        """Twice, once from the command line, to know the time, the number of changes, and that it is repeatable."""
        again = self.out / "undisturbed again"
        shutil.rmtree(again, ignore_errors=True)
        Command(self.arguments(again), False, self.log).wait()
        for gate in json.loads((again / "case.json").read_bytes())["gates"]:
            if gate["state"] == "red":  # a drawn scan on a coarse grid: accepted, so that every stage runs
                self.accepted += ["--accept-gate", gate["id"]]
        for case, cold in ((again, self.can_start_cold), (self.whole, False)):
            shutil.rmtree(case, ignore_errors=True)
            command = Command(self.arguments(case), cold, self.log)
            changes, before = 0, self._names(case)
            while (status := command.ended()) is None:
                now = self._names(case)
                changes += now != before
                before = now
                time.sleep(POLL_S)
            if status != 0:
                raise SystemExit(f"an undisturbed run ended with {status}, see {self.log}")
            self.times.append(time.perf_counter() - command.started)
            self.changes = changes
        if found := differences(again, self.whole):
            raise SystemExit(f"two undisturbed runs differ: {found}")
        shutil.rmtree(self.other, ignore_errors=True)
        if Command(self.arguments(self.other, *OTHER_SETTINGS), False, self.log).wait() != 0:
            raise SystemExit(f"the run with other settings failed, see {self.log}")

    def round(self, n: int) -> Round:
        """Kill, go on, compare."""
        draw = random.Random(f"{self.seed}/{n}")
        this = Round(
            n,
            KINDS[n % len(KINDS)] if n < len(KINDS) else draw.choice(KINDS),
            self.can_start_cold and n % COLD_EVERY == 0,
        )
        case = self.cases / f"{n:03}"
        shutil.rmtree(case, ignore_errors=True)
        how: tuple[str, ...] = ()
        if this.kind in ("existing", "force", "case removed"):
            shutil.copytree(self.other, case)
            how = ("--force",) if this.kind == "force" else ("--resume",)
        self._killed(case, how, draw, this)
        if this.kind == "case removed":
            shutil.rmtree(case, ignore_errors=True)
        if this.kind == "twice" and not self._is_there(case):
            self._killed(case, ("--resume",), draw, this)
        started = time.perf_counter()
        status = Command(self.arguments(case, "--resume"), False, self.log).wait()
        if status == 1 and not case.exists():  # killed before there was a draft: "nothing to go on with"
            this.kills.append("nothing to resume")
            status = Command(self.arguments(case), False, self.log).wait()
        this.resume_s = time.perf_counter() - started
        if status != 0:
            this.different.append(f"exit status {status}")
        else:
            this.different += differences(case, self.whole)
        this.left = self._left(case)
        if not (this.different or this.left):
            shutil.rmtree(case)
        return this

    def _killed(self, case: Path, how: tuple[str, ...], draw: random.Random, this: Round) -> None:
        command = Command(self.arguments(case, *how), this.cold, self.log)
        time_of_one = self.times[0 if this.cold else 1]
        if this.kind == "first moment":
            self._at_time(command, draw.uniform(0, 0.3))
            moment = "time"
        elif draw.random() < 0.5:
            self._at_time(command, draw.uniform(0, time_of_one))
            moment = "time"
        else:
            self._at_change(command, case, draw.randrange(self.changes + 1), draw.choice((0, 0, 0.001, 0.02)))
            moment = "change"
        if (status := command.ended()) is not None:
            this.kills.append(f"ended before ({status})")
            return
        where = self._where(case)
        command.kill()
        this.kills.append(f"{where} ({moment})")
        self._unharmed(case, how, this)

    def _at_time(self, command: Command, seconds: float) -> None:
        while time.perf_counter() - command.started < seconds and self._alive(command):
            time.sleep(POLL_S)

    def _at_change(self, command: Command, case: Path, number: int, later: float) -> None:
        before, seen = self._names(case), 0
        while seen < number and self._alive(command):
            now = self._names(case)
            seen += now != before
            before = now
            time.sleep(POLL_S)
        time.sleep(later)

    def _alive(self, command: Command) -> bool:
        return os.waitid(os.P_PID, command.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def _names(self, case: Path) -> frozenset[str]:
        """Every name in the drafts and beside the case, with the case's own identity."""
        names = {str(case.stat().st_ino)} if case.exists() else set()
        for folder in (self.drafts, self.cases, self.out):
            with contextlib.suppress(FileNotFoundError):
                names |= {entry.name for entry in os.scandir(folder)}
        for where, folders, files in os.walk(self.drafts):
            names |= {os.path.join(where, name) for name in (*folders, *files)}
        return frozenset(names)

    def _where(self, case: Path) -> str:
        """In which stage the run is: the one behind the last that is recorded."""
        if any(entry.name.endswith((".new", ".old")) for entry in os.scandir(case.parent)):
            return "publishing"
        for record in self.drafts.glob("*/case/case.json"):
            try:
                done = json.loads(record.read_bytes())["stages"]
                events = [json.loads(line) for line in (record.parent / "log.jsonl").read_text().splitlines()]
            except (OSError, ValueError):
                continue
            now = [event.get("name", event["event"]) for event in events]
            last = now[len(now) - now[::-1].index("run") - 1 :] if "run" in now else now
            order = ["open", "process", "boxes", "localize", "diagnose", "report"]
            reached = [name for name in last if name in order]
            if last[-1:] == ["finished"] or (reached and reached[-1] == "report"):
                return "end"
            return order[order.index(reached[-1]) + 1] if reached else ("open" if done is not None else "start")
        fresh = self._is_there(case) and (case / "case.json").read_bytes() != (self.other / "case.json").read_bytes()
        return "after publishing" if fresh else "start"

    def _is_there(self, case: Path) -> bool:
        return (case / "case.json").is_file()

    def _unharmed(self, case: Path, how: tuple[str, ...], this: Round) -> None:
        """The case is the old one or the new one, never half."""
        if not case.exists() or (not differences(case, self.whole)):
            return
        if how and not differences(case, self.other):
            return
        this.different.append("half a case after the kill")

    def _left(self, case: Path) -> list[str]:
        left = [f"draft {path.name}" for path in self.drafts.iterdir()] if self.drafts.is_dir() else []
        left += [f"beside the case: {path.name}" for path in self.cases.iterdir() if path.name.startswith(".")]
        left += [f"in the case: {path.name}" for path in case.rglob("*") if "tmp" in path.name or path.name[0] == "."]
        left += [f"temporary: {path.name}" for path in (self.out / "tmp").iterdir()]
        return left


def table(rounds: list[Round], times: list[float]) -> str:
    """A summary for people."""
    kills = Counter(kill.split(" (")[0] for this in rounds for kill in this.kills)
    lines = [f"{len(rounds)} rounds, {sum(len(this.kills) for this in rounds)} kills"]
    lines += [f"  {where:<20} {count}" for where, count in kills.most_common()]
    for kind in dict.fromkeys(KINDS):
        of_kind = [this for this in rounds if this.kind == kind]
        same = sum(not (this.different or this.left) for this in of_kind)
        mean = sum(this.resume_s for this in of_kind) / max(1, len(of_kind))
        lines.append(f"{kind:<14} {same:>3} of {len(of_kind):>3} equal, resume took {mean:5.1f} s on average")
    same = sum(not (this.different or this.left) for this in rounds)
    mean = sum(this.resume_s for this in rounds) / max(1, len(rounds))
    lines.append(f"all            {same:>3} of {len(rounds):>3} equal, resume took {mean:5.1f} s on average")
    lines.append("undisturbed: " + ", ".join(f"{seconds:.1f} s" for seconds in times) + " (command line, forked)")
    lines += [f"round {t.n} ({t.kind}; {t.kills}): {t.different + t.left}" for t in rounds if t.different or t.left]
    return "\n".join(lines)


def prepare(out: Path) -> None:
    """Folders of their own and one thread, before anything heavy is imported; then import it."""
    for variable, name in (("XDG_CACHE_HOME", "cache"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data")):
        os.environ[variable] = str(out / "home" / name)
    (out / "tmp").mkdir(parents=True, exist_ok=True)
    os.environ |= {"TMPDIR": str(out / "tmp"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    root = str(Path(__file__).resolve().parent.parent.parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    import vb_desktop

    if Path(vb_desktop.__file__).parent.parent != Path(root):
        raise SystemExit(f"the program would be taken from {vb_desktop.__file__}")
    from importlib import import_module

    from vb_desktop.installation import keep_to_own_folders

    keep_to_own_folders()
    for name in (
        "torch._dynamo",
        "vb_desktop.cli.app",
        "vb_desktop.pipeline.run_case",
        "vb_desktop.pipeline.scan_import.open_scan",
        "vb_desktop.pipeline.mri_processor.mri_processor",
        "vb_desktop.pipeline.mri_processor.bias_field",
        "vb_desktop.pipeline.mri_processor.ants_bridge",
        "vb_desktop.pipeline.tumor_localizer.tumor_localizer",
        "vb_desktop.pipeline.adaptive_diagnoser.adaptive_diagnoser",
        "vb_desktop.pipeline.report.write_report",
        "vb_desktop.pipeline.report.pdf",
    ):
        import_module(name)


def coarsen_template() -> None:
    """The template on a 3 mm grid, for every run that is forked from here."""
    from vb_desktop.pipeline.case import Volume
    from vb_desktop.pipeline.mri_processor import template as module
    from vb_desktop.pipeline.mri_processor.grids import resample

    really = module.template_map

    def coarse(kind: Literal["t1", "gm", "wm"]) -> Volume | None:
        fine = really(kind)
        if fine is None:
            return None
        affine = fine.affine @ np.diag([3, 3, 3, 1.0])
        return resample(fine, affine, tuple(-(-n // 3) for n in fine.voxels.shape))

    module.template_map = coarse


def warm_up() -> None:
    """What every run computes first and keeps."""
    from vb_desktop.pipeline.mri_processor.template import template, template_mask
    from vb_desktop.pipeline.tumor_localizer import abnormality

    template()
    template_mask()
    abnormality._tissue()


def main(tell: Callable[[str], None] = print) -> int:
    """Exit status: 0 where every round ended in the same case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="number of the first round")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coarse-template", action="store_true", help="a 3 mm template, in forked runs only")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    prepare(out)
    if arguments.coarse_template:
        coarsen_template()
    warm_up()
    bench = Bench(out, arguments.seed, can_start_cold=not arguments.coarse_template)
    bench.undisturbed()
    tell(f"undisturbed: {bench.times}, {bench.changes} changes seen")
    rounds = []
    for n in range(arguments.first, arguments.first + arguments.n):
        this = bench.round(n)
        rounds.append(this)
        tell(json.dumps(asdict(this)))
        sys.stdout.flush()
        (out / "rounds.json").write_text(json.dumps([asdict(each) for each in rounds], indent=1), encoding="utf-8")
        (out / "table.txt").write_text(table(rounds, bench.times), encoding="utf-8")
    tell(table(rounds, bench.times))
    return int(any(this.different or this.left for this in rounds))


if __name__ == "__main__":
    raise SystemExit(main())
