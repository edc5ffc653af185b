"""Damage real scans and open them: a volume or one sentence, nothing else.

Run with `python -m tests.fuzz.mutate --n 2000 --seed 0`. Each damaged scan is opened in a process of its own, whose
wall time and memory are measured, those of its decoding child included. A volume whose place or shape is not that of
the original must come with a remark that the original has not. Where the damage makes another sound header (a spacing
of 1.5 for 1.0, said once), nothing can tell: those are listed as "silent", with the damage.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from tests.fuzz.bases import Base, make_bases
from tests.fuzz.mutations import BY_NAME, DAMAGES, Damage

HANG_SECONDS = 120.0
SAME_MM = 0.1


@dataclass
class Outcome:
    """What became of one damaged scan."""

    n: int
    base: str
    damage: str
    end: str = "crash"  # volume, refused, crash or hang
    id: str = ""  # of the sentence, or what crashed
    remarks: list[str] = field(default_factory=list)
    shape: list[int] = field(default_factory=list)
    affine: list[list[float]] = field(default_factory=list)
    place: str = ""  # same, told or silent
    mm: float = 0.0
    wall: float = 0.0
    cpu: float = 0.0
    rss_mb: float = 0.0


def opened(path: Path, small: bool) -> dict[str, Any]:
    """Open a scan and say what came of it, as plain JSON."""
    from vb_desktop.pipeline.errors import VBError
    from vb_desktop.pipeline.scan_import import limits
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    if small:
        limits.LEAST_SLICES, limits.FIELD_OF_VIEW_MM = 2, (1.0, 1000.0)
    try:
        scan = open_scan(path)
    except VBError as error:
        assert error.sentence().endswith(".") and error.advice().endswith(".")
        return {"end": "refused", "id": error.message.id}
    assert np.isfinite(scan.volume.voxels).all() and scan.volume.voxels.dtype == np.float32
    return {
        "end": "volume",
        "remarks": sorted({remark.id for remark in scan.remarks}),
        "shape": list(scan.volume.voxels.shape),
        "affine": scan.volume.affine.tolist(),
    }


def in_process(path: Path, small: bool) -> dict[str, Any]:
    """`opened` in a forked process, with its wall time, and the memory of it and of its children."""
    said = path.parent / "said.json"
    begun = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        try:
            result = opened(path, small)
        except BaseException as error:  # this is what is looked for
            result = {"end": "crash", "id": f"{type(error).__name__}: {error}"[:300]}
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        said.write_text(json.dumps(result | {"child_kb": child}))
        os._exit(0)
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            break
        if time.perf_counter() - begun > HANG_SECONDS:
            os.killpg(pid, signal.SIGKILL)
            os.wait4(pid, 0)
            return {"end": "hang", "wall": HANG_SECONDS}
        time.sleep(0.005)
    wall = time.perf_counter() - begun
    result = json.loads(said.read_text()) if said.exists() else {"end": "crash", "id": f"status {status}"}
    said.unlink(missing_ok=True)
    rss = max(usage.ru_maxrss, result.pop("child_kb", 0)) / 1024
    return result | {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "rss_mb": rss}


def damage_scan(base: Base, damage: Damage, rng: np.random.Generator, folder: Path) -> Path:
    """A damaged copy; of a folder, one to three files are damaged and the others linked."""
    target = folder / base.path.name
    if base.path.is_dir():
        target.mkdir()
        files = sorted(base.path.iterdir())
        hit = set(rng.choice(len(files), size=int(rng.integers(1, min(4, len(files)))), replace=False).tolist())
        for n, file in enumerate(files):
            if n in hit:
                (target / file.name).write_bytes(damage(file.read_bytes(), rng))
            else:
                os.link(file, target / file.name)
        return target
    content = base.path.read_bytes()
    if content[:2] == b"\x1f\x8b" and rng.random() < 0.6:  # in the packed file, or in what is packed
        target.write_bytes(gzip.compress(damage(gzip.decompress(content), rng), 1))
    else:
        target.write_bytes(damage(content, rng))
    return target


def distance_mm(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Farthest that a corner of the original lies off; infinite where the shapes differ."""
    if one["shape"] != other["shape"]:
        return float("inf")
    corners = np.array([(*corner, 1) for corner in product(*((0, n - 1) for n in one["shape"]))], dtype=float)
    return float(np.linalg.norm(corners @ (np.array(one["affine"]) - np.array(other["affine"])).T, axis=1).max())


def run(
    n: int, seed: int, bases: list[Base], originals: dict[str, dict[str, Any]], scratch: Path, only: str = ""
) -> Outcome:
    """Damage and open scan number n."""
    rng = np.random.default_rng([seed, n])
    weights = np.array([base.weight for base in bases], dtype=float)
    base = bases[int(rng.choice(len(bases), p=weights / weights.sum()))]
    damages = DAMAGES[base.format]
    damage = BY_NAME.get(only) or damages[int(rng.integers(len(damages)))]
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        path = damage_scan(base, damage, rng, Path(folder))
        result = in_process(path, base.small)
    outcome = Outcome(n, base.name, damage.__name__, **result)
    if outcome.end == "volume":
        original = originals[base.name]
        outcome.mm = distance_mm(original, result)
        new = set(outcome.remarks) - set(original["remarks"])
        outcome.place = "same" if outcome.mm <= SAME_MM else "told" if new else "silent"
    return outcome


