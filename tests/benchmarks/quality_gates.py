"""The gates' figures on every real scan, and what the thresholds make of them: the tables of docs/quality-gates.md.

    python -m tests.benchmarks.quality_gates DATA WORK [SCAN ...]

DATA is the folder of the real scans (`tumours3d`, `controls`, `dicom`). WORK keeps each processed scan: HD-BET and SyN
of 24 scans take about half an hour; what lies there already is read again. More scans may be named after them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vb_desktop.pipeline import stage_files
from vb_desktop.pipeline.case import ProcessedScan, Scan
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.mri_processor.contrast import tissue_contrast
from vb_desktop.pipeline.mri_processor.gates import quality_gates
from vb_desktop.pipeline.mri_processor.gates.head_coverage import share_outside
from vb_desktop.pipeline.mri_processor.input_space import is_stripped
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
from vb_desktop.pipeline.scan_import.open_scan import open_scan

WITHOUT_AGENT = ("seg3D_MR", "stroke_T1", "philips_adni", "xa30_5", "xa30_6", "colin27")
HEAD = (
    "scan", "T1: white over fluid", "white over grey", "bright spots", "flat end cm2", "outside %", "orientation lead",
    "brain mL", "piece mL", "Dice", "similarity ratio", "strong warp %", "not green", "s",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured on one scan."""

    name: str
    cells: tuple[str, ...]
    spots: float


def scans(data: Path) -> Iterator[tuple[str, Path]]:
    """Every real scan of a whole head or brain: name and where it lies."""
    for folder in sorted((data / "tumours3d").iterdir()):
        if (folder / "t1ce.nii.gz").is_file():
            yield folder.name, folder / "t1ce.nii.gz"
    yield "MR_Gd", data / "controls" / "MR_Gd" / "t1ce.nii.gz"
    yield "seg3D_MR", data / "controls" / "seg3D_MR" / "t1_wholehead.nii.gz"
    yield "stroke_T1", data / "controls" / "stroke_T1" / "t1.nii.gz"
    yield "philips_adni", data / "dicom" / "philips_classic_t1_adni_mprage"
    yield "xa30_5", data / "dicom" / "siemens_xa30_enhanced_t1" / "5_anat-T1w"
    yield "xa30_6", data / "dicom" / "siemens_xa30_enhanced_t1" / "6_anat-T1w"


def processed(path: Path, folder: Path) -> tuple[Scan, ProcessedScan]:
    """Processed with the default settings, or read again from an earlier run."""
    if not (folder / stage_files.TRANSFORMS).is_file():
        scan = open_scan(path)
        folder.mkdir(parents=True, exist_ok=True)
        config = Config().changed(input__space="skull-stripped" if is_stripped(scan.volume) else "native")
        stage_files.write_scan(folder, scan)
        stage_files.write_processed(folder, MRIProcessor(config)(scan, folder))
    found = stage_files.read_processed(folder)
    return Scan(volume=found.native_grid), found


def measure(name: str, scan: Scan, found: ProcessedScan) -> Row:
    """One line of the table."""
    tissue_contrast(found)  # so that reading the template is not timed
    start = time.process_time()
    gates = {gate.id: gate for gate in quality_gates(scan, found)}
    seconds = time.process_time() - start
    tissue = tissue_contrast(found)

    def value(gate: str) -> float:
        return float(gates[gate].value or 0.0)

    cells = (
        name, f"{tissue.white_over_fluid:.2f}", f"{tissue.white_over_grey:.2f}", f"{tissue.bright_spots:.1f}",
        f"{value('head_coverage'):.0f}", f"{100 * share_outside(found):.2f}", f"{value('orientation'):.3f}",
        f"{value('brain_volume'):.0f}", f"{value('brain_shape'):.1f}", f"{value('template_overlap'):.3f}",
        f"{value('similarity'):.2f}", f"{100 * value('jacobian'):.3f}", _not_green(gates.values()), f"{seconds:.1f}",
    )  # fmt: skip
    return Row(name, cells, tissue.bright_spots)


def leave_one_out(spots: Sequence[float], agent: Sequence[bool]) -> tuple[int, int, int, int]:
    """A limit half way (in ratio) between the groups, set without the scan that it judges.

    Returns:
        Scans without contrast agent called so, and their number; scans with it called so, and their number.
    """
    values, with_agent = np.array(spots), np.array(agent)
    right = np.zeros(len(values), bool)
    for n in range(len(values)):
        others = np.arange(len(values)) != n
        limit = np.sqrt(values[others & ~with_agent].max() * values[others & with_agent].min())
        right[n] = (values[n] > limit) == with_agent[n]
    return (
        int(right[~with_agent].sum()), int((~with_agent).sum()), int(right[with_agent].sum()), int(with_agent.sum()),
    )  # fmt: skip


def _not_green(gates: Iterable[GateRecord]) -> str:
    listed = [f"{gate.id} {gate.state}" for gate in gates if gate.state != "green"]
    return ", ".join(listed) or "-"


def main() -> None:
    """Measure and print."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    data, work = Path(sys.argv[1]), Path(sys.argv[2])
    listed = [*scans(data), *((one.stem.split(".")[0], one) for one in map(Path, sys.argv[3:]))]
    rows = []
    print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|")
    for name, path in listed:
        rows.append(measure(name, *processed(path, work / name)))
        print("| " + " | ".join(rows[-1].cells) + " |", flush=True)
    agent = [row.name not in WITHOUT_AGENT for row in rows]
    without, all_without, with_, all_with = leave_one_out([row.spots for row in rows], agent)
    print(
        f"\nLeave one out: {without} of {all_without} without contrast agent, {with_} of {all_with} with it told right."
    )


if __name__ == "__main__":
    main()
