"""Ten thousand random events at the window: no exception, no hang, no leak.

    xvfb-run -a -s "-screen 0 1600x1000x24" python tests/benchmarks/monkey_at_the_window.py [EVENTS] [SEED]

The cases are small and drawn; the runner runs nothing. Memory and widgets are counted with the same case open after a
tenth of the events, when every view has been made, and at the end: memory may have grown by 10 %, widgets by 2 %.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
for folder in (TESTS, TESTS / "shell"):
    sys.path.insert(0, str(folder))

from PySide6.QtWidgets import QApplication  # noqa: E402

MEMORY, WIDGETS = 1.10, 1.02


def main(events: int, seed: int) -> int:
    """Play and print; 1 where something was brought about."""
    folder = Path(tempfile.mkdtemp())
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        os.environ[variable] = str(folder / variable)
    QApplication([])
    from monkey import Monkey, memory_mb, widgets
    from one_window import shared_window
    from phantom_case import make_case

    kinds = ("done", "withheld", "no_tumour_found", "partial")
    cases = [make_case(folder / status, status) for status in kinds]
    counted: dict[int, tuple[float, int]] = {}
    with shared_window(folder, 700) as window:
        window.open(cases[0])
        monkey = Monkey(window, cases, seed)

        def count(n: int) -> None:
            if (n + 1) % max(events // 10, 1) == 0:
                window.runner.is_running = False  # type: ignore[misc]
                window.jobs.rest()
                window.open(cases[0])
                counted[n + 1] = memory_mb(), widgets()
                memory, number = counted[n + 1]
                print(f"{n + 1:6d} events: {memory:6.0f} MB, {number} widgets, {len(monkey.errors)} errors", flush=True)

        monkey.play(events, count)
    print(f"slowest event {monkey.worst:.2f} s of the processor; {dict(monkey.done)}")
    for error in monkey.errors[:20]:
        print(error)
    print(*monkey.slow[:20], sep="\n")
    (memory, number), (last_memory, last_number) = counted[min(counted)], counted[max(counted)]
    grown = last_memory / memory, last_number / number
    print(
        f"{len(monkey.errors)} exceptions, {len(monkey.slow)} hangs, memory x {grown[0]:.3f}, widgets x {grown[1]:.3f}"
    )
    return int(bool(monkey.errors or monkey.slow) or grown[0] > MEMORY or grown[1] > WIDGETS)


if __name__ == "__main__":
    raise SystemExit(main(*map(int, [*sys.argv[1:], *("10000", "1")[len(sys.argv) - 1 :]])))
