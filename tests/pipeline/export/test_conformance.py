"""What goes back to the hospital and what is printed, looked at by the field's own checkers."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from tests.phantom_case import make_case
from tests.pipeline.scan_import.synthetic_scans import make_series
from vb_desktop.pipeline.case_folder import read_case, write_volume
from vb_desktop.pipeline.export.export_case import DICOM, Deidentified, export_case
from vb_desktop.pipeline.report.write_report import write_report
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.stage_files import write_scan

ROOT = Path(__file__).resolve().parents[3]


def needs(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed (Debian: {package})")
    return found


@pytest.mark.parametrize("enhanced", [False, True])
def test_dciodvfy_finds_no_error_in_any_object(tmp_path: Path, enhanced: bool) -> None:
    checker = needs("dciodvfy", "dicom3tools")
    scan = open_scan(make_series(tmp_path / "series", PatientName="Doe^Jane", enhanced=enhanced))
    case = make_case(tmp_path / "case", synthetic=False)
    write_scan(case, scan)
    region = np.zeros(scan.volume.voxels.shape, np.float32)
    region[6:10, 5:9, 4:9] = 0.9
    write_volume(case / "native" / "refined_prior.nii.gz", scan.volume.like(region))
    write_volume(case / "brain_mask.nii.gz", scan.volume.like(np.ones(region.shape, np.uint8)))
    (case / "report.pdf").write_bytes(b"%PDF-1.7 short\n")
    export_case(read_case(case), tmp_path / "named", sorted(DICOM))
    if not enhanced:
        kinds = sorted(DICOM - {"dicom-pdf"})  # for that a report would be printed
        export_case(read_case(case), tmp_path / "nobody", kinds, deidentified=Deidentified())
    files = sorted([*(tmp_path / "named").glob("*.dcm"), *(tmp_path / "nobody").glob("*.dcm")])
    by_kind = {path.stem.partition("_")[2].rstrip("0123456789_"): path for path in files}  # one of the key images
    assert set(by_kind) == {"key", "report", "seg", "sr"}
    checked = [path for path in files if "_key_" not in path.name] + [by_kind["key"]]
    for path in checked:
        said = subprocess.run([checker, path], capture_output=True, text=True, check=False)
        errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
        assert errors == [], path.name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_demo_report_is_made_fast_is_small_has_four_pages_and_no_checker_minds(
    tmp_path: Path, language: str
) -> None:
    qpdf, poppler = needs("qpdf", "qpdf"), needs("pdftoppm", "poppler-utils")
    case = read_case(ROOT / "assets" / "demo" / "case")
    began = time.process_time()
    path = write_report(case, tmp_path / "r.pdf", language)
    # Of this process, so that what else the machine does at the time is not counted; imports and fonts are.
    assert time.process_time() - began < 10.0
    assert path.stat().st_size < 4_000_000
    assert subprocess.run([qpdf, "--check", path], capture_output=True, check=False).returncode == 0
    drawn = subprocess.run([poppler, "-r", "30", "-png", path, tmp_path / "page"], capture_output=True, check=True)
    assert drawn.stderr == b"" and len(list(tmp_path.glob("page*.png"))) == 4
