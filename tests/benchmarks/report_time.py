"""How long a report takes from a finished case, and how large it is: `python report_time.py [CASE]`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from vb_desktop.pipeline.case_folder import read_case
from vb_desktop.pipeline.report.write_report import write_report

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo" / "case"


def main(folder: Path) -> None:
    """Print seconds by the clock and of the processor, and the size; the first one loads libraries and fonts."""
    with TemporaryDirectory() as scratch:
        for number in range(1, 4):
            clock, cpu = time.perf_counter(), time.process_time()
            path = write_report(read_case(folder), Path(scratch) / "report.pdf")
            clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
            said = f"{clock:.2f} s by the clock, {cpu:.2f} s of the processor"
            print(f"report {number}: {said}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO)
