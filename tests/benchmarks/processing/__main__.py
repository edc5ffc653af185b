"""Commands of the benchmark; see docs/experiments/processing-benchmark.md."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.processing", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reference = commands.add_parser("reference", help="compute the reference recipe and keep it")
    reference.add_argument("--only", metavar="CASE")
    reference.add_argument("--stage")
    reference.add_argument("--fresh", action="store_true", help="compute anew what is kept")
    ours = commands.add_parser("ours", help="measure the program's recipe")
    ours.add_argument("--only", metavar="CASE")
    ours.add_argument("--mode", choices=("default", "float32"))
    ours.add_argument("--no-chains", action="store_true", help="don't take the heads through all the stages")
    both = commands.add_parser("both", help="case by case: the reference, kept or not, then the program's recipe")
    both.add_argument("--only", metavar="CASE")
    both.add_argument("--fresh", action="store_true", help="compute the reference anew")
    table = commands.add_parser("table", help="write the table of what was measured")
    table.add_argument("--out", type=Path, required=True)
    command = commands.add_parser("command", help="time `vb-desktop run --until process` from a cold start")
    command.add_argument("case")
    for name, words in CHILDREN.items():
        child = commands.add_parser(name)
        for word in words:
            child.add_argument(word)
    _run(parser.parse_args())


CHILDREN = {
    "reference-stage": ("case", "stage"),
    "ours-runs": ("case", "mode", "count"),
    "ours-chain": ("case", "mode"),
}
"""What the benchmark starts as processes of their own; the last line they print is JSON."""


def _run(chosen: argparse.Namespace) -> None:
    # Nothing heavy at the top: the children of the reference set their threads before they import anything.
    if chosen.command in ("reference", "both"):
        from tests.benchmarks.processing.cases import CASES
        from tests.benchmarks.processing.reference import compute_all

        for case in CASES:
            if chosen.only in (None, case.name):
                compute_all(case.name, getattr(chosen, "stage", None), chosen.fresh)
                if chosen.command == "both":
                    from tests.benchmarks.processing.ours import measure_all

                    measure_all(case.name)
    elif chosen.command == "ours":
        from tests.benchmarks.processing.ours import measure_all

        measure_all(chosen.only, chosen.mode, not chosen.no_chains)
    elif chosen.command == "table":
        from tests.benchmarks.processing.table import write_table

        write_table(chosen.out)
    elif chosen.command == "command":
        from tests.benchmarks.processing.whole_command import measure_command

        measure_command(chosen.case)
    elif chosen.command == "reference-stage":
        from tests.benchmarks.processing.reference import compute_stage_here

        compute_stage_here(chosen.case, chosen.stage)
    elif chosen.command == "ours-runs":
        from tests.benchmarks.processing.ours_stages import run_here

        print(json.dumps(run_here(chosen.case, chosen.mode, int(chosen.count))))
    elif chosen.command == "ours-chain":
        from tests.benchmarks.processing.ours_stages import run_chain_here

        print(json.dumps(run_chain_here(chosen.case, chosen.mode)))


if __name__ == "__main__":
    main()
