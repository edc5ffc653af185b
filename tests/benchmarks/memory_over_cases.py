"""Memory of the window over fifty cases opened one after the other.

    xvfb-run -a -s "-screen 0 1600x1000x24" python tests/benchmarks/memory_over_cases.py [CASE] [COUNT]

The demo case is copied, so that each is a case of its own and of full size; it is looked at in both spaces and in four
views. Wanted: at most 1.2 GB, and the last ten cases within 5 % of the first ten after the views are made.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import mean

TESTS = Path(__file__).resolve().parent.parent
for folder in (TESTS, TESTS / "shell"):
    sys.path.insert(0, str(folder))

from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from vb_desktop.assets import asset  # noqa: E402

LIMIT_MB, FLAT = 1200, 1.05
WARM = 5
"""Cases until every view was made."""


def main(source: Path, count: int) -> int:
    """Measure and print; 1 where a limit is passed."""
    place = Path(tempfile.mkdtemp())
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        os.environ[variable] = str(place / variable)
    QApplication([])
    from monkey import memory_mb
    from one_window import shared_window

    from vb_desktop.shell.freed_memory import return_freed_memory
    from vb_desktop.shell.steps_rail import Step

    return_freed_memory()  # as the program does at its start
    copies = [shutil.copytree(source, place / f"case-{n}") for n in range(2)]
    found = []
    with shared_window(place, 800) as window:
        for n in range(count):
            folder = copies[n % 2]
            window.open(folder)
            assert window.case is not None, window.parts.error_bar.sentence.text()
            assert window.canvas is not None
            if n == 1:
                window.canvas.toggle_four()
            for step in (Step.BOXES, Step.PRIOR, Step.DIAGNOSIS):
                window.show_step(step)
                QTest.qWait(30)
            window.show_space("mni")
            window.canvas.turn(3)
            QTest.qWait(30)
            found.append(memory_mb())
            print(f"case {n + 1:3d}: {found[-1]:6.0f} MB", flush=True)
    first, last = mean(found[WARM : WARM + 10]), mean(found[-10:])
    print(
        f"most {max(found):.0f} MB (limit {LIMIT_MB}); the last ten {last / first:.3f} of the first ten (limit {FLAT})"
    )
    shutil.rmtree(place, ignore_errors=True)
    return int(max(found) > LIMIT_MB or last / first > FLAT)


if __name__ == "__main__":
    given = sys.argv[1:]
    raise SystemExit(main(Path(given[0]) if given else asset("demo/case"), int(given[1]) if len(given) > 1 else 50))