def summary(outcomes: list[Outcome]) -> str:
    """In Markdown."""
    ends = Counter(outcome.end for outcome in outcomes)
    places = Counter(outcome.place for outcome in outcomes if outcome.end == "volume")
    slow, large = max(outcomes, key=lambda o: o.wall), max(outcomes, key=lambda o: o.rss_mb)
    lines = [
        f"{len(outcomes)} damaged scans: {ends['volume']} volumes, {ends['refused']} refused with a sentence, "
        f"{ends['crash']} crashes, {ends['hang']} hangs.",
        f"Volumes: {places['same']} in the place of the original, {places['told']} elsewhere with a remark, "
        f"{places['silent']} elsewhere without one.",
        f"Longest {slow.wall:.1f} s wall ({slow.base}, {slow.damage}, number {slow.n}), "
        f"{max(o.cpu for o in outcomes):.1f} s of processor; most memory {large.rss_mb:.0f} MB ({large.base}, "
        f"{large.damage}, number {large.n}).",
        "",
        "| scan | volumes | refused | crashes, hangs | longest s | most MB |",
        "|---|---|---|---|---|---|",
    ]
    for name in sorted({outcome.base for outcome in outcomes}):
        of = [outcome for outcome in outcomes if outcome.base == name]
        count = Counter(outcome.end for outcome in of)
        lines.append(
            f"| {name} | {count['volume']} | {count['refused']} | {count['crash'] + count['hang']} "
            f"| {max(o.wall for o in of):.1f} | {max(o.rss_mb for o in of):.0f} |"
        )
    lines += ["", "Sentences: " + ", ".join(f"{id_} {n}" for id_, n in _sentences(outcomes).most_common())]
    for outcome in outcomes:
        if outcome.end in ("crash", "hang") or outcome.place == "silent":
            lines.append(
                f"- {outcome.n}: {outcome.base}, {outcome.damage}: {outcome.end} {outcome.place} {outcome.id}"
                f"{f' {outcome.mm:.2f} mm {outcome.shape}' if outcome.place else ''}"
            )
    return "\n".join(lines)


def _sentences(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(outcome.id.removeprefix("scan_import.") for outcome in outcomes if outcome.end == "refused")


def main() -> None:
    """Run a part or all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, nargs="*", help="numbers to repeat")
    parser.add_argument("--base", default="", help="only scans whose name holds this")
    parser.add_argument("--damage", default="", choices=["", *BY_NAME], help="this alone")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VB_TEST_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path, help="outcomes, one line of JSON each")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    import vb_desktop.pipeline.scan_import.dicom
    import vb_desktop.pipeline.scan_import.itk_image  # noqa: F401 - loaded once, before the forks

    scratch = Path(tempfile.mkdtemp(prefix="vb-fuzz-"))
    try:
        (scratch / "bases").mkdir()
        bases = make_bases(options.data, scratch / "bases")
        originals = {base.name: in_process(base.path, base.small) for base in bases}
        for name, original in originals.items():
            assert original["end"] == "volume", f"{name}: {original}"
        print({name: round(original["wall"], 2) for name, original in originals.items()}, file=sys.stderr)
        bases = [base for base in bases if options.base in base.name]
        numbers = options.only or list(range(options.n))
        outcomes = _share_out(numbers, options, bases, originals, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if options.out:
        options.out.write_text("".join(json.dumps(asdict(outcome)) + "\n" for outcome in outcomes))
    print(summary(outcomes))


def _share_out(
    numbers: list[int], options: argparse.Namespace, bases: list[Base], originals: dict[str, Any], scratch: Path
) -> list[Outcome]:
    workers = []
    for job in range(options.jobs):
        pid = os.fork()
        if pid == 0:
            with (scratch / f"{job}.jsonl").open("w") as file:
                for n in numbers[job :: options.jobs]:
                    outcome = run(n, options.seed, bases, originals, scratch, options.damage)
                    file.write(json.dumps(asdict(outcome)) + "\n")
                    file.flush()
                    if n % 100 < options.jobs:
                        print(f"{n} of {len(numbers)}", file=sys.stderr, flush=True)
            os._exit(0)
        workers.append(pid)
    for pid in workers:
        os.waitpid(pid, 0)
    lines = [line for job in range(options.jobs) for line in (scratch / f"{job}.jsonl").read_text().splitlines()]
    return sorted((Outcome(**json.loads(line)) for line in lines), key=lambda outcome: outcome.n)


if __name__ == "__main__":
    main()
