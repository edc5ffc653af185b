"""The demo case the whole way, as a user runs it: whole head in, case folder and report out, nothing anywhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from vb_desktop.assets import asset
from vb_desktop.pipeline.case_folder import Case, read_case, read_volume

WATCHED = """
import json, os, sys
seen = {"connections": [], "written": []}
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        seen["connections"].append([event, str(arguments[1:])])
    elif event == "open" and arguments[1] and any(letter in str(arguments[1]) for letter in "wax+"):
        seen["written"].append(str(arguments[0]))
    elif event in ("os.mkdir", "os.rename"):
        seen["written"].append(str(arguments[0] if event == "os.mkdir" else arguments[1]))
sys.addaudithook(watch)
from vb_desktop.cli.app import run_app
status = run_app(sys.argv[2:])
import resource
seen["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
with open(sys.argv[1], "w") as file:
    json.dump(seen, file)
raise SystemExit(status)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, dict[str, list[str]], Path]:
    """One run in a process of its own that is watched: the case, what was seen, and its folder."""
    folder = tmp_path_factory.mktemp("whole")
    elsewhere = ("MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR")  # set by what other tests imported
    inherited = {key: value for key, value in os.environ.items() if key not in elsewhere}
    environment = inherited | {f"XDG_{name}_HOME": str(folder / "home" / name) for name in ("CACHE", "CONFIG", "DATA")}
    command = [
        sys.executable,
        "-c",
        WATCHED,
        folder / "seen.json",
        "run",
        asset("demo/scan.nii.gz"),
        "--out",
        folder / "case",
    ]
    done = subprocess.run(
        list(map(str, command)), env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return read_case(folder / "case"), json.loads((folder / "seen.json").read_text()), folder


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_whole_head_ends_in_a_diagnosis_with_its_evidence(whole: tuple[Case, dict[str, list[str]], Path]) -> None:
    case, _, _ = whole
    assert case.record.status == "done" and case.record.synthetic
    assert {stage.state for stage in case.record.stages.values()} == {"done"}
    assert {"skull_stripping", "bias_field", "registration"} <= set(case.record.stages["process"].parts)
    assert case.record.diagnosis is not None and abs(sum(case.record.diagnosis.classes.values()) - 1) < 1e-6
    processed, mask = case.volume("processed"), case.volume("processed_mask")
    assert processed is not None and mask is not None
    inside = processed.voxels[mask.voxels > 0]
    assert abs(inside.mean()) < 0.01 and abs(inside.std() - 1) < 0.01 and not processed.voxels[mask.voxels == 0].any()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_localised_region_meets_the_tumour_in_native_space(whole: tuple[Case, dict[str, list[str]], Path]) -> None:
    case, _, _ = whole
    region, truth = case.volume("refined_prior", "native"), read_volume(asset("demo/truth.nii.gz"))
    assert region is not None
    drawn, found = truth.voxels > 0, region.voxels > 0.5
    assert (drawn & found).sum() / drawn.sum() > 0.7
    assert region.to_mm(np.argwhere(found)).mean(axis=0)[0] > 0, "the tumour was drawn on the patient's right"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_same_scan_gives_the_same_layers_again(whole: tuple[Case, dict[str, list[str]], Path]) -> None:
    """The demo case that ships was computed on another day; its layers are those of this run."""
    case, _, _ = whole
    for name in ("processed", "coarse_prior", "refined_prior"):
        shipped = nib.load(asset(f"demo/case/{name}.nii.gz"))
        now = case.volume(name)
        assert now is not None
        assert np.abs(np.asarray(shipped.dataobj) - now.voxels).mean() < 0.01, name


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_leaves_the_machine_and_nothing_is_written_elsewhere(
    whole: tuple[Case, dict[str, list[str]], Path],
) -> None:
    _, seen, folder = whole
    assert seen["connections"] == []
    ours = (
        str(folder / "case"),
        str(folder / "home" / "CACHE" / "vb-desktop"),
        f"{folder}/.",
        f"{folder}/seen.json",
        "/dev/null",
    )
    parents = {str(parent) for parent in (folder / "home" / "CACHE" / "vb-desktop").parents}
    elsewhere = {path for path in seen["written"] if path not in parents and not path.startswith(ours)}
    assert {path for path in elsewhere if "__pycache__" not in path and not path.startswith("/proc")} == set()
    assert float(seen["peak_gb"]) < 6.0  # type: ignore[arg-type]
    assert sorted(path.name for path in folder.iterdir()) == ["case", "home", "seen.json"]
